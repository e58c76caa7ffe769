package rest

import "math"

// count counts the requests of one client. Those under way may be of this window or of the next one.
type count struct {
	underWay int
	window   int // when the window began, by the budget's clock
	answered int // in that window
}

// share tells whether one more request of the window is the client's own, if several shards keep to the limit. What the API
// says to be left is not enough to go by: one that has not asked for a while does not know what the others took meanwhile,
// and all may send at once. So each has its part of what lies above the reserve, one request at least, or it would never
// read. The lock must be held, as for the two below.
func (l *limiter) share() bool {
	if l.shards == 1 || !l.quota.known {
		return true
	}
	l.turn()
	above := l.quota.limit - reserved(l.quota.limit, l.reserve)
	return float64(l.own.answered+l.own.underWay) < max(1, math.Floor(above/l.shards))
}

// answered counts the end of a request. That whose answer tells of a window belongs to it.
func (l *limiter) answered() {
	l.turn()
	l.own.underWay--
	l.own.answered++
}

// turn begins to count anew if the window is another one.
func (l *limiter) turn() {
	if l.own.window != l.began {
		l.own.window, l.own.answered = l.began, 0
	}
}
