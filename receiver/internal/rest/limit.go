package rest

import (
	"math"
	"math/rand/v2"
	"sync"
	"time"
)

const (
	// patience is how long a request that finds out goes alone. It is the time for which a log that does not answer may
	// hold up the others, and no less than most answers take.
	patience = time.Second
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
// counting the requests that have no answer yet as spent. While it is blind, which it is at the start, in each new
// window and after a pause, it lets one request go alone to find out, and a further one whenever the last has been
// without an answer for a while, so that one log which does not answer holds up no other.
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

	// Answers overtake each other. What happened after what is told by this clock, which ticks at every event.
	clock   int
	blinded int // when it became blind last; the answer to an earlier request does not end that
	began   int // when the quota's window was first heard of
	learned int // when the quota was last heard of
}

// place is the right to do one request; it is the clock's time at which it was given.
type place int

// hold says that no request may go yet.
type hold struct {
	wake <-chan struct{} // closed when it is worth another look; nil: a request may go
	wait time.Duration   // how long until it is worth one anyway; 0: for ever
	tell time.Duration   // how long the API is waited for, if that is to be told
}

func newLimiter(requestsPerSecond, reserve float64) *limiter {
	l := &limiter{reserve: reserve, blind: true, wake: make(chan struct{})}
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
		return 0, l.hold(wait, pause)
	}
	l.expire(now)
	switch room := l.room(); {
	case !l.blind && !room:
		wait := l.quota.resets.Sub(now)
		return 0, l.hold(wait, wait)
	case l.blind && l.probe != 0:
		after := patience
		if !room { // not before the window of those without an answer is over
			after += l.length
		}
		if wait := l.probed.Add(after).Sub(now); wait > 0 {
			return 0, l.hold(wait, 0)
		}
	}
	l.inFlight++
	l.next = now.Add(l.spacing)
	l.told = false
	p := l.tick()
	if l.blind {
		l.probe, l.probed = p, now
	}
	return place(p), hold{}
}

// hold makes a hold of so long, of which so much is for the API. The lock must be held, as for the two below.
func (l *limiter) hold(wait, api time.Duration) hold {
	h := hold{wake: l.wake, wait: wait}
	if api > longWait && !l.told {
		h.tell, l.told = api, true
	}
	return h
}

// expire forgets a window that is over: how much of the new one is left, an answer will tell.
func (l *limiter) expire(now time.Time) {
	switch {
	case !l.quota.known || now.Before(l.quota.resets):
	case l.blind:
		l.quota = quota{}
	default:
		l.forget()
	}
}

// room tells whether one more request leaves the reserve alone. Of a window that nothing was heard of it is supposed
// to be as large as the last one.
func (l *limiter) room() bool {
	q := l.quota
	if !q.known {
		if !l.blind || l.limit == 0 {
			return true
		}
		q.limit, q.remaining = l.limit, l.limit
	}
	return q.remaining-float64(l.inFlight)-1 >= reserved(q.limit, l.reserve)
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

// reserved is the number of requests of a window that are left to others; one request is always ours, or nothing
// would ever be read of an API that allows one.
func reserved(limit, reserve float64) float64 {
	return min(math.Ceil(limit*reserve), limit-1)
}

// release gives a place back with what the answer said of the limit. Any answer that is no failure of the API's ends
// the blindness, unless it was asked for before. A request that failed without a word on the limit counts as spent.
func (l *limiter) release(p place, q quota, answered bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.end(p)
	if answered && int(p) > l.blinded {
		l.blind, l.pause = false, 0
	}
	switch {
	case q.known:
		l.learn(p, q)
	case !answered:
		l.quota.remaining--
	}
	l.wakeAll()
}

// end takes a request out of those without an answer. The lock must be held, as for the one below.
func (l *limiter) end(p place) {
	l.inFlight--
	if l.probe == int(p) {
		l.probe = 0
	}
}

// learn takes up what an answer says of the limit, so that it is never believed higher than it is: the answers of one
// window can only lower what remains, and an answer of an older window that comes late says nothing.
func (l *limiter) learn(p place, q quota) {
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
			l.limit, l.length = q.limit, q.resets.Sub(now)
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

// throttle gives a place back and holds everybody back, for as long as the API asked in Retry-After or by the end of
// its window, else for a pause that doubles from a second to a minute. It returns the pause, which the caller tells.
// Nothing else is believed of the answer: when the pause is over, another one is to say what is left.
func (l *limiter) throttle(p place, asked time.Duration, q quota) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.end(p)
	now := time.Now()
	if !q.resets.IsZero() {
		asked = max(asked, q.resets.Sub(now))
	}
	if asked == 0 {
		if int(p) > l.blinded { // else it was sent before the last pause, and does not say that this was too short
			l.pause = min(2*l.pause, longestOwnPause)
		}
		l.pause = max(l.pause, MinPause)
		asked = l.pause
	}
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
