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
func (b *Budget) expire(now time.Time) {
	switch {
	case !b.quota.known || now.Before(b.quota.resets):
	case b.blind:
		b.quota = quota{}
	default:
		b.forget()
	}
}

// room tells whether one more request leaves a reserve alone. Of a window that nothing was heard of it is supposed
// to be as large as the last one.
func (b *Budget) room(reserve float64) bool {
	q := b.quota
	if !q.known {
		if !b.blind || b.limit == 0 {
			return true
		}
		q.limit, q.remaining = b.limit, b.limit
	}
	return q.remaining-float64(b.inFlight)-1 >= reserved(q.limit, reserve)
}

// reserved is the number of requests of a window that are left to others; one request is always ours, or nothing
// would ever be read of an API that allows one.
func reserved(limit, reserve float64) float64 {
	return min(math.Ceil(limit*reserve), limit-1)
}

// learn takes up what an answer says of the limit, so that it is never believed higher than it is: the answers of one
// window can only lower what remains, and an answer of an older window that comes late says nothing.
func (b *Budget) learn(p place, q quota) {
	now := time.Now()
	if q.resets.IsZero() {
		q.resets = now.Add(unknownWindow)
	}
	none := !b.quota.known || !now.Before(b.quota.resets)
	same := math.Abs(q.window-b.quota.window) <= windowSlack
	switch {
	case none, q.window > b.quota.window+windowSlack, p.tick > b.learned:
		if none || !same {
			b.began = b.tick()
			b.limit, b.length = q.limit, q.resets.Sub(now)
		}
		b.quota = q
	case same, p.tick > b.began:
		b.quota.remaining = min(b.quota.remaining, q.remaining)
		if same && q.resets.After(b.quota.resets) {
			b.quota.resets = q.resets // in windows of a second this may be the next one already
		}
	default:
		return
	}
	b.learned = b.tick()
}
