package kobil

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/userlog/userlog-otel/receiver/internal/claim"
	"github.com/userlog/userlog-otel/receiver/internal/source"
)

// maxVain is how many requests in a row may gain nothing. One or two do where rows come and go, more where rows are
// added as fast as they are read.
const maxVain = 100

// climb delivers from the bottom page up to the newest. Only one page is in memory, and after each the position is
// stored, so a log of any length is read in steps.
func (w *walk) climb(ctx context.Context, pg page, yield func(source.Batch) bool) (err error) {
	for {
		// A page that does not reach down to what was delivered lies above rows that were not met yet, because others
		// were added at the head, or because the entry that it had to share was deleted: those are fetched first.
		for !w.bottom(pg) {
			if pg, err = w.fetch(ctx, below(pg)); err != nil {
				return err
			}
		}
		if !w.deliver(pg, yield) {
			return errStopped
		}
		if pg.offset == 0 {
			return w.finish(yield)
		}
		if pg, err = w.fetch(ctx, w.above(pg)); err != nil {
			return err
		}
	}
}

// fetch asks for a page, unless too many did not bring the climb on.
func (w *walk) fetch(ctx context.Context, offset int) (page, error) {
	if w.vain++; w.vain > maxVain {
		return page{}, w.p.fail(source.Unreadable, errors.New("the pages of the log do not fit together: a larger page_size helps if the server leaves rows out"))
	}
	return w.get(ctx, offset)
}

// deliver hands on what is new on a page, the oldest first.
func (w *walk) deliver(pg page, yield func(source.Batch) bool) bool {
	w.left = w.leave(pg)
	if len(pg.entries) == 0 { // a log that is empty when it is read first is not begun
		return true
	}
	w.trusts(pg)
	if !w.based {
		w.start(pg)
	}
	rows, covered := w.rows(pg), w.covered
	for chunk := range slices.Chunk(rows, w.p.s.PageSize) {
		if !w.hand(chunk, yield) {
			return false
		}
	}
	w.join(pg)
	w.position = w.position.bounded(w.settled(), w.ended.Latest())
	if len(rows) > 0 || w.covered > covered || pg.offset < w.lowest {
		w.vain = 0
	}
	w.lowest = min(w.lowest, pg.offset)
	return true
}

// trusts looks at the ids of a page. One that has none says nothing.
func (w *walk) trusts(pg page) {
	if first(pg.entries) == len(pg.entries) {
		return
	}
	w.trust = trust{}
	for _, e := range slices.Backward(pg.entries) {
		if e.numbered {
			w.trust = w.trust.met(&e, pg.clocks, w.p.s.Overlap)
		}
	}
}

// start begins the position with the first page of a first read. Below one that is old it is not read again: its ids
// were given out before the time of its entries.
func (w *walk) start(pg page) {
	w.position.start, w.position.from, w.based = time.Time{}, w.from, true
	if !pg.old {
		return
	}
	w.join(pg)
	var odd []claim.Mark
	for _, e := range slices.Backward(pg.entries) {
		if !e.numbered {
			odd = append(odd, e.mark())
		}
	}
	w.position = w.position.raised(w.trust.id, w.from.Add(-w.p.s.Overlap)).with(nil, odd[max(0, len(odd)-oddStops):])
	w.position.oddFloor = len(w.position.odd)
}

// hand hands on a batch. What the first read does not want is accepted with it, too.
func (w *walk) hand(rows []row, yield func(source.Batch) bool) bool {
	batch := source.Batch{Repeats: w.repeats}
	var ids []uint64
	var odd []claim.Mark
	for _, r := range rows {
		if r.wanted {
			batch.Entries = append(batch.Entries, r.entry)
			w.position = w.position.dated(r.entry, w.ended)
		}
		if r.entry.numbered {
			ids = append(ids, r.entry.id)
		} else {
			odd = append(odd, r.mark)
		}
	}
	w.position = w.position.with(ids, odd)
	if len(batch.Entries) == 0 {
		return true
	}
	w.repeats = 0
	w.cursor = w.position.bounded(w.settled(), w.ended.Latest()).cursor()
	batch.Cursor = w.cursor
	return yield(batch)
}

// finish tells of the position that a whole read ends with.
func (w *walk) finish(yield func(source.Batch) bool) error {
	next := w.position.aged(w.began, w.ended, w.trust.id, w.p.s.Overlap).cursor()
	if (next != w.cursor || w.repeats > 0) && !yield(source.Batch{Cursor: next, Repeats: w.repeats}) {
		return errStopped
	}
	return nil
}
