package claim

import (
	"cmp"
	"maps"
	"slices"
	"time"
)

// Claim says what of a log was accepted downstream: every entry dated before the floor, and every entry whose mark is
// in Seen. It is a value; changes make new ones.
type Claim struct {
	// Start is set as long as nothing was read: entries are wanted from that time of the local clock on.
	Start time.Time
	// Newest is the date of the newest entry accepted, at most the server's time when it was read.
	Newest time.Time
	// Floor lies at least the overlap behind Newest. It is kept, not computed, so that a larger overlap in the
	// configuration does not bring entries again whose marks are forgotten.
	Floor time.Time
	// Seen holds the marks of accepted entries that can be met again, each with its date as a Stamp.
	Seen map[Mark]int64
}

// At adapts the claim to the clocks. A start is moved to the server's clock. And no date lies in the future of both
// clocks, or else a cursor that was tampered with would make everything to come look old.
func (c Claim) At(now Clocks, overlap time.Duration) Claim {
	if !c.Start.IsZero() {
		from := c.Start.Add(now.Skew())
		return Claim{Newest: from, Floor: from, Seen: c.Seen}
	}
	latest := now.Latest()
	if c.Newest.After(latest) {
		c.Newest = latest
	}
	if c.Floor.After(latest) {
		c.Floor = latest.Add(-overlap)
	}
	return c
}

// Possible tells whether somebody can have read so far. A start that is still to come was tampered with, or the local
// clock went back; either way nothing would be read that was wanted. A floor that far ahead was tampered with, and nobody
// knows what of it is true; one less far ahead is that of a clock that went back, which At corrects.
func (c Claim) Possible(now Clocks) bool {
	return !c.Start.After(now.Local.Add(MaxSkew)) && !c.Floor.After(now.Latest().Add(maxSetBack))
}

// maxSetBack is how far a clock that was wrong may be set back: by a time zone and its summer time, and no more than that.
const maxSetBack = 24 * time.Hour

// Settled raises the floor to a time before which nothing appears any more and everything was accepted.
func (c Claim) Settled(before time.Time) Claim {
	if before.After(c.Floor) {
		c.Floor = before
	}
	c.Seen = maps.Clone(c.Seen)
	c.prune()
	return c
}

// With adds accepted entries. If they are all that the log holds down to the floor and up to their last date, the
// floor follows it, at the distance of the overlap; a zero upTo says that they are not, and leaves the floor alone.
func (c Claim) With(accepted map[Mark]int64, upTo time.Time, overlap time.Duration) Claim {
	if upTo.After(c.Newest) {
		c.Newest = upTo
	}
	if floor := c.Newest.Add(-overlap); floor.After(c.Floor) && !upTo.IsZero() {
		c.Floor = floor
	}
	seen := make(map[Mark]int64, len(c.Seen)+len(accepted))
	maps.Copy(seen, c.Seen)
	maps.Copy(seen, accepted)
	c.Seen = seen
	c.prune()
	return c
}

// Remembering keeps the marks of accepted entries without a date of their own, which cannot age, for as long as they
// are met.
func (c Claim) Remembering(undated []Mark) Claim {
	if len(undated) == 0 {
		return c
	}
	at := max(Stamp(c.Newest), Stamp(c.Floor))
	c.Seen = maps.Clone(c.Seen)
	for _, m := range undated {
		c.Seen[m] = at
	}
	return c
}

// Bounded forgets the oldest marks of more than n. What they stood for may come again.
func (c Claim) Bounded(n int) Claim {
	if len(c.Seen) > n {
		c.Seen = c.only(c.newestFirst()[:n])
	}
	return c
}

// Capped forgets the oldest marks, too, but so that what they stood for does not come again: the floor follows to the
// second above them. It rises at most to a time up to which the log was accepted without a hole; if that is not enough,
// Capped returns the second that the floor would have to reach, else the zero time. What appears late below the floor is
// not found. Of more than most marks it leaves the newest that are to be kept, fewer than most, so that it has work to do
// only now and then.
func (c Claim) Capped(most, kept int, upTo time.Time) (Claim, time.Time) {
	if len(c.Seen) <= most {
		return c, time.Time{}
	}
	marks := c.newestFirst()
	above := time.Unix(c.Seen[marks[kept]]+1, 0).UTC()
	c.Seen = c.only(marks[:kept])
	floor, missing := above, time.Time{}
	if above.After(upTo) {
		floor, missing = upTo, above
	}
	if floor.After(c.Floor) {
		c.Floor = floor
	}
	c.prune()
	return c, missing
}

// newestFirst are the marks by their dates, those of one second in an order that is always the same.
func (c Claim) newestFirst() []Mark {
	return slices.SortedFunc(maps.Keys(c.Seen), func(a, b Mark) int {
		return cmp.Or(cmp.Compare(c.Seen[b], c.Seen[a]), cmp.Compare(a, b))
	})
}

func (c Claim) only(marks []Mark) map[Mark]int64 {
	seen := make(map[Mark]int64, len(marks))
	for _, m := range marks {
		seen[m] = c.Seen[m]
	}
	return seen
}

// prune forgets the marks below the floor.
func (c *Claim) prune() {
	oldest := Stamp(c.Floor)
	maps.DeleteFunc(c.Seen, func(_ Mark, at int64) bool { return at < oldest })
}
