package sourcetest

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/userlog/userlog-otel/receiver/internal/source"
)

// altered is a reader that does one thing wrong, and all else as the one in it.
type altered struct {
	source.Reader
	read func(context.Context, source.Subject, source.Cursor) batches
}

type batches = iter.Seq2[source.Batch, error]

// Read implements source.Reader.
func (a altered) Read(ctx context.Context, subject source.Subject, after source.Cursor) batches {
	return a.read(ctx, subject, after)
}

// alter changes the batches of a reader, of which the number from 0 on is told, and its errors. A nil error ends the
// read without a word.
func alter(
	batch func(int, source.Batch) source.Batch, failure func(source.Subject, error) error,
) func(source.Reader) source.Reader {
	return func(r source.Reader) source.Reader {
		return altered{r, func(ctx context.Context, subject source.Subject, after source.Cursor) batches {
			return func(yield func(source.Batch, error) bool) {
				n := 0
				for b, err := range r.Read(ctx, subject, after) {
					if err != nil && failure != nil {
						if err = failure(subject, err); err == nil {
							return
						}
					}
					if err == nil && batch != nil {
						b = batch(n, b)
					}
					if n++; !yield(b, err) {
						return
					}
				}
			}
		}}
	}
}

// early begins a day before it should.
type early struct{ source.Reader }

func (e early) Start(from time.Time) source.Cursor { return e.Reader.Start(from.AddDate(0, 0, -1)) }

func newestFirst(_ int, b source.Batch) source.Batch {
	slices.Reverse(b.Entries)
	return b
}

func twice(_ int, b source.Batch) source.Batch {
	b.Entries = slices.Concat(b.Entries, b.Entries)
	return b
}

func tellsGaps(n int, b source.Batch) source.Batch {
	if n == 0 && len(b.Entries) > 0 {
		b.Gap = &source.Gap{Reason: "for a change"}
	}
	return b
}

func binaryCursors(_ int, b source.Batch) source.Batch {
	b.Cursor += "\x00"
	return b
}

func unsteady(_ int, b source.Batch) source.Batch {
	for i, e := range b.Entries {
		b.Entries[i] = &stamped{Entry: e}
	}
	return b
}

// stamped makes another record whenever it is asked.
type stamped struct {
	source.Entry
	n int64
}

func (s *stamped) Record(record plog.LogRecord) {
	s.Entry.Record(record)
	s.n++
	record.Attributes().PutInt("n", s.n)
	record.SetObservedTimestamp(pcommon.NewTimestampFromTime(time.Now()))
}

func leavesOutUndated(_ int, b source.Batch) source.Batch {
	b.Entries = slices.DeleteFunc(b.Entries, func(e source.Entry) bool { return e.Time().IsZero() })
	return b
}

func silent(source.Subject, error) error { return nil }

func transient(_ source.Subject, err error) error {
	return &source.Error{Kind: source.Transient, Err: err}
}

func talkative(subject source.Subject, err error) error {
	return &source.Error{Kind: source.KindOf(err), Err: fmt.Errorf("%w, for %s", err, subject)}
}
