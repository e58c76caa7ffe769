package kobil

import (
	"maps"
	"slices"
	"time"

	"github.com/userlog/userlog-otel/receiver/internal/claim"
)

// position says what of a log was accepted downstream: every entry up to the floor, and every entry above it that is in
// seen or odd.
//
// The floor is an id and no date, because ids are what the log is ordered by, and dates may be wrong or missing. An id
// that is given out may appear late: below ids that were read before. So the floor follows the newest id only when that
// is old enough: the mark is the newest id at some time that can be trusted to be one of the row (trust.go), and once
// the overlap has passed since then, all ids up to it have appeared that ever will. A position is a value; changes make
// new ones.
type position struct {
	// start is set as long as nothing was read: entries are wanted from that time of the local clock on.
	start time.Time
	// from is that time by the server's clock. What is dated earlier is not wanted: neither late entries
	// with a number, until begun says that none of that time appears any more, nor those without one, which nothing else
	// may tell from what was accepted once the entries around them were deleted.
	from  time.Time
	begun bool

	floor uint64
	// floorAt is a time at which all ids up to the floor were given out, by the clock that was ahead; zero if it is not
	// known.
	floorAt time.Time
	// ahead is the latest date of a delivered entry that was ahead of the clocks when it was read.
	ahead time.Time
	// far holds the ids of the last delivered entries that were dated too far ahead for that.
	far []uint64
	// mark is the newest id at the server's time markAt and the local time markLocal; it says nothing unless it waits.
	mark              uint64
	markAt, markLocal time.Time

	// seen holds the ids of accepted entries above the floor.
	seen map[uint64]struct{}
	// odd holds the marks of the last accepted entries without a number, in the order in which they were accepted. The
	// first oddFloor of them lie at the floor or below; the first oddMark were accepted at markAt.
	odd               []claim.Mark
	oddFloor, oddMark int
}

const (
	// fewSeen is how many ids a position may always hold: as many as are read with ten requests.
	fewSeen = 1000
	// maxSeen bounds them. What appears late below more entries of one user than that is not found.
	maxSeen = 10_000
	// dateStep is what the server's date is cut by: a second.
	dateStep = time.Second
)

func (p position) started() bool { return p.start.IsZero() }

// with adds accepted entries, the oldest first: ids of those with a number, marks of the others.
func (p position) with(ids []uint64, odd []claim.Mark) position {
	p.seen = maps.Clone(p.seen)
	for _, id := range ids {
		if id > p.floor {
			p.seen[id] = struct{}{}
		}
	}
	return p.remembering(odd)
}

// raised has its floor at an id, if that is higher, up to which all ids were given out at a time.
func (p position) raised(floor uint64, at time.Time) position {
	if floor <= p.floor {
		return p
	}
	p.floor, p.floorAt = floor, at
	p.seen = maps.Clone(p.seen)
	maps.DeleteFunc(p.seen, func(id uint64, _ struct{}) bool { return id <= floor })
	return p
}

// bounded raises the floor so far that few ids are left above it, but only up to settled, below which nothing appears
// late, unless there are far too many. The new floor is one of them: of what lies between two ids the age is not known.
// All ids seen were given out at the time now.
func (p position) bounded(settled uint64, now time.Time) position {
	if len(p.seen) <= fewSeen {
		return p
	}
	ids := slices.Sorted(maps.Keys(p.seen))
	below, _ := slices.BinarySearch(ids, settled+1)
	below = max(min(below, len(ids)-fewSeen), len(ids)-maxSeen)
	if below == 0 {
		return p
	}
	return p.raised(ids[below-1], now)
}

// aged is the position after a read that began at some time, and that saw everything down to the floor when it ended.
// newest is the highest id that it saw and trusts: a mark above it proved wrong, and one that it takes the place of is
// gone.
func (p position) aged(began, ended claim.Clocks, newest uint64, overlap time.Duration) position {
	if p.floorAt.IsZero() && p.floor > 0 {
		p.floorAt = ended.Latest()
	}
	if p.mark > max(p.floor, newest) {
		p.mark, p.oddMark = 0, 0
	}
	if p.waits() {
		// The shorter of the two, so that one clock that is set does not age it. One that went back ages nothing.
		age := min(began.Server.Sub(p.markAt), began.Local.Sub(p.markLocal))
		switch {
		case age >= overlap+dateStep:
			p = p.raised(p.mark, claim.Clocks{Server: p.markAt, Local: p.markLocal}.Latest())
			p.oddFloor = max(p.oddFloor, p.oddMark)
			if p.begun = p.begun || p.floor > 0; p.begun && len(p.odd) == 0 {
				p.from = time.Time{}
			}
			p.mark, p.oddMark = 0, 0
		case age < 0:
			p.mark, p.oddMark = 0, 0
		}
	}
	if !p.waits() {
		p.mark, p.oddMark, p.markAt, p.markLocal = newest, len(p.odd), ended.Server, ended.Local
	}
	return p
}

// waits tells whether the mark is to become the floor.
func (p position) waits() bool { return p.mark > p.floor || p.oddMark > p.oddFloor }

// at forgets times that nobody can have written at that time: they were tampered with.
func (p position) at(now claim.Clocks) position {
	if p.from.After(now.Latest().Add(claim.MaxSkew)) {
		p.from = time.Time{}
	}
	if p.floorAt.After(now.Latest()) {
		p.floorAt = time.Time{}
	}
	if p.ahead.After(now.Latest().Add(farAhead)) {
		p.ahead = time.Time{}
	}
	return p
}
