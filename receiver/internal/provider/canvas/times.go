package canvas

import (
	"time"

	"github.com/userlog/userlog-otel/receiver/internal/claim"
)

// resolution is what the dates of Canvas are cut to.
const resolution = time.Second

// times are what the answers of a read say of time.
type times struct {
	// first are the clocks of the first answer of the latest walk that began at the floor. What appears after it may
	// belong to a span that was read before.
	first claim.Clocks
	// last are the clocks of the latest answer.
	last claim.Clocks
	// newest is the latest date met. It may lie in the future of all clocks.
	newest time.Time
}

// settled is the second before which nothing appears any more that the walks since the first answer have not met.
func (t *times) settled(overlap time.Duration) time.Time {
	return t.first.Earliest().Add(-overlap).Truncate(resolution)
}

// shown is the second before which everything is dated that the first answer can have known of.
func (t *times) shown() time.Time { return t.first.Server.Truncate(resolution) }

// end is where the log ends, as far as is known. It moves on while a read goes on, so how much is left is counted from
// here, and not from the first answer.
func (t *times) end() time.Time { return later(t.last.Latest(), t.newest) }

// beginning is where to begin for a start. The dates of what happens in its second are cut, and a server's clock that is
// behind by less than claim.MaxSkew is not noticed: what is dated so much too early belongs to what is wanted.
func beginning(start time.Time) time.Time { return start.Add(-claim.MaxSkew).Truncate(resolution) }

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
