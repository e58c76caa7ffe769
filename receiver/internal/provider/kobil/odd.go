package kobil

import (
	"slices"

	"github.com/userlog/userlog-otel/receiver/internal/claim"
)

const (
	// maxOdd bounds the entries without a number that are known again: on no known system there is one. Of more, the
	// oldest are forgotten.
	maxOdd = 1000
	// oddStops is how many of them lie below the floor at least, once some were forgotten, so that a log wholly without
	// numbers has a floor. What appears late below more newer ones than the others is not found.
	oddStops = 100
)

// knows tells whether an entry without a number was accepted.
func (p position) knows(m claim.Mark) bool { return slices.Contains(p.odd, m) }

// settled tells whether an entry without a number lies at the floor or below.
func (p position) settled(m claim.Mark) bool { return slices.Contains(p.odd[:p.oddFloor], m) }

// remembering adds accepted entries without a number, the oldest first. They are delivered in that order, so all that
// lies below one of them was accepted, but for what appears late.
func (p position) remembering(odd []claim.Mark) position {
	if len(odd) == 0 {
		return p
	}
	p.odd = slices.Concat(p.odd, odd)
	if n := len(p.odd) - maxOdd; n > 0 {
		p.odd = p.odd[n:]
		p.oddFloor = max(p.oddFloor-n, oddStops)
		p.oddMark = max(p.oddMark-n, 0)
	}
	return p
}
