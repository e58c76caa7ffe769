// Package lead does something only while an elector says that this process leads.
package lead

import (
	"context"
	"sync"
	"time"
)

// Observer is told of changes. Its methods are called by one goroutine.
type Observer interface {
	// Leads is called before the work begins.
	Leads()
	// Waits is called when another process leads, or none yet: at the start, and after the work has ended.
	Waits()
	// Stalled is called when the process stood still for so long that another one may lead: the work has ended, and begins
	// again if the elector does not say otherwise within a pause.
	Stalled(stood, pause time.Duration)
}

// Lead keeps what the elector said. Its methods are safe for concurrent use.
//
// Start and Stop are made for client-go's elector, which calls Start in a goroutine of its own: it may come after the
// Stop that belongs to it, its context then being done; Stop comes for those, too, who never led; and the collector's
// extension may call Start a second time, with a context that never ends.
type Lead struct {
	observer Observer
	now      func() time.Time // for the guard

	wake chan struct{} // holds one element when there is something new

	mu      sync.Mutex
	leads   bool
	closed  bool
	term    int           // counts the ends of leadership
	release []func() bool // what watches the contexts of the present term
	cancel  func()        // ends the work under way
	resume  time.Time     // no work before
	stood   time.Duration // not told yet
}

// New makes a Lead that does not lead.
func New(observer Observer) *Lead {
	return &Lead{observer: observer, now: time.Now, wake: make(chan struct{}, 1), cancel: func() {}}
}

// Start says that this process leads until Stop, or until ctx is done. It returns at once.
func (l *Lead) Start(ctx context.Context) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed || ctx.Err() != nil {
		return
	}
	term := l.term
	l.release = append(l.release, context.AfterFunc(ctx, func() { l.lose(term) }))
	l.leads = true
	l.notify()
}

// Stop says that this process does not lead. It returns at once: what is under way ends after it.
func (l *Lead) Stop() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.end()
}

// lose ends a term, unless it has ended.
func (l *Lead) lose(term int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if term == l.term {
		l.end()
	}
}

// end ends the present term. The lock must be held, as for notify.
func (l *Lead) end() {
	l.term++
	l.leads = false
	l.resume = time.Time{} // who leads again after this has asked
	for _, release := range l.release {
		release()
	}
	l.release = nil
	l.cancel()
	l.notify()
}

func (l *Lead) notify() {
	select {
	case l.wake <- struct{}{}:
	default:
	}
}

// Run calls work whenever this process begins to lead, with a context that is done when it no longer does, and returns
// once ctx is done and work has returned. Work is never called twice at once: if it does not return, it is not called again.
func (l *Lead) Run(ctx context.Context, work func(context.Context)) {
	defer l.close()
	guarding, stop := context.WithCancel(ctx)
	var guard sync.WaitGroup
	guard.Go(func() { l.guard(guarding) })
	defer guard.Wait()
	defer stop()
	for told := false; ctx.Err() == nil; {
		if stood := l.stall(); stood > 0 {
			l.observer.Stalled(stood, stallPause)
		}
		term, wait := l.begin(ctx)
		if term != nil {
			l.observer.Leads()
			work(term)
			l.over()
			told = false
			continue
		}
		if wait == 0 && !told {
			l.observer.Waits()
			told = true
		}
		l.sleep(ctx, wait)
	}
}

// begin returns the context of work that may begin now, or how long to wait for that, 0 if nobody knows.
func (l *Lead) begin(ctx context.Context) (context.Context, time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.leads {
		return nil, 0
	}
	if wait := time.Until(l.resume); wait > 0 {
		return nil, wait
	}
	term, cancel := context.WithCancel(ctx)
	l.cancel = cancel
	return term, 0
}

// over notes that the work has ended.
func (l *Lead) over() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.cancel()
	l.cancel = func() {}
}

// sleep waits for news, for a time at most if that is not 0.
func (l *Lead) sleep(ctx context.Context, limit time.Duration) {
	if limit > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, limit)
		defer cancel()
	}
	select {
	case <-l.wake:
	case <-ctx.Done():
	}
}

// close makes what the elector says from now on mean nothing.
func (l *Lead) close() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.closed = true
	l.end()
}
