package rest

import (
	"math"
	"time"
)

const (
	// unknownWindow is how long a quota is believed whose end the API does not tell.
	unknownWindow = time.Minute
	// windowSlack is the difference up to which two ends of windows, in seconds, may be one and the same: servers cut
	// them, and the date that some add them to, to whole seconds.
	windowSlack = 1
)

// expire forgets a window that is over: how much of the new one is left, an answer will tell. The lock must be held, as
// for room and learn.
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

// reserved is the number of requests of a window that are left to others; one request is always ours, or nothing
// would ever be read of an API that allows one.
func reserved(limit, reserve float64) float64 {
	return min(math.Ceil(limit*reserve), limit-1)
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
	case none, q.window > l.quota.window+windowSlack, p.tick > l.learned:
		if none || !same {
			l.began = l.tick()
			l.limit, l.length = q.limit, q.resets.Sub(now)
		}
		l.quota = q
	case same, p.tick > l.began:
		l.quota.remaining = min(l.quota.remaining, q.remaining)
		if same && q.resets.After(l.quota.resets) {
			l.quota.resets = q.resets // in windows of a second this may be the next one already
		}
	default:
		return
	}
	l.learned = l.tick()
}
