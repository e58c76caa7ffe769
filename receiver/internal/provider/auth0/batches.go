package auth0

import (
	"iter"
	"slices"
	"time"

	"github.com/userlog/userlog-otel/receiver/internal/claim"
	"github.com/userlog/userlog-otel/receiver/internal/source"
)

// batches hands out the fresh rows of a walk, the oldest first, each batch with the claim that is true once it was
// accepted. A walk that found nothing new still tells of its repeats, with the cursor that it began with or, if that
// makes the next walk shorter, with a higher floor.
func (w *walk) batches(before source.Cursor, size int, overlap time.Duration) iter.Seq[source.Batch] {
	return func(yield func(source.Batch) bool) {
		slices.Reverse(w.fresh)
		slices.SortStableFunc(w.fresh, func(a, b walkRow) int { return a.at.Compare(b.at) })
		repeats, gap, now := w.repeats, w.gap(), w.from
		if len(w.fresh) == 0 {
			yield(source.Batch{Cursor: w.shortened(before, overlap), Repeats: repeats, Gap: gap})
			return
		}
		for rows := range slices.Chunk(w.fresh, size) {
			now = w.claimOf(now, rows, overlap)
			batch := source.Batch{Entries: make([]source.Entry, len(rows)), Cursor: cursorOf(now), Repeats: repeats, Gap: gap}
			for i := range rows {
				batch.Entries[i] = rows[i].entry
			}
			if !yield(batch) {
				return
			}
			repeats, gap = 0, nil
		}
	}
}

// shortened is the cursor after a walk that found nothing new. What is dated the overlap before the walk was all there
// and all accepted. That is worth a cursor only if more than one page had to be read to find it out again: the next
// walk, and all until something happens, then read one.
func (w *walk) shortened(before source.Cursor, overlap time.Duration) source.Cursor {
	floor := w.now.Earliest().Add(-overlap)
	if w.pages < 2 || !w.bottom || w.torn || !floor.After(w.now.Newest) {
		return before
	}
	return cursorOf(w.from.Settled(floor).Remembering(w.again).Bounded(maxSeen))
}

// claimOf is the claim once rows were accepted too. Only a walk down to the floor, or to the end of what the API
// gives, shows that nothing is missing; without that proof the rows are remembered one by one and the floor stays.
func (w *walk) claimOf(now claim.Claim, rows []walkRow, overlap time.Duration) claim.Claim {
	accepted := make(map[claim.Mark]int64, len(rows))
	var upTo time.Time
	for _, r := range rows {
		accepted[r.mark] = claim.Stamp(r.at)
		if !r.undated && r.at.After(upTo) {
			upTo = r.at
		}
		if r.undated {
			w.again = append(w.again, r.mark)
		}
	}
	// What was dated, or became visible, after the first answer of the walk may have been missed by it.
	if upTo.After(w.now.Server) {
		upTo = w.now.Server
	}
	if w.leftOut && upTo.After(w.dropped) {
		upTo = w.dropped
	}
	if w.torn {
		upTo = time.Time{}
	}
	return now.With(accepted, upTo, overlap).Remembering(w.again).Bounded(maxSeen)
}

// gap is the span that the walk should have covered and could not, if it reached back to nothing known: from the floor,
// because entries published late may be missing from there on, to the oldest entry that the API still gives.
//
// If it did reach what is known, nothing is missing for certain. Of more than 1,000 entries within the overlap, those
// published late below the newest 1,000 are not seen, and nobody can tell whether there are any.
func (w *walk) gap() *source.Gap {
	if !w.capped || w.knows || len(w.met) == 0 {
		return nil
	}
	from := w.from.Floor
	if from.After(w.oldest) {
		from = w.oldest
	}
	return &source.Gap{From: from, To: w.oldest, Reason: "the API gives only the newest 1,000 entries of a user's log"}
}
