package kobil

import (
	"context"
	"errors"
	"math"
	"time"

	"github.com/userlog/userlog-otel/receiver/internal/claim"
	"github.com/userlog/userlog-otel/receiver/internal/source"
)

// errStopped means that the engine wants no more batches.
var errStopped = errors.New("stopped")

// maxOffset is beyond the end of every log: a server that still gives pages there does not look at the offset.
const maxOffset = math.MaxInt32

// leastLimit is the smallest limit that is sent: pages of one row could not share one.
const leastLimit = 2

// walk is one read of one log.
//
//	offset 0   ┌──────────┐ newest                        ▲ climb: page by page, each of
//	           │          │    │ seek: 0, 1, 3, 7 … pages │ which shares a row with the
//	           │  unread  │    │ down, until a page       │ one before
//	           │          │    ▼ reaches the floor        │
//	   floor ──┼──────────┤
//	           │ accepted │
//	           └──────────┘ oldest
type walk struct {
	p        *Provider
	user     source.Subject
	position position
	cursor   source.Cursor // the position as text

	// from is set in the first read of a log: entries are wanted from that time on, by the server's clock.
	from         time.Time
	began, ended claim.Clocks // of the first answer, and of the last
	most         int          // entries on the largest page so far: what the server gives at once

	covered uint64 // all entries up to this id were accepted
	based   bool   // covered says something: not in a first read, before its first page
	young   uint64 // the lowest id met of which it is not known that it is older than the overlap
	odd     []odd  // met without a number
	repeats int    // not yet told
}

// odd is an entry without a number, and the number of the nearest entry above it.
type odd struct {
	mark  claim.Mark
	above uint64
}

// get asks for a page.
func (w *walk) get(ctx context.Context, offset int) (page, error) {
	if offset > maxOffset {
		return page{}, w.p.fail(source.Unreadable, errors.New("the log does not end: does the server look at offset?"))
	}
	pg, err := w.p.get(ctx, w.user, offset)
	if err != nil {
		return page{}, err
	}
	// A page that is shorter than what the server gave before is the last one, and so is one of a single row. That it is
	// shorter than what was asked for says nothing: some servers give less at once.
	pg.last = pg.last || len(pg.entries) < max(w.most, leastLimit)
	w.most = max(w.most, len(pg.entries))
	w.ended = pg.clocks
	return pg, nil
}

// step is how far apart pages lie that share a row.
func (w *walk) step() int { return max(w.most-1, 1) }

// seek looks for the page in which the floor is, or near which it is: whether there is something between the page and
// the floor the climb finds out. Rows that are added or deleted meanwhile do no harm.
func (w *walk) seek(ctx context.Context) (page, error) {
	pg, err := w.begin(ctx)
	above := 0
	for jump := 1; err == nil && !w.bottom(pg); jump *= 2 {
		above = pg.offset
		pg, err = w.get(ctx, pg.offset+jump*w.step())
	}
	for err == nil && w.beyond(pg) && pg.offset-above > w.step() {
		var middle page
		if middle, err = w.get(ctx, above+(pg.offset-above)/2); w.bottom(middle) {
			pg = middle
		} else {
			above = middle.offset
		}
	}
	return pg, err
}

// begin asks for the newest page, and adapts the position to the server's clock.
func (w *walk) begin(ctx context.Context) (page, error) {
	pg, err := w.get(ctx, 0)
	if err != nil {
		return page{}, err
	}
	w.began, w.covered, w.young = pg.clocks, w.position.floor, math.MaxUint64
	if w.based = w.position.started(); !w.based {
		w.from = w.position.start.Add(w.began.Skew())
	}
	if !(claim.Claim{Start: w.position.start}).Possible(w.began) {
		return page{}, w.p.fail(source.BadCursor, claim.ErrFuture)
	}
	if len(pg.entries) > 0 && w.position.restarted(pg.entries[0], w.began, w.p.s.Overlap) {
		return page{}, w.p.fail(source.BadCursor, errors.New("the newest entry has a lower id than entries that were delivered long ago: the server numbers anew"))
	}
	return pg, nil
}

// bottom tells whether a page reaches down to what was accepted, or is not wanted, or to the end of the log.
func (w *walk) bottom(pg page) bool { return pg.last || w.reaches(pg) }

// beyond tells whether nothing on a page is new.
func (w *walk) beyond(pg page) bool {
	if len(pg.entries) == 0 {
		return true
	}
	if !w.based {
		return w.unwanted(pg)
	}
	top, ok := highest(pg.entries)
	return ok && top <= w.covered
}

// reaches tells whether there can be no hole between a page and what is covered: pages are whole parts of the log, so a
// page with an entry that is covered holds all those above it up to its own first.
func (w *walk) reaches(pg page) bool {
	if !w.based {
		return w.unwanted(pg)
	}
	bottom, ok := lowest(pg.entries)
	return ok && bottom <= w.covered
}

// unwanted tells whether all that is dated on a page is older than what the first read wants, by so much that no entry
// below it is newer.
func (w *walk) unwanted(pg page) bool {
	dated := false
	for i := range pg.entries {
		if at := pg.entries[i].time; !at.IsZero() {
			if dated = true; !at.Before(w.from.Add(-w.p.s.Overlap)) {
				return false
			}
		}
	}
	return dated
}

func highest(entries []entry) (uint64, bool) {
	for i := range entries {
		if entries[i].numbered {
			return entries[i].id, true
		}
	}
	return 0, false
}

func lowest(entries []entry) (uint64, bool) {
	for i := len(entries) - 1; i >= 0; i-- {
		if entries[i].numbered {
			return entries[i].id, true
		}
	}
	return 0, false
}
