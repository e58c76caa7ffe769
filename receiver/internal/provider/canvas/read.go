package canvas

import (
	"context"
	"errors"
	"iter"
	"slices"
	"time"

	"github.com/userlog/userlog-otel/receiver/internal/claim"
	"github.com/userlog/userlog-otel/receiver/internal/source"
)

// errStopped means that the engine wants no more batches.
var errStopped = errors.New("stopped")

// resolution is what the dates of Canvas are cut to.
const resolution = time.Second

// Read implements source.Reader. It asks for everything from the cursor's floor until now. If that is too much to hold,
// it goes through the time in spans, the oldest first, which it halves until one can be held; each is delivered and
// stored before the next.
func (p *Provider) Read(ctx context.Context, subject source.Subject, after source.Cursor) iter.Seq2[source.Batch, error] {
	return func(yield func(source.Batch, error) bool) {
		known, err := parseCursor(after)
		if err != nil {
			yield(source.Batch{}, &source.Error{Kind: source.BadCursor, Op: opOf(subject), Err: err})
			return
		}
		r := &read{p: p, subject: subject, position: known, cursor: after, yield: func(b source.Batch) bool { return yield(b, nil) }}
		if err := r.run(ctx); err != nil && !errors.Is(err, errStopped) {
			yield(source.Batch{}, err)
		}
	}
}

// read is one read of one log.
type read struct {
	p        *Provider
	subject  source.Subject
	position position
	cursor   source.Cursor // the position as text, as it is stored
	yield    func(source.Batch) bool
	// now is told by the first answer, for all spans: what appears after it may belong to a span that was read before.
	now claim.Clocks
}

// run reads span by span until now.
func (r *read) run(ctx context.Context) error {
	from, length := r.begin(), time.Duration(0) // length of a span; 0: until now
	for {
		w := &walk{p: r.p, subject: r.subject, from: from, known: &r.position, now: &r.now}
		if length > 0 {
			w.to = from.Add(length - resolution) // both ends belong to a span
		}
		if length == resolution { // it cannot be halved
			w.sink = func(rows []row) error { return r.deliver(ctx, w, rows) }
		}
		switch err := w.run(ctx); {
		case errors.Is(err, errTooMany):
			length = w.half()
			continue
		case errors.Is(err, errTooLate):
			from = r.begin()
			continue
		case err != nil:
			return err
		}
		if err := r.close(ctx, w); err != nil || w.to.IsZero() {
			return err
		}
		from = w.to.Add(resolution)
		if w.sparse() {
			length *= 2
		}
		if from.Add(length).After(w.now.Latest()) {
			length = 0
		}
	}
}

// begin is where to read from: the floor, or, in the first read of a log, its start by the local clock.
func (r *read) begin() time.Time {
	if r.position.Start.IsZero() {
		return r.position.Floor.Truncate(resolution)
	}
	return r.position.Start.Truncate(resolution)
}

// close delivers what a walk holds and says what is settled by it.
func (r *read) close(ctx context.Context, w *walk) error {
	idle := len(w.fresh) == 0 && w.sink == nil
	if err := r.deliver(ctx, w, w.fresh); err != nil {
		return err
	}
	// Nothing appears any more that is dated before this, and everything in the span was accepted.
	settled := w.now.Earliest().Add(-r.p.s.Overlap)
	switch {
	case !w.to.IsZero():
		if end := w.to.Add(resolution); end.Before(settled) {
			settled = end
		}
	case !idle || w.pages < 2 || !settled.After(w.now.Newest): // the next walk would not be shorter by it
		return r.tell(w, r.cursor)
	}
	r.position.Claim = r.position.Settled(settled).Remembering(w.again)
	return r.tell(w, r.position.cursor())
}

// tell hands on a batch without entries, if it says anything.
func (r *read) tell(w *walk, cursor source.Cursor) error {
	if cursor == r.cursor && w.repeats == 0 && w.gap == nil {
		return nil
	}
	batch := source.Batch{Cursor: cursor, Repeats: w.repeats, Gap: w.gap}
	r.cursor, w.repeats, w.gap = cursor, 0, nil
	if !r.yield(batch) {
		return errStopped
	}
	return nil
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

// handOn hands on one batch, without what another log has delivered.
func (r *read) handOn(ctx context.Context, w *walk, rows []row) error {
	others, err := r.p.look(ctx, r.subject)
	if err != nil {
		return err
	}
	defer others.done()
	batch := source.Batch{Repeats: w.repeats, Gap: w.gap}
	for i := range rows {
		if e := &rows[i].entry; others.accepted(e) {
			batch.Repeats++
		} else {
			batch.Entries = append(batch.Entries, e)
		}
	}
	r.position = r.after(w, rows)
	r.cursor = r.position.cursor()
	batch.Cursor = r.cursor
	w.repeats, w.gap = 0, nil
	if !r.yield(batch) {
		return errStopped
	}
	return nil
}

// after is the position once rows were accepted too. The floor follows them if they are the oldest of all that is left
// in the span, which those of a walk are that goes to its end before it hands on anything.
func (r *read) after(w *walk, rows []row) position {
	accepted := make(map[claim.Mark]int64, len(rows))
	var upTo time.Time
	for i := range rows {
		accepted[rows[i].entry.mark] = claim.Stamp(rows[i].at)
		if rows[i].undated {
			w.again = append(w.again, rows[i].entry.mark)
		} else if rows[i].at.After(upTo) {
			upTo = rows[i].at
		}
	}
	// What was dated, or became visible, after the first answer of the walk may have been missed by it.
	if upTo.After(w.now.Server) {
		upTo = w.now.Server
	}
	if w.sink != nil {
		upTo = time.Time{}
	}
	next := r.position
	next.Claim = next.With(accepted, upTo, r.p.s.Overlap).Remembering(w.again)
	if kind, id := parts(r.subject); next.id == "" && !isNumber(id) {
		next.id = rows[0].entry.owner(kind)
	}
	return next
}
