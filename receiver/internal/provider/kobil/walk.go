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
	known    position      // that the read began with
	cursor   source.Cursor // the position as text

	// from is the time from which on entries are wanted, by the server's clock; zero if all are that are new.
	from         time.Time
	began, ended claim.Clocks // of the first answer, and of the last
	most         int          // entries on the largest page so far: what the server gives at once
	alwaysMore   bool         // the server says that more follow where nothing does
	blind        bool         // a page was met that hardly shows where it is, for want of numbers

	trust   trust                   // of the page delivered last that has numbers
	covered uint64                  // all entries up to this id were accepted
	joint   map[claim.Mark]struct{} // of the page delivered last: its entries above the first with a number
	left    int                     // how many of those wait for the page above
	based   bool                    // covered and joint say something: not in a first read, before its first page
	young   uint64                  // the lowest id met of which it is not known that it is older than the overlap
	lowest  int                     // offset of the delivered page that is nearest to the newest
	vain    int                     // requests of the climb since something was gained
	repeats int                     // not yet told
}

// get asks for a page, and looks whether it fits what is known.
func (w *walk) get(ctx context.Context, offset int) (page, error) {
	if offset > maxOffset {
		return page{}, w.p.fail(source.Unreadable, errors.New("the log does not end: does the server look at offset?"))
	}
	pg, err := w.p.get(ctx, w.user, offset)
	if err != nil {
		return page{}, err
	}
	w.alwaysMore = w.alwaysMore || (pg.more && len(pg.entries) == 0)
	w.most = max(w.most, len(pg.entries))
	w.ended = pg.clocks
	w.blind = w.blind || w.crowded(pg)
	if err := w.fits(pg); err != nil {
		return page{}, err
	}
	return pg, nil
}

// fits returns an error if a page shows that the floor is wrong.
func (w *walk) fits(pg page) error {
	if !w.known.restarted(pg, w.p.s.Overlap) {
		return nil
	}
	return &source.Error{
		Kind: source.BadCursor, Op: w.p.op, Since: w.known.since(pg.clocks, w.p.s.Overlap),
		Err: errors.New("a new entry has a lower id than entries that were delivered long ago: the server numbers anew"),
	}
}

// step is how far apart pages lie that share a row. Rows are counted as they were received: a server that leaves some
// out after it has cut the page may count more, and then pages share more.
func (w *walk) step() int { return max(w.most-1, 1) }

// seek looks for the page in which the floor is, or near which it is: whether there is something between the page and
// the floor the climb finds out. Rows that are added or deleted meanwhile do no harm.
func (w *walk) seek(ctx context.Context) (page, error) {
	pg, err := w.begin(ctx)
	above := 0
	var short page
	for jump := 1; err == nil && !w.bottom(pg); jump *= 2 {
		if above, short = pg.offset, (page{}); w.short(pg) {
			short = pg
		}
		if w.based && w.crowded(pg) { // what is known of entries without numbers could be jumped over
			jump = 1
		}
		pg, err = w.sound(ctx, pg.offset+jump*w.step())
	}
	if err == nil && len(short.entries) > 0 && w.last(short) { // that more follow was not true
		return short, nil
	}
	for err == nil && w.beyond(pg) && pg.offset-above > w.step() {
		var middle page
		if middle, err = w.sound(ctx, above+(pg.offset-above)/2); w.bottom(middle) {
			pg = middle
		} else {
			above = middle.offset
		}
	}
	if err == nil && w.blind && w.covered > 0 {
		return w.locate(ctx, pg)
	}
	return pg, err
}

// locate looks for a page above that reaches the floor, where a search met pages without a number: it cannot have seen
// on which side of the floor those are, so every page is looked at up to one that shows.
func (w *walk) locate(ctx context.Context, pg page) (page, error) {
	for up := pg; up.offset > 0 && w.lowestAbove(up) < 0; {
		var err error
		if up, err = w.get(ctx, max(up.offset-w.step(), 0)); err != nil {
			return page{}, err
		}
		if t := w.tail(up); t.covered || t.settled {
			pg = up
		}
	}
	return pg, nil
}

// sound asks for a page, and for those below it that say whether it is old.
func (w *walk) sound(ctx context.Context, offset int) (page, error) {
	pg, err := w.get(ctx, offset)
	if err != nil {
		return page{}, err
	}
	return w.judge(ctx, pg)
}

// begin asks for the newest page, and adapts the position to the server's clock.
func (w *walk) begin(ctx context.Context) (page, error) {
	pg, err := w.get(ctx, 0)
	if err != nil {
		return page{}, err
	}
	w.position = w.position.at(pg.clocks)
	w.known = w.position
	w.began, w.covered, w.young, w.lowest = pg.clocks, w.position.floor, math.MaxUint64, math.MaxInt
	w.from = w.position.from
	if w.based = w.position.started(); !w.based {
		w.from = w.position.start.Add(w.began.Skew())
	}
	if !(claim.Claim{Start: w.position.start}).Possible(w.began) {
		return page{}, w.p.fail(source.BadCursor, claim.ErrFuture)
	}
	if err := w.fits(pg); err != nil {
		return page{}, err
	}
	return w.judge(ctx, pg)
}
