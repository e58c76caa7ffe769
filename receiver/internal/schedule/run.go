package schedule

import (
	"context"
	"errors"
	"time"

	"github.com/userlog/userlog-otel/receiver/internal/source"
)

// run is the state of a running schedule. One goroutine uses it.
type run struct {
	*Schedule
	queue    *queue
	breaker  *breaker
	nextList time.Time
	listed   int // failures of listing in a row
	inFlight int
	reading  map[source.Subject]struct{} // of the reads under way
}

// forever is a time at which nothing is due.
const forever = 24 * time.Hour

// next lists the subjects if it is time to, and tells whether the head of the queue may be read now, and else when to
// look again.
func (r *run) next(ctx context.Context, now time.Time) (time.Time, bool) {
	if !now.Before(r.nextList) {
		r.list(ctx)
		now = time.Now()
	}
	if until, open := r.breaker.open(now); open {
		return earlier(until, r.nextList), false
	}
	if r.breaker.probing && r.inFlight > 0 {
		return r.nextList, false // the end of the read under way wakes us
	}
	head := r.queue.head()
	switch {
	case head == nil:
		return r.nextList, false
	case head.due.After(now):
		return earlier(head.due, r.nextList), false
	}
	return earlier(now.Add(forever), r.nextList), true
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

// list takes up new subjects and drops those that are gone from the list.
func (r *run) list(ctx context.Context) {
	subjects, err := r.s.Lister.List(ctx)
	if subjects != nil || err == nil {
		if addErr := r.reconcile(ctx, subjects); addErr != nil {
			err = errors.Join(err, addErr)
		}
	}
	if ctx.Err() != nil {
		return
	}
	r.s.Observer.Listed(err)
	now := time.Now()
	if err == nil || subjects != nil && len(r.logs) == len(subjects) {
		r.listed = 0
		r.nextList = now.Add(r.s.Interval)
		return
	}
	r.listed++
	r.nextList = now.Add(backoff(r.listed, r.s.Interval))
}

func (r *run) reconcile(ctx context.Context, subjects []source.Subject) error {
	wanted := make(map[source.Subject]struct{}, len(subjects))
	var added []source.Subject
	for _, subject := range subjects {
		wanted[subject] = struct{}{}
		_, known := r.logs[subject]
		_, reading := r.reading[subject] // dropped and listed again meanwhile: waits for the next listing
		if !known && !reading {
			added = append(added, subject)
		}
	}
	for subject, log := range r.logs {
		if _, ok := wanted[subject]; !ok {
			r.drop(log)
		}
	}
	if len(added) == 0 {
		return nil
	}
	if err := r.s.Add(ctx, added); err != nil {
		return err
	}
	now := time.Now()
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, subject := range added {
		log := &entry{subject: subject, due: now, read: now}
		r.logs[subject] = log
		r.queue.push(log)
	}
	return nil
}

// drop forgets a log. One that is being read is let go when the read ends.
func (r *run) drop(log *entry) {
	r.mu.Lock()
	delete(r.logs, log.subject)
	r.mu.Unlock()
	r.queue.remove(log)
	r.s.Observer.Unlisted(log.subject)
}

// began takes the head of the queue out, because a worker has it.
func (r *run) began(log *entry) {
	r.queue.pop()
	r.inFlight++
	r.reading[log.subject] = struct{}{}
}

// ended takes the end of a read.
func (r *run) ended(ctx context.Context, o outcome, now time.Time) {
	r.inFlight--
	if ctx.Err() != nil {
		return
	}
	log := o.log
	delete(r.reading, log.subject)
	if r.logs[log.subject] != log {
		return // dropped meanwhile
	}
	r.breaker.ended(o.err, now)
	if o.err != nil && r.breaker.probing {
		r.s.Observer.Held(o.err)
	} else {
		r.s.Observer.Polled(log.subject, o.err)
	}
	if o.err == nil {
		r.mu.Lock()
		log.read = now
		r.mu.Unlock()
		log.failures = 0
		log.due = now.Add(r.s.Interval)
	} else {
		log.failures++
		log.due = now.Add(pauseAfter(o.err, log.failures, r.s.Interval))
	}
	r.queue.push(log)
}
