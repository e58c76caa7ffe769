package canvas

import (
	"context"
	"errors"
	"iter"
	"time"

	"github.com/userlog/userlog-otel/receiver/internal/claim"
	"github.com/userlog/userlog-otel/receiver/internal/source"
)

// errStopped means that the engine wants no more batches.
var errStopped = errors.New("stopped")

// Read implements source.Reader. It asks for everything from the cursor's floor until now. If that is too much to hold,
// it goes through the time in spans, the oldest first, of a length that can be held; each is delivered and stored before
// the next. A span of one second cannot be shortened: it is delivered page by page.
func (p *Provider) Read(ctx context.Context, subject source.Subject, after source.Cursor) iter.Seq2[source.Batch, error] {
	return func(yield func(source.Batch, error) bool) {
		known, err := parseCursor(after)
		if err != nil {
			yield(source.Batch{}, &source.Error{Kind: source.BadCursor, Op: opOf(subject), Err: err})
			return
		}
		r := &read{p: p, subject: subject, position: known, refused: known.refused, spanned: known.span > 0, cursor: after}
		r.yield = func(b source.Batch) bool { return yield(b, nil) }
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
	times    times
	// refused is set until it is stored that the log, which was refused, is readable again.
	refused bool
	// spanned is set if there was too much to be held, in this read or in one that made room for others: the length of a
	// span may be stored until the log is read until now.
	spanned bool
	// uncovered is the second up to which marks were forgotten although the floor could not follow; zero if there is none.
	uncovered time.Time
}

// run reads until now. A log for which a right is missing remembers that, if there are others to judge by it.
func (r *read) run(ctx context.Context) error {
	err := r.spans(ctx)
	if err == nil || source.KindOf(err) != source.Forbidden || !r.p.s.Logs.Overlap() {
		return err
	}
	r.position = r.position.refusedNow()
	if cursor := r.position.cursor(); cursor != r.cursor && !r.yield(source.Batch{Cursor: cursor}) {
		return errStopped
	}
	return err
}

// spans reads span by span until now.
func (r *read) spans(ctx context.Context) error {
	from, length := r.begin(), r.position.span // 0: until now
	for {
		if !r.position.Floor.Before(from) { // nothing was read before that is not settled
			r.times.first = claim.Clocks{}
		}
		w := &walk{p: r.p, subject: r.subject, from: from, past: r.spanned, known: &r.position, times: &r.times}
		if length > 0 {
			w.to = from.Add(length - resolution) // both ends belong to a span
		}
		if length == resolution { // it cannot be shortened
			w.sink = func(rows []row) error { return r.deliver(ctx, w, rows) }
		}
		r.position.span = length
		switch err := w.run(ctx); {
		case errors.Is(err, errTooMany):
			length, r.spanned = w.shorter(), true
			continue
		case errors.Is(err, errTooLate):
			from = r.begin()
			continue
		case err != nil:
			return err
		}
		if length > 0 {
			length = w.next()
		}
		if !w.to.Add(resolution + length).Before(r.times.end()) {
			length = 0
		}
		if err := r.close(ctx, w); err != nil || w.to.IsZero() {
			return err
		}
		from = w.to.Add(resolution)
	}
}

// begin is where to read from: the floor, or, in the first read of a log, its start by the local clock.
func (r *read) begin() time.Time {
	if r.position.Start.IsZero() {
		return r.position.Floor.Truncate(resolution)
	}
	return beginning(r.position.Start)
}
