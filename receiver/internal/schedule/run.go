package schedule

import (
	"context"
	"time"

	"github.com/userlog/userlog-otel/receiver/internal/source"
)

// run is the state of a running schedule. One goroutine uses it.
type run struct {
	*Schedule
	breaker *breaker
	listing listing
}

// next begins to list the subjects if it is time to, and returns the log that may be read now, or nil, and when to look
// again.
func (r *run) next(ctx context.Context, now time.Duration) (*entry, time.Duration) {
	if now >= r.listing.next {
		r.list(ctx, now)
	}
	wake := r.listing.next
	if r.breaker.open(now) {
		return nil, min(r.breaker.until, wake)
	}
	head := r.queue.head()
	switch {
	case head == nil:
	case head.due > now:
		return nil, min(head.due, wake)
	case r.breaker.probing && len(r.queue.reading) > 0: // the end of the read under way wakes us
	case r.breaker.probing:
		return r.queue.probe(now), wake
	default:
		return head, wake
	}
	return nil, wake
}

// waiting tells whether a log is due and would be read if a read under way ended.
func (r *run) waiting(now time.Duration) bool {
	if len(r.queue.reading) < r.s.Concurrency && !r.breaker.probing {
		return false
	}
	head := r.queue.head()
	return head != nil && head.due <= now && !r.breaker.open(now)
}

// began takes a log out of the line, because a worker has it.
func (r *run) began(log *entry) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.queue.began(log)
}

// ended takes the end of a read.
func (r *run) ended(ctx context.Context, o outcome, now time.Duration) {
	if ctx.Err() == nil { // else it was stopped, which says nothing
		r.judge(o, now)
	}
	r.mu.Lock()
	r.queue.ended(o.log)
	r.mu.Unlock()
	if o.log.dropped && ctx.Err() == nil {
		r.unlist(o.log.subject)
	}
}

// judge says how a read ended, and when its log is due again.
func (r *run) judge(o outcome, now time.Duration) {
	log := o.log
	held := r.breaker.ended(log.subject, o.err, now)
	switch {
	case log.dropped:
		return
	case held:
		r.s.Observer.Held(o.err)
	case !o.more:
		r.s.Observer.Polled(log.subject, o.err)
	}
	log.pace.fresh += float32(o.fresh)
	switch {
	case o.err != nil:
		r.failed(log, o.err, now)
	case o.more:
		log.failures = 0
		log.due = now // behind those that are due already
	default:
		log.failures = 0
		log.pace.ended(&r.s, now-log.read)
		log.due = now + log.pace.pause
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if log.refused = refused(o.err); log.refused || o.err == nil && !o.more {
		log.read = now
	}
}

// failed counts the failures of one kind in a row.
func (r *run) failed(log *entry, err error, now time.Duration) {
	if kind := uint8(source.KindOf(err)); kind != log.kind { //nolint:gosec // there are a few kinds
		log.failures, log.kind = 0, kind
	}
	log.failures++
	log.due = now + pauseAfter(err, int(log.failures), r.s.Interval)
}

func refused(err error) bool {
	kind := source.KindOf(err)
	return err != nil && (kind == source.Gone || kind == source.Forbidden)
}
