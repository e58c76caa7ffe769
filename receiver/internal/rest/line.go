package rest

import (
	"slices"
	"time"
)

// ticket is a request's place in the line. Its zero value stands in none.
type ticket struct {
	owner *limiter // nil: it stands in no line
}

// behind tells whether it is another one's turn: the requests of one client go in the order in which they came, and those
// of another let nobody pass who came first and could go. Who waits for a ceiling or a reserve of its own is passed. The
// lock must be held, as for the two below.
func (l *limiter) behind(t *ticket, now time.Time) bool {
	for _, other := range l.line {
		if other == t {
			return false
		}
		if other.owner == l {
			return true
		}
		if wait, _ := other.owner.held(now); wait <= 0 {
			return true
		}
	}
	return false
}

// join puts a ticket at the end of the line, unless it stands there.
func (l *limiter) join(t *ticket) {
	if t.owner == nil {
		t.owner = l
		l.line = append(l.line, t)
	}
}

// leave takes a ticket out of the line. Somebody else's turn may have come by that.
func (l *limiter) leave(t *ticket) {
	if t.owner == nil {
		return
	}
	t.owner = nil
	l.line = slices.DeleteFunc(l.line, func(other *ticket) bool { return other == t })
	l.wakeAll()
}
