package canvas

import (
	"context"
	"slices"
	"time"

	"github.com/userlog/userlog-otel/receiver/internal/claim"
	"github.com/userlog/userlog-otel/receiver/internal/source"
)

// close delivers what a walk holds and says what is settled by it.
func (r *read) close(ctx context.Context, w *walk) error {
	idle := len(w.fresh) == 0 && w.sink == nil
	if err := r.deliver(ctx, w, w.fresh); err != nil {
		return err
	}
	// Everything in the span was accepted that was there when it was read.
	settled, accepted := r.times.settled(r.p.s.Overlap), r.times.shown()
	changed := true
	if end := w.to.Add(resolution); !w.to.IsZero() {
		settled, accepted = earlier(settled, end), earlier(accepted, end)
	} else if !idle || w.pages < 2 || !settled.After(r.times.first.Newest) {
		changed = false // the next walk would not be shorter by it
	}
	if changed {
		r.position.Claim = r.position.Settled(settled).Remembering(w.again)
	}
	if !r.uncovered.IsZero() && !r.uncovered.After(accepted) {
		r.position.Claim = r.position.Settled(r.uncovered)
		r.uncovered, changed = time.Time{}, true
	}
	changed = changed || r.refused || r.spanned && w.to.IsZero()
	r.refused = false
	return r.tell(w, changed)
}

// tell hands on batches without entries: as many as there are gaps, or one if there is anything else to say.
func (r *read) tell(w *walk, changed bool) error {
	changed = changed && r.position.cursor() != r.cursor
	for changed || w.repeats > 0 || len(w.gaps) > 0 {
		batch := r.batch(w)
		if changed || batch.Gap != nil {
			r.cursor = r.position.cursor()
		}
		batch.Cursor, changed = r.cursor, false
		if !r.yield(batch) {
			return errStopped
		}
	}
	return nil
}

// batch begins a batch with what is to be told beside its entries. A gap is told once.
func (r *read) batch(w *walk) source.Batch {
	batch := source.Batch{Repeats: w.repeats}
	w.repeats = 0
	if len(w.gaps) > 0 {
		batch.Gap, w.gaps = &w.gaps[0], w.gaps[1:]
		at := batch.Gap.From
		r.position.Claim = r.position.With(map[claim.Mark]int64{gapMark(at): claim.Stamp(at)}, time.Time{}, 0)
	}
	return batch
}

// deliver hands on rows, the oldest first.
func (r *read) deliver(ctx context.Context, w *walk, rows []row) error {
	slices.Reverse(rows)
	slices.SortStableFunc(rows, func(a, b row) int { return a.at.Compare(b.at) })
	for chunk := range slices.Chunk(rows, r.p.s.PageSize) {
		if err := r.handOn(ctx, w, chunk); err != nil {
			return err
		}
	}
	return nil
}

// handOn hands on one batch, without what another log has delivered. It has the turn until the batch was accepted and
// its cursor stored: while a delivery is repeated, the other logs wait. They would wait for the same next consumer. Both
// ways out of the wait, a delivery that fails because ctx is done and an engine that stops, end in here and give the
// turn back.
func (r *read) handOn(ctx context.Context, w *walk, rows []row) error {
	others, err := r.look(ctx)
	if err != nil {
		return err
	}
	defer others.done()
	batch := r.batch(w)
	hearsay := map[claim.Mark]struct{}{}
	for i := range rows {
		e := &rows[i].entry
		switch covered, named := others.accepted(e); {
		case !covered:
			batch.Entries = append(batch.Entries, e)
		case !named:
			hearsay[e.mark] = struct{}{}
			fallthrough
		default:
			batch.Repeats++
		}
	}
	r.accept(w, rows, hearsay)
	r.cursor = r.position.cursor()
	batch.Cursor = r.cursor
	if !r.yield(batch) {
		return errStopped
	}
	return nil
}

// accept makes the position that of a log of which rows were accepted, too. The floor follows them if they are the oldest
// of all that is left in the span, which those of a walk are that goes to its end before it hands on anything. What only
// the floor of another log covers, hearsay, gets no mark: a mark is believed by all, and only what is certain may be.
func (r *read) accept(w *walk, rows []row, hearsay map[claim.Mark]struct{}) {
	accepted := make(map[claim.Mark]int64, len(rows))
	var upTo time.Time
	for i := range rows {
		if _, ok := hearsay[rows[i].entry.mark]; !ok {
			accepted[rows[i].entry.mark] = claim.Stamp(rows[i].at)
		}
		if rows[i].undated {
			w.again = append(w.again, rows[i].entry.mark)
		} else {
			upTo = later(upTo, rows[i].at)
		}
	}
	// What was dated, or became visible, after the first answer of the walk may have been missed by it.
	upTo = earlier(upTo, r.times.shown())
	whole := upTo
	if w.sink != nil {
		upTo, whole = time.Time{}, w.from
	}
	p := &r.position
	p.Claim = p.With(accepted, upTo, r.p.s.Overlap).Settled(earlier(upTo, r.times.settled(r.p.s.Overlap))).Remembering(w.again)
	var uncovered time.Time
	p.Claim, uncovered = p.Capped(maxSeen, keptSeen, whole)
	r.uncovered = later(r.uncovered, uncovered)
	if kind, id := parts(r.subject); p.id == "" && !isNumber(id) {
		p.id = rows[0].entry.owner(kind)
	}
}
