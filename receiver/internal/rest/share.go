package rest

import "math"

// share tells whether one more request of the window is the client's own, if several shards keep to the limit. What the API
// says to be left is not enough to go by: one that has not asked for a while does not know what the others took meanwhile,
// and all may send at once. So each has its part of what lies above the reserve, one request at least, or it would never
// read. The lock must be held.
func (l *limiter) share() bool {
	if l.shards == 1 || !l.quota.known {
		return true
	}
	if l.window != l.began {
		l.window, l.spent = l.began, 1 // the request whose answer told of the window
	}
	above := l.quota.limit - reserved(l.quota.limit, l.reserve)
	return float64(l.spent) < max(1, math.Floor(above/l.shards))
}
