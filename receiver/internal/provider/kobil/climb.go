package kobil

import (
	"context"
	"math"
	"slices"
	"time"

	"github.com/userlog/userlog-otel/receiver/internal/claim"
	"github.com/userlog/userlog-otel/receiver/internal/source"
)

// climb delivers from the bottom page up to the newest. Only one page is in memory, and after each the position is
// stored, so a log of any length is read in steps.
func (w *walk) climb(ctx context.Context, pg page, yield func(source.Batch) bool) error {
	var err error
	for {
		// Rows that were added at the head have pushed rows down that were not met yet: they are fetched first.
		for err == nil && !w.bottom(pg) && !w.unnumbered(pg) {
			pg, err = w.get(ctx, pg.offset+max(len(pg.entries)-1, 1))
		}
		if err != nil {
			return err
		}
		if !w.deliver(pg, yield) {
			return errStopped
		}
		if pg.offset == 0 {
			return w.finish(yield)
		}
		if pg, err = w.get(ctx, max(pg.offset-w.step(), 0)); err != nil {
			return err
		}
	}
}

// deliver hands on what is new on a page, the oldest first.
func (w *walk) deliver(pg page, yield func(source.Batch) bool) bool {
	if len(pg.entries) == 0 { // a log that is empty when it is read first is not begun
		return true
	}
	if !w.based && w.unwanted(pg) { // what the first read stops at
		w.cover(pg)
		w.position = w.position.raised(w.covered, w.began.Server)
	}
	w.position.start, w.based = time.Time{}, true
	rows := w.rows(pg)
	for chunk := range slices.Chunk(rows, w.p.s.PageSize) {
		batch := source.Batch{Repeats: w.repeats}
		var ids []uint64
		var odd []claim.Mark
		for _, r := range chunk {
			if r.wanted {
				batch.Entries = append(batch.Entries, r.entry)
			}
			if r.entry.numbered {
				ids = append(ids, r.entry.id)
			} else {
				odd = append(odd, r.mark)
			}
		}
		w.position = w.position.with(ids, odd)
		if len(batch.Entries) == 0 {
			continue
		}
		w.repeats = 0
		w.cursor = w.position.bounded(w.settled(), w.began.Server).cursor()
		batch.Cursor = w.cursor
		if !yield(batch) {
			return false
		}
	}
	w.cover(pg)
	w.position = w.position.bounded(w.settled(), w.began.Server)
	return true
}

// unnumbered tells whether a page, as it seems, belongs to a log without numbers, in which no hole can be shown.
func (w *walk) unnumbered(pg page) bool {
	_, ok := lowest(pg.entries)
	return w.based && !ok
}

// row is an entry that was not accepted before.
type row struct {
	entry  *entry
	mark   claim.Mark // of one without a number
	wanted bool       // by the first read
}

// rows are the entries of a page that are new, the oldest first. An entry without a number belongs above the floor if
// the entry above it does; of one that is the first on its page, the next page tells.
func (w *walk) rows(pg page) (fresh []row) {
	above, known := uint64(math.MaxUint64), pg.offset == 0
	for i := range pg.entries {
		e := &pg.entries[i]
		r := row{entry: e, wanted: w.from.IsZero() || e.time.IsZero() || !e.time.Before(w.from)}
		if e.numbered {
			above, known = e.id, true
			w.age(e)
			if _, ok := w.position.seen[e.id]; ok {
				w.repeats++
				continue
			}
			if e.id <= w.position.floor {
				continue
			}
		} else {
			r.mark = claim.MarkOf(e.value.Sent())
			if !known || above <= w.position.floor || !w.meet(odd{r.mark, above}) {
				continue
			}
		}
		fresh = append(fresh, r)
	}
	slices.Reverse(fresh)
	return fresh
}

// meet notes an entry without a number, and tells whether it is new.
func (w *walk) meet(o odd) bool {
	w.odd = append(w.odd, o)
	if _, ok := w.position.odd[o.mark]; ok {
		w.repeats++
		return false
	}
	return true
}

// age notes the lowest id that may have company that is late.
func (w *walk) age(e *entry) {
	if e.id < w.young && (e.time.IsZero() || !e.time.Before(w.began.Server.Add(-w.p.s.Overlap-dateStep))) {
		w.young = e.id
	}
}

// settled is an id up to which all were accepted and none appears late, as far as dates can tell.
func (w *walk) settled() uint64 {
	if w.young == 0 {
		return 0
	}
	return min(w.covered, w.young-1)
}

// cover notes that everything up to the first entry of a page was accepted.
func (w *walk) cover(pg page) {
	if top, ok := highest(pg.entries); ok {
		w.covered = max(w.covered, top)
	}
}

// finish tells of the position that a whole read ends with.
func (w *walk) finish(yield func(source.Batch) bool) error {
	next := w.position.aged(w.began, w.ended, w.covered, w.p.s.Overlap)
	next.odd = map[claim.Mark]struct{}{}
	for _, o := range w.odd[max(0, len(w.odd)-maxOdd):] {
		if o.above > next.floor {
			next.odd[o.mark] = struct{}{}
		}
	}
	if cursor := next.cursor(); cursor != w.cursor || w.repeats > 0 {
		if !yield(source.Batch{Cursor: cursor, Repeats: w.repeats}) {
			return errStopped
		}
	}
	return nil
}
