// Package schedule decides when which log is read.
//
// Each log is read again a pause after its last read ended, which is longer for logs in which nothing new is found. Logs
// that are due wait in one queue, ordered by due time, for one of a fixed number of workers; a log that waits costs an
// entry in the queue and nothing else. A read that lasts makes room for them and goes on later. The list of logs is made
// meanwhile, beside them.
package schedule

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"github.com/userlog/userlog-otel/receiver/internal/source"
)

// Settings are what a Schedule is made from.
type Settings struct {
	// Lister says which logs there are. It is asked again ListInterval after it answered. A list that it returned does not
	// change: the same one again says that nothing did.
	Lister source.Lister
	// Add is called with new subjects before they are read. On an error it is called again later. It and the lister are
	// called by one goroutine at a time; they may take long, while the logs that are known are read.
	Add func(context.Context, []source.Subject) error
	// Poll reads one log, for each log by one caller at a time. It returns the number of entries that were new, also with
	// an error. It may end before the log does, if wanted tells that another log waits for a worker: then more is true, and
	// it goes on when it is called again.
	Poll func(ctx context.Context, subject source.Subject, wanted func() bool) (fresh int, more bool, err error)
	// Remove is called with a subject that is no longer listed, after its last Poll and before it is added again.
	Remove func(source.Subject)
	// Interval is the pause between two reads of a log, InitialDelay that before the first one. MaxInterval, if longer, is
	// what the pause grows to, twofold with each read that finds nothing new.
	Interval, InitialDelay, MaxInterval time.Duration
	// ListInterval is the pause between two listings, 0 for Interval.
	ListInterval time.Duration
	// Window is the number of entries that the API gives at most, the newest of a log: half of it must not be outgrown
	// between two reads. It is 0 if the API gives all.
	Window int
	// Concurrency is the number of logs read at once.
	Concurrency int
	Observer    Observer

	_ struct{}
}

// Observer is told of what fails and of what is well again. Its methods are called from one goroutine.
type Observer interface {
	// Listed is called after every listing of the subjects, with its error.
	Listed(error)
	// Polled is called after every read of a log, with its error, unless Held is, or the read goes on later.
	Polled(source.Subject, error)
	// Held is called after a failed read that holds all logs of the source back.
	Held(error)
	// Unlisted is called when a subject is no longer listed, after its last Polled or Held.
	Unlisted(source.Subject)
}

// Schedule runs the reads. Its methods are safe for concurrent use.
type Schedule struct {
	s      Settings
	began  time.Time
	wanted atomic.Bool // a log waits for a worker; taken back by the read that makes room for it

	mu    sync.Mutex // held by Run while it changes what Users and Oldest read
	queue queue
}

// New makes a schedule. Nothing happens before Run.
func New(s Settings) *Schedule {
	if s.ListInterval == 0 {
		s.ListInterval = s.Interval
	}
	return &Schedule{s: s, began: time.Now(), queue: newQueue()}
}

// now is the time since the schedule was made.
func (s *Schedule) now() time.Duration { return time.Since(s.began) }

// Users returns the number of logs that are read.
func (s *Schedule) Users() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	users := len(s.queue.heap)
	for _, log := range s.queue.reading {
		if !log.dropped {
			users++
		}
	}
	return users
}

// Oldest returns the end of the last full read of the log for which that is longest ago; for a log never read in full,
// when it became known. A log that is gone or forbidden is left out, because there is nothing to catch up with; once it
// fails otherwise, the time counts from its last refusal. It is zero if no logs are left.
func (s *Schedule) Oldest() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	oldest := never
	for log := range s.queue.all() {
		if !log.refused && !log.dropped {
			oldest = min(oldest, log.read)
		}
	}
	if oldest == never {
		return time.Time{}
	}
	return s.began.Add(oldest)
}

// outcome is the end of one read.
type outcome struct {
	log   *entry
	fresh int
	more  bool
	err   error
}

// makesRoom tells a read that may end here whether to. One does for each log that waits.
func (s *Schedule) makesRoom() bool { return s.wanted.Swap(false) }

// Run reads until ctx is done, and returns when the last read, and a listing under way, have ended.
func (s *Schedule) Run(ctx context.Context) {
	work, done := make(chan *entry), make(chan outcome)
	var beside sync.WaitGroup
	for range s.s.Concurrency {
		beside.Go(func() {
			for log := range work {
				o := outcome{log: log}
				o.fresh, o.more, o.err = s.s.Poll(ctx, log.subject, s.makesRoom)
				done <- o
			}
		})
	}
	defer beside.Wait()
	defer close(work)

	r := run{
		Schedule: s,
		breaker:  newBreaker(s.s.Interval),
		listing:  listing{beside: &beside, ended: make(chan func(), 1), next: s.now() + s.s.InitialDelay},
	}
	timer := time.NewTimer(0)
	defer timer.Stop()
	for ctx.Err() == nil {
		log, wake := r.next(ctx, s.now())
		var out chan<- *entry
		if log != nil { // waits for a worker
			out = work
		}
		s.wanted.Store(r.waiting(s.now()))
		timer.Reset(wake - s.now())
		select {
		case <-ctx.Done():
		case <-timer.C:
		case out <- log:
			r.began(log)
		case o := <-done:
			r.ended(ctx, o, s.now())
		case take := <-r.listing.ended:
			if ctx.Err() == nil { // else it was stopped, which says nothing
				take()
			}
		}
	}
	for len(s.queue.reading) > 0 {
		r.ended(ctx, <-done, s.now())
	}
}
