package rest

import (
	"context"
	"math"
	"math/rand/v2"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// limiter decides when the next request may go. It spends of the advertised limit only what lies above the reserve,
// counting the requests under way as spent; while it knows nothing of the limit, at the start and after a pause, it
// lets one request go alone to find out.
type limiter struct {
	own     *rate.Limiter // nil: no ceiling of our own
	reserve float64

	mu       sync.Mutex
	wake     chan struct{} // closed when a waiter should look again
	probing  bool          // nothing is known of the limit
	quota    quota
	inFlight int
	until    time.Time     // the API asked for a pause until then
	pause    time.Duration // the last pause chosen by ourselves
}

func newLimiter(requestsPerSecond, reserve float64) *limiter {
	l := &limiter{reserve: reserve, probing: true, wake: make(chan struct{})}
	if requestsPerSecond > 0 {
		l.own = rate.NewLimiter(rate.Limit(requestsPerSecond), 1)
	}
	return l
}

// acquire waits for a place and takes it; release gives it back. It returns how long it waited.
func (l *limiter) acquire(ctx context.Context) (time.Duration, error) {
	began := time.Now()
	for {
		wait, wake := l.try()
		if wake == nil {
			break
		}
		if err := sleep(ctx, wait, wake); err != nil {
			return time.Since(began), err
		}
	}
	if l.own != nil {
		if err := l.own.Wait(ctx); err != nil {
			l.release(quota{}, false)
			if ctx.Err() != nil {
				err = ctx.Err()
			}
			return time.Since(began), err
		}
	}
	if waited := time.Since(began); waited > time.Millisecond { // less is the mutex, not the limit
		return waited, nil
	}
	return 0, nil
}

// try takes a place and returns a nil channel, or says how long to wait (0: until woken) and what wakes earlier.
func (l *limiter) try() (time.Duration, <-chan struct{}) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := time.Now()
	if wait := l.until.Sub(now); wait > 0 {
		return wait, l.wake
	}
	if l.probing && l.inFlight > 0 {
		return 0, l.wake
	}
	if q := &l.quota; !l.probing && q.known {
		if !q.resets.IsZero() && !now.Before(q.resets) {
			q.remaining, q.resets = q.limit, time.Time{} // a new window, full until an answer says otherwise
		}
		if q.remaining-float64(l.inFlight)-1 < reserved(q.limit, l.reserve) {
			switch {
			case !q.resets.IsZero():
				return q.resets.Sub(now), l.wake
			case l.inFlight > 0:
				return 0, l.wake
			}
		}
	}
	l.inFlight++
	return 0, nil
}

// reserved is the number of requests of a window that are left to others; one request is always ours, or nothing
// would ever be read of an API that allows one.
func reserved(limit, reserve float64) float64 {
	return min(math.Ceil(limit*reserve), limit-1)
}

// release gives a place back with what the answer said of the limit. An answer other than a request to wait ends the
// probing: what the API says of its limit is known then.
func (l *limiter) release(q quota, answered bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.inFlight--
	if answered {
		l.probing, l.pause = false, 0
	}
	switch {
	case !q.known:
	case l.quota.known && q.window == l.quota.window && !l.quota.resets.IsZero():
		l.quota.remaining = min(l.quota.remaining, q.remaining) // answers overtake each other
	case !l.quota.known || l.quota.resets.IsZero() || q.window >= l.quota.window:
		l.quota = q
	}
	l.wakeAll()
}

// throttle holds everybody back, for as long as the API asked in Retry-After or by the end of its window, else for a
// pause that doubles from a second to a minute. It returns the pause.
func (l *limiter) throttle(asked time.Duration, q quota) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := time.Now()
	if q.known && !q.resets.IsZero() {
		asked = max(asked, q.resets.Sub(now))
	}
	if asked == 0 {
		l.pause = min(max(minPause, 2*l.pause), time.Minute)
		asked = l.pause
	}
	asked += rand.N(asked/10 + 1) //nolint:gosec // jitter needs no secrecy
	if until := now.Add(asked); until.After(l.until) {
		l.until = until
	}
	l.probing = true
	l.wakeAll()
	return asked
}

func (l *limiter) wakeAll() {
	close(l.wake)
	l.wake = make(chan struct{})
}

// sleep returns after d (0: never), when woken, or with ctx's error.
func sleep(ctx context.Context, d time.Duration, wake <-chan struct{}) error {
	var timer <-chan time.Time
	if d > 0 {
		t := time.NewTimer(d)
		defer t.Stop()
		timer = t.C
	}
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer:
	case <-wake:
	}
	return nil
}
