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

// next lists the subjects if it is time to, and returns the log that may be read now, or nil, and when to look again.
func (r *run) next(ctx context.Context, now time.Time) (*entry, time.Time) {
	if !now.Before(r.nextList) {
		r.list(ctx)
		now = time.Now()
	}
	if until, open := r.breaker.open(now); open {
		return nil, earlier(until, r.nextList)
	}
	head := r.queue.head()
	switch {
	case head == nil:
	case head.due.After(now):
		return nil, earlier(head.due, r.nextList)
	case r.breaker.probing && r.inFlight > 0: // the end of the read under way wakes us
	case r.breaker.probing:
		return r.queue.probe(now), r.nextList
	default:
		return head, r.nextList
	}
	return nil, r.nextList
}

// waiting tells whether a log is due and would be read if a read under way ended.
func (r *run) waiting(now time.Time) bool {
	if r.inFlight < r.s.Concurrency && !r.breaker.probing {
		return false
	}
	head := r.queue.head()
	_, open := r.breaker.open(now)
	return head != nil && !open && !head.due.After(now)
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
	taken := err == nil || subjects != nil
	if taken {
		if addErr := r.reconcile(ctx, subjects); addErr != nil {
			taken, err = false, errors.Join(err, addErr)
		}
	}
	if ctx.Err() != nil {
		return
	}
	r.s.Observer.Listed(err)
	if taken {
		r.listed = 0
		r.nextList = time.Now().Add(r.s.Interval)
		return
	}
	r.listed++
	r.nextList = time.Now().Add(backoff(r.listed, r.s.Interval))
}

func (r *run) reconcile(ctx context.Context, subjects []source.Subject) error {
	wanted := make(map[source.Subject]struct{}, len(subjects))
	var added []source.Subject
	for _, subject := range subjects {
		_, twice := wanted[subject]
		wanted[subject] = struct{}{}
		_, known := r.logs[subject]
		_, reading := r.reading[subject] // dropped and listed again meanwhile: waits for the next listing
		if !twice && !known && !reading {
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
	if _, reading := r.reading[log.subject]; !reading {
		r.unlist(log.subject)
	}
}

func (r *run) unlist(subject source.Subject) {
	r.s.Remove(subject)
	r.s.Observer.Unlisted(subject)
}

// began takes a log out of the queue, because a worker has it.
func (r *run) began(log *entry) {
	r.queue.remove(log)
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
	held := r.breaker.ended(log.subject, o.err, now)
	switch {
	case r.logs[log.subject] != log: // dropped meanwhile
		r.unlist(log.subject)
		return
	case held:
		r.s.Observer.Held(o.err)
	case !o.more:
		r.s.Observer.Polled(log.subject, o.err)
	}
	log.pace.fresh += o.fresh
	switch {
	case o.err != nil:
		r.failed(log, o.err, now)
	case o.more:
		log.failures = 0
		log.due = now // behind those that are due already
	default:
		log.failures = 0
		log.pace.ended(&r.s, now.Sub(log.read))
		log.due = now.Add(log.pace.pause)
	}
	r.mu.Lock()
	if log.refused = refused(o.err); log.refused || o.err == nil && !o.more {
		log.read = now
	}
	r.mu.Unlock()
	r.queue.push(log)
}

// failed counts the failures of one kind in a row.
func (r *run) failed(log *entry, err error, now time.Time) {
	if kind := source.KindOf(err); kind != log.kind {
		log.failures, log.kind = 0, kind
	}
	log.failures++
	log.due = now.Add(pauseAfter(err, log.failures, r.s.Interval))
}

func refused(err error) bool {
	kind := source.KindOf(err)
	return err != nil && (kind == source.Gone || kind == source.Forbidden)
}
