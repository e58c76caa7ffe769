package rest

import (
	"math/rand/v2"
	"sync"
	"time"
)

const (
	// patience is how long a request that finds out goes alone. It is the time for which a log that does not answer may
	// hold up the others, and no less than most answers take.
	patience = time.Second
	// longestOwnPause bounds the pauses that we choose where the API asks for one without saying how long.
	longestOwnPause = time.Minute
	// longestSpacing keeps the time between two requests in what a Duration holds.
	longestSpacing = 1e9 // seconds
)

// limiter decides when the next request may go. It spends of the advertised limit only what lies above the reserve,
// counting the requests that have no answer yet as spent. While it is blind, which it is at the start, in each new
// window and after a pause, it lets one request go alone to find out, and a further one whenever the last has been
// without an answer for a while, so that one log which does not answer holds up no other.
//
// APIs limit in two ways: so many requests in a window (window.go), and so much of what requests cost (bucket.go).
type limiter struct {
	spacing time.Duration // own ceiling: the least time between two requests
	reserve float64

	mu       sync.Mutex
	wake     chan struct{} // closed when a waiter should look again
	inFlight int           // requests without an answer
	next     time.Time     // own ceiling: no request before
	until    time.Time     // the API asked for a pause until then
	pause    time.Duration // the last pause chosen by ourselves
	told     bool          // it was told that the API is waited for

	blind  bool
	probe  int       // the request that finds out, the last if there are several; 0: none is under way
	probed time.Time // when it went
	quota  quota
	limit  float64       // of the last window that was heard of; 0: none was
	length time.Duration // what was left of that window when it was heard of

	bucket leakyBucket

	// Answers overtake each other. What happened after what is told by this clock, which ticks at every event.
	clock   int
	blinded int // when it became blind last; the answer to an earlier request does not end that
	began   int // when the quota's window was first heard of
	learned int // when the quota was last heard of
}

// place is the right to do one request.
type place struct {
	tick   int     // the clock's time at which it was given
	charge float64 // what the bucket was charged
}

// hold says that no request may go yet.
type hold struct {
	wake <-chan struct{} // closed when it is worth another look; nil: a request may go
	wait time.Duration   // how long until it is worth one anyway; 0: for ever
	tell time.Duration   // how long the API is waited for, if that is to be told
}

func newLimiter(requestsPerSecond, reserve float64) *limiter {
	l := &limiter{reserve: reserve, blind: true, wake: make(chan struct{}), bucket: newLeakyBucket(reserve)}
	if requestsPerSecond > 0 {
		l.spacing = time.Duration(min(1/requestsPerSecond, longestSpacing) * float64(time.Second))
	}
	return l
}

// try takes a place, or says what holds it. A place is given back by release or throttle, when the head of the answer
// is there or none will come.
func (l *limiter) try() (place, hold) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := time.Now()
	pause := l.until.Sub(now)
	if wait := max(pause, l.next.Sub(now)); wait > 0 {
		return place{}, l.hold(wait, pause)
	}
	if wait, api := l.bucket.wait(now); wait > 0 {
		return place{}, l.hold(wait, api)
	}
	l.expire(now)
	switch room := l.room(); {
	case !l.blind && !room:
		wait := l.quota.resets.Sub(now)
		return place{}, l.hold(wait, wait)
	case l.blind && l.probe != 0:
		after := patience
		if !room { // not before the window of those without an answer is over
			after += l.length
		}
		if wait := l.probed.Add(after).Sub(now); wait > 0 {
			return place{}, l.hold(wait, 0)
		}
	}
	l.inFlight++
	l.next = now.Add(l.spacing)
	l.told = false
	p := place{tick: l.tick(), charge: l.bucket.take(now)}
	if l.blind {
		l.probe, l.probed = p.tick, now
	}
	return p, hold{}
}

// hold makes a hold of so long, of which so much is for the API. The lock must be held.
func (l *limiter) hold(wait, api time.Duration) hold {
	h := hold{wake: l.wake, wait: wait}
	if api > longWait && !l.told {
		h.tell, l.told = api, true
	}
	return h
}

// tellAgain lets a wait for the API that is not over be told once more, because an answer that was told meanwhile
// sounds as if it were.
func (l *limiter) tellAgain() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.told {
		l.told = false
		l.wakeAll()
	}
}

// release gives a place back with what the answer said of the limit. Any answer that is no failure of the API's ends
// the blindness, unless it was asked for before. A request that failed without a word on the limit counts as spent.
func (l *limiter) release(p place, said advertised, answered bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.end(p, said.draught)
	if answered && p.tick > l.blinded {
		l.blind, l.pause = false, 0
	}
	switch {
	case said.quota.known:
		l.learn(p, said.quota)
	case !answered:
		l.quota.remaining--
	}
	l.wakeAll()
}

// end takes a request out of those without an answer. The lock must be held.
func (l *limiter) end(p place, d draught) {
	l.inFlight--
	if l.probe == p.tick {
		l.probe = 0
	}
	l.bucket.giveBack(p, d, time.Now(), l.tick())
}

// throttle gives a place back and holds everybody back, for as long as the API asked in Retry-After or by the end of
// its window, else for a pause that doubles from a second to a minute; but no shorter than its bucket needs. It returns
// the pause, which the caller tells. Nothing else is believed of the answer: when the pause is over, another one is to
// say what is left of the window.
func (l *limiter) throttle(p place, asked time.Duration, said advertised) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.end(p, said.draught)
	now := time.Now()
	if resets := said.quota.resets; !resets.IsZero() {
		asked = max(asked, resets.Sub(now))
	}
	if asked == 0 {
		if p.tick > l.blinded { // else it was sent before the last pause, and does not say that this was too short
			l.pause = min(2*l.pause, longestOwnPause)
		}
		l.pause = max(l.pause, MinPause)
		asked = l.pause
	}
	_, missing := l.bucket.wait(now)
	asked = max(asked, missing)
	asked += rand.N(asked/10 + 1) //nolint:gosec // jitter needs no secrecy
	if until := now.Add(asked); until.After(l.until) {
		l.until = until
	}
	l.told = true
	l.forget()
	l.wakeAll()
	return asked
}

// forget makes it blind. The lock must be held, as for the two below.
func (l *limiter) forget() {
	l.quota, l.blind, l.probe, l.blinded = quota{}, true, 0, l.tick()
}

func (l *limiter) tick() int {
	l.clock++
	return l.clock
}

func (l *limiter) wakeAll() {
	close(l.wake)
	l.wake = make(chan struct{})
}
