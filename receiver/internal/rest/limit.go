package rest

import "time"

// longestSpacing keeps the time between two requests in what a Duration holds.
const longestSpacing = 1e9 // seconds

// limiter decides when the next request of one client may go. It spends of the advertised limit only what lies above the
// client's reserve, counting the requests that have no answer yet as spent, whoever of those that share the budget sent
// them. While the budget is blind, which it is at the start, in each new window and after a pause, one request goes alone
// to find out, and a further one whenever the last has been without an answer for a while, so that one log which does not
// answer holds up no other.
//
// Who waits stands in line (line.go), so that every request has its turn.
type limiter struct {
	*Budget // its lock guards what is here, too

	spacing time.Duration // own ceiling: the least time between two requests
	next    time.Time     // own ceiling: no request before
	reserve float64       // the share that is left to others, those of the budget among them
	shards  float64       // how many clients in as many collectors keep to the limit together
	own     count         // the client's own requests
	told    bool          // it was told that the API is waited for
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

func newLimiter(b *Budget, requestsPerSecond, reserve float64, shards int) *limiter {
	l := &limiter{Budget: b, reserve: reserve, shards: float64(max(shards, 1))}
	if requestsPerSecond > 0 {
		l.spacing = time.Duration(min(l.shards/requestsPerSecond, longestSpacing) * float64(time.Second))
	}
	return l
}

// try takes a place for who has a ticket, or says what holds it. A place is given back by release or throttle, when the
// head of the answer is there or none will come; a ticket that was held by quit, if it is tried no more.
func (l *limiter) try(t *ticket) (place, hold) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := time.Now()
	if l.behind(t, now) {
		return place{}, l.hold(t, 0, 0)
	}
	if wait, api := l.held(now); wait > 0 {
		return place{}, l.hold(t, wait, api)
	}
	l.leave(t)
	l.inFlight++
	l.own.underWay++
	l.next = now.Add(l.spacing)
	l.told = false
	p := place{tick: l.tick(), charge: l.bucket.take(now)}
	if l.blind {
		l.probe, l.probed = p.tick, now
	}
	return p, hold{}
}

// held tells how long the client may send nothing, 0 or less if it may, and how much of that is a wait for the API and
// not for the answers to what is under way. The lock must be held, as for hold.
func (l *limiter) held(now time.Time) (wait, api time.Duration) {
	pause := l.until.Sub(now)
	if wait := max(pause, l.next.Sub(now)); wait > 0 {
		return wait, pause
	}
	if wait, api := l.bucket.wait(now, l.reserve, l.shards); wait > 0 {
		return wait, api
	}
	l.expire(now)
	room := l.room(l.reserve) && l.share()
	switch {
	case !l.blind && !room:
		wait := l.quota.resets.Sub(now)
		return wait, wait
	case l.blind && l.probe != 0:
		return l.alone(room).Sub(now), 0
	}
	return 0, 0
}

// hold makes a hold of so long, of which so much is for the API, and keeps the ticket's place in the line.
func (l *limiter) hold(t *ticket, wait, api time.Duration) hold {
	l.join(t)
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

// release gives a place back with what the answer said of the limit.
func (l *limiter) release(p place, said advertised, answered bool) {
	l.Budget.release(p, said, answered)
	l.mu.Lock()
	defer l.mu.Unlock()
	l.answered()
}

// throttle gives a place back whose answer asks for a pause, and returns the pause, which the caller tells.
func (l *limiter) throttle(p place, asked time.Duration, said advertised) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.end(p, said.draught)
	l.answered()
	l.told = true
	return l.stop(p, asked, said.quota, l.reserve, l.shards)
}

// quit gives a ticket back.
func (l *limiter) quit(t *ticket) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.leave(t)
}
