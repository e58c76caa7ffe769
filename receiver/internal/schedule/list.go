package schedule

import (
	"context"
	"errors"
	"math"
	"sync"
	"time"

	"github.com/userlog/userlog-otel/receiver/internal/source"
)

const (
	// never is a time that does not come.
	never = time.Duration(math.MaxInt64)
	// firstReads is the time between the first reads of two logs that are new at once, if an interval is long enough for
	// that: a short list is read at once, and a long one over a whole interval, in which its logs stay spread. A thousand
	// reads a second are more than any plan of Auth0 allows, whose largest private cloud has 750 requests a second (auth0
	// docs, "Rate Limit Configurations").
	firstReads = time.Millisecond
)

// listing is what a running schedule knows of the list of logs. Listing and adding may take many minutes, so they run
// beside the loop, one at a time; what they find is taken up in the loop.
type listing struct {
	beside *sync.WaitGroup
	ended  chan func() // what is to be done in the loop once what ran beside it ended

	next     time.Duration // when to list or add again; never while that is under way
	failures int           // in a row

	last  source.ListIdentity // of the list that was taken last
	whole bool                // and each of its logs with it
	// left is the list whose logs could not be added, with the error that came with it. It is taken up again without asking
	// for another one, because that may cost hundreds of requests, until stale.
	left    []source.Subject
	leftErr error
	stale   time.Duration
}

// start runs what may take long beside the loop, and then what it returns in the loop.
func (l *listing) start(f func() func()) {
	l.next = never
	l.beside.Go(func() { l.ended <- f() }) // which has room for one
}

// list begins a listing.
func (r *run) list(ctx context.Context, now time.Duration) {
	if r.listing.left != nil && now < r.listing.stale {
		r.reconcile(ctx, r.listing.left, r.listing.leftErr)
		return
	}
	r.listing.start(func() func() {
		subjects, err := r.s.Lister.List(ctx)
		return func() {
			if err != nil && subjects == nil { // the list stays as it is
				r.listed(err, false)
				return
			}
			r.listing.stale = r.now() + r.s.ListInterval
			r.reconcile(ctx, subjects, err)
		}
	})
}

// reconcile takes up new subjects and drops those that are gone from the list.
func (r *run) reconcile(ctx context.Context, subjects []source.Subject, err error) {
	id := source.IdentityOf(subjects)
	if r.listing.whole && r.listing.last == id {
		r.listed(err, true)
		return
	}
	added, whole := r.compare(subjects)
	r.listing.last, r.listing.whole = id, whole && len(added) == 0
	if len(added) == 0 {
		r.listing.left = nil
		r.listed(err, true)
		return
	}
	r.listing.start(func() func() {
		addErr := r.s.Add(ctx, added)
		return func() {
			if addErr != nil {
				r.listing.left, r.listing.leftErr = subjects, err
				r.listed(errors.Join(err, addErr), false)
				return
			}
			r.add(added)
			r.listing.left, r.listing.whole = nil, whole
			r.listed(err, true)
		}
	})
}

// compare drops the logs that are not listed, and returns the subjects that are new, in the order of the list. Of those
// that were dropped and are listed again, some may still be read: they wait for the next listing, and the list is not
// taken whole.
func (r *run) compare(subjects []source.Subject) (added []source.Subject, whole bool) {
	wanted := make(map[source.Subject]struct{}, len(subjects))
	for _, subject := range subjects {
		wanted[subject] = struct{}{}
	}
	var gone []*entry
	whole = true
	for log := range r.queue.all() {
		if _, listed := wanted[log.subject]; !listed {
			gone = append(gone, log)
			continue
		}
		delete(wanted, log.subject)
		whole = whole && !log.dropped
	}
	for _, log := range gone {
		r.drop(log)
	}
	for i := 0; len(wanted) > 0; i++ {
		if _, ok := wanted[subjects[i]]; ok {
			delete(wanted, subjects[i]) // it may be listed twice
			added = append(added, subjects[i])
		}
	}
	return added, whole
}

// add takes up logs, the first of which is due at once.
func (r *run) add(subjects []source.Subject) {
	now, apart := r.now(), min(r.s.Interval/time.Duration(len(subjects)), firstReads)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.queue.grow(len(subjects))
	for i, subject := range subjects {
		r.queue.push(&entry{subject: subject, due: now + time.Duration(i)*apart, read: now})
	}
}

// drop forgets a log. One that is being read is let go when the read ends, and may be dropped again until then.
func (r *run) drop(log *entry) {
	r.mu.Lock()
	waits := log.place > 0
	r.queue.remove(log)
	log.dropped = true
	r.mu.Unlock()
	if waits {
		r.unlist(log.subject)
	}
}

func (r *run) unlist(subject source.Subject) {
	r.s.Remove(subject)
	r.s.Observer.Unlisted(subject)
}

// listed ends a listing, and says when the next one begins.
func (r *run) listed(err error, taken bool) {
	r.s.Observer.Listed(err)
	if taken {
		r.listing.failures = 0
		r.listing.next = r.now() + r.s.ListInterval
		return
	}
	r.listing.failures++
	r.listing.next = r.now() + backoff(r.listing.failures, r.s.Interval)
}
