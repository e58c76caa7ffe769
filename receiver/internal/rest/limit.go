package rest

import (
	"context"
	"math"
	"math/rand/v2"
	"sync"
	"time"
)

const (
	// unknownWindow is how long a quota is believed whose end the API does not tell.
	unknownWindow = time.Minute
	// windowSlack is the difference up to which two ends of windows, in seconds, may be one and the same: servers cut
	// them, and the date that some add them to, to whole seconds.
	windowSlack = 1
	// longestOwnPause bounds the pauses that we choose where the API asks for one without saying how long.
	longestOwnPause = time.Minute
	// longestSpacing keeps the time between two requests in what a Duration holds.
	longestSpacing = 1e9 // seconds
)

// limiter decides when the next request may go. It spends of the advertised limit only what lies above the reserve,
// counting the requests under way as spent. While it is blind, which it is at the start, in each new window and after
// a pause, it lets one request go alone to find out.
type limiter struct {
	spacing time.Duration // own ceiling: the least time between two requests
	reserve float64

	mu       sync.Mutex
	wake     chan struct{} // closed when a waiter should look again
	inFlight int
	next     time.Time     // own ceiling: no request before
	until    time.Time     // the API asked for a pause until then
	pause    time.Duration // the last pause chosen by ourselves

	blind bool
	probe int // the request that finds out; 0: none is under way
	quota quota

	// Answers overtake each other. What happened after what is told by this clock, which ticks at every event.
	clock   int
	blinded int // when it became blind last; the answer to an earlier request does not end that
	began   int // when the quota's window was first heard of
	learned int // when the quota was last heard of
}

// place is the right to do one request; it is the clock's time at which it was given.
type place int

func newLimiter(requestsPerSecond, reserve float64) *limiter {
	l := &limiter{reserve: reserve, blind: true, wake: make(chan struct{})}
	if requestsPerSecond > 0 {
		l.spacing = time.Duration(min(1/requestsPerSecond, longestSpacing) * float64(time.Second))
	}
	return l
}

// acquire waits for a place; release gives it back. It returns how long it waited.
func (l *limiter) acquire(ctx context.Context) (place, time.Duration, error) {
	began := time.Now()
	for {
		if err := ctx.Err(); err != nil {
			return 0, time.Since(began), err
		}
		p, wait, wake := l.try()
		if wake == nil {
			waited := time.Since(began)
			if waited <= time.Millisecond {
				waited = 0 // that was the mutex, not the limit
			}
			return p, waited, nil
		}
		sleep(ctx, wait, wake)
	}
}

// try takes a place and returns no channel, or says how long to wait (0: until woken) and what wakes earlier.
func (l *limiter) try() (place, time.Duration, <-chan struct{}) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := time.Now()
	if wait := max(l.until.Sub(now), l.next.Sub(now)); wait > 0 {
		return 0, wait, l.wake
	}
	if !l.blind && l.quota.known && !now.Before(l.quota.resets) {
		l.forget() // how much of the new window is left, an answer will tell
	}
	switch {
	case l.blind && l.probe != 0:
		return 0, 0, l.wake
	case !l.blind && l.quota.known && l.quota.remaining-float64(l.inFlight)-1 < reserved(l.quota.limit, l.reserve):
		return 0, l.quota.resets.Sub(now), l.wake
	}
	l.inFlight++
	l.next = now.Add(l.spacing)
	p := l.tick()
	if l.blind {
		l.probe = p
	}
	return place(p), 0, nil
}

// reserved is the number of requests of a window that are left to others; one request is always ours, or nothing
// would ever be read of an API that allows one.
func reserved(limit, reserve float64) float64 {
	return min(math.Ceil(limit*reserve), limit-1)
}

// release gives a place back with what the answer said of the limit. Any answer that is no failure of the API's ends
// the blindness, unless it was asked for before.
func (l *limiter) release(p place, q quota, answered bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.inFlight--
	if l.probe == int(p) {
		l.probe = 0
	}
	if answered && int(p) > l.blinded {
		l.blind, l.pause = false, 0
	}
	l.learn(p, q)
	l.wakeAll()
}

// learn takes up what an answer says of the limit, so that it is never believed higher than it is: the answers of one
// window can only lower what remains, and an answer of an older window that comes late says nothing.
func (l *limiter) learn(p place, q quota) {
	if !q.known {
		return
	}
	now := time.Now()
	if q.resets.IsZero() {
		q.resets = now.Add(unknownWindow)
	}
	none := !l.quota.known || !now.Before(l.quota.resets)
	same := math.Abs(q.window-l.quota.window) <= windowSlack
	switch {
	case none, q.window > l.quota.window+windowSlack, int(p) > l.learned:
		if none || !same {
			l.began = l.tick()
		}
		l.quota = q
	case same, int(p) > l.began:
		l.quota.remaining = min(l.quota.remaining, q.remaining)
		if same && q.resets.After(l.quota.resets) {
			l.quota.resets = q.resets // in windows of a second this may be the next one already
		}
	default:
		return
	}
	l.learned = l.tick()
}

// throttle holds everybody back, for as long as the API asked in Retry-After or by the end of its window, else for a
// pause that doubles from a second to a minute. It returns the pause.
func (l *limiter) throttle(p place, asked time.Duration, q quota) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := time.Now()
	if !q.resets.IsZero() {
		asked = max(asked, q.resets.Sub(now))
	}
	if asked == 0 {
		if int(p) > l.blinded { // else it was sent before the last pause, and does not say that this was too short
			l.pause = min(2*l.pause, longestOwnPause)
		}
		l.pause = max(l.pause, minPause)
		asked = l.pause
	}
	asked += rand.N(asked/10 + 1) //nolint:gosec // jitter needs no secrecy
	if until := now.Add(asked); until.After(l.until) {
		l.until = until
	}
	l.forget()
	l.wakeAll()
	return asked
}

// forget makes it blind. The lock must be held, as for the two below.
func (l *limiter) forget() {
	l.quota, l.blind, l.blinded = quota{}, true, l.tick()
}

func (l *limiter) tick() int {
	l.clock++
	return l.clock
}

func (l *limiter) wakeAll() {
	close(l.wake)
	l.wake = make(chan struct{})
}

// sleep returns after d (0: never), when woken, or when ctx is done.
func sleep(ctx context.Context, d time.Duration, wake <-chan struct{}) {
	var timer <-chan time.Time
	if d > 0 {
		t := time.NewTimer(d)
		defer t.Stop()
		timer = t.C
	}
	select {
	case <-ctx.Done():
	case <-timer:
	case <-wake:
	}
}
