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
// is old enough: the mark is the newest id at some time, and once the overlap has passed since then, all ids up to it
// have appeared that ever will. A position is a value; changes make new ones.
type position struct {
	// start is set as long as nothing was read: entries are wanted from that time of the local clock on.
	start time.Time

	floor uint64
	// floorAt is the server's time at which all ids up to the floor were given out; zero if it is not known.
	floorAt time.Time
	// mark is the newest id at the server's time markAt and the local time markLocal; zero if none waits to age.
	mark              uint64
	markAt, markLocal time.Time

	// seen holds the ids of accepted entries above the floor, odd the marks of those that have no number for an id.
	seen map[uint64]struct{}
	odd  map[claim.Mark]struct{}
}

const (
	// fewSeen is how many ids a position may always hold: as many as are read with ten requests.
	fewSeen = 1000
	// maxSeen bounds them. What appears late below more entries of one user than that is not found.
	maxSeen = 10_000
	// maxOdd bounds the entries without a number that are known again: on no known system there is one.
	maxOdd = 1000
	// dateStep is what the server's date is cut by: a second.
	dateStep = time.Second
)

func (p position) started() bool { return p.start.IsZero() }

// with adds accepted entries, of which ids are those that are numbered.
func (p position) with(ids []uint64, odd []claim.Mark) position {
	p.seen, p.odd = maps.Clone(p.seen), maps.Clone(p.odd)
	for _, id := range ids {
		if id > p.floor {
			p.seen[id] = struct{}{}
		}
	}
	for _, m := range odd {
		p.odd[m] = struct{}{}
	}
	return p
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
// late, unless there are far too many. All ids seen were given out at the time now.
func (p position) bounded(settled uint64, now time.Time) position {
	if len(p.seen) <= fewSeen {
		return p
	}
	ids := slices.Sorted(maps.Keys(p.seen))
	floor := min(ids[len(ids)-fewSeen-1], settled)
	if len(ids) > maxSeen {
		floor = max(floor, ids[len(ids)-maxSeen-1])
	}
	return p.raised(floor, now)
}

// aged is the position after a read that began at some time, and that saw everything down to the floor when it ended.
// newest is the highest id that it saw.
func (p position) aged(began, ended claim.Clocks, newest uint64, overlap time.Duration) position {
	if p.mark != 0 {
		// The shorter of the two, so that one clock that is set does not age it. One that went back ages nothing.
		age := min(began.Server.Sub(p.markAt), began.Local.Sub(p.markLocal))
		switch {
		case age >= overlap+dateStep:
			p = p.raised(p.mark, p.markAt)
			p.mark, p.markAt, p.markLocal = 0, time.Time{}, time.Time{}
		case age < 0:
			p.mark = 0
		}
	}
	if p.mark == 0 && newest > p.floor {
		p.mark, p.markAt, p.markLocal = newest, ended.Server, ended.Local
	}
	if p.mark <= p.floor {
		p.mark, p.markAt, p.markLocal = 0, time.Time{}, time.Time{}
	}
	return p
}

// restarted tells whether the newest entry of a log shows that ids were given out anew, as after a reinstallation: it
// lies below the floor, and happened after all ids up to there were given out. A log whose newest entries were deleted
// looks the same but for the date.
func (p position) restarted(newest entry, now claim.Clocks, overlap time.Duration) bool {
	if !p.started() || !newest.numbered || newest.id >= p.floor || newest.time.IsZero() {
		return false
	}
	at := p.floorAt
	if at.After(now.Latest()) { // nobody can know that; it was tampered with
		at = time.Time{}
	}
	return newest.time.After(at.Add(overlap)) && !newest.time.After(now.Latest().Add(claim.MaxSkew))
}
