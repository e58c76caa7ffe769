package kobil

import (
	"time"

	"github.com/userlog/userlog-otel/receiver/internal/claim"
)

// trust looks for the highest id of a log that is an upper bound of the ids given out so far, and so may become the
// floor. Ids ascend with time: one that lies above the id of an entry dated later than its own, by more than the
// overlap, is out of the row, and says nothing of those that follow. One without a date, or dated in the future, may have
// a wrong number, too, so it is trusted only if the page says nothing of time below it: the floor has to follow on a
// server that stops to write dates. The entries of a page are met in ascending order, as far as the server keeps to it.
type trust struct {
	id uint64 // zero if nothing was met
	at time.Time

	latest time.Time // the latest date met that is not in the future
}

// met is the trust after an entry with a number.
func (t trust) met(e *entry, now claim.Clocks, overlap time.Duration) trust {
	switch {
	case e.time.IsZero() || e.time.After(now.Latest().Add(claim.MaxSkew)):
		if !t.latest.IsZero() {
			return t
		}
	case e.time.Before(t.latest.Add(-overlap)):
		return t
	case e.time.After(t.latest):
		t.latest = e.time
	}
	if e.id > t.id || t.at.Before(t.latest.Add(-overlap)) {
		t.id, t.at = e.id, e.time
	}
	return t
}
