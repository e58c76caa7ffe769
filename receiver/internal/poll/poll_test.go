package poll

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/userlog/userlog-otel/receiver/internal/source"
)

// trace writes down what happens, in order. It is reader, checkpoints, deliverer and observer in one.
type trace struct {
	steps   []string
	batches []source.Batch
	stored  source.Cursor
	// What fails: the n-th call, from 1.
	loadErr           error
	failRead          int
	failDeliver       int
	failSave          int
	delivered, saves  int
	readErr, otherErr error
}

func (tr *trace) note(format string, args ...any) {
	tr.steps = append(tr.steps, fmt.Sprintf(format, args...))
}

func (tr *trace) Load(context.Context, source.Subject) (source.Cursor, error) {
	tr.note("load")
	return tr.stored, tr.loadErr
}

func (tr *trace) Save(_ context.Context, _ source.Subject, c source.Cursor) error {
	tr.saves++
	if tr.saves == tr.failSave {
		tr.note("save %s fails", c)
		return tr.otherErr
	}
	tr.note("save %s", c)
	tr.stored = c
	return nil
}

func (tr *trace) Deliver(_ context.Context, entries []source.Entry) error {
	tr.delivered++
	if tr.delivered == tr.failDeliver {
		tr.note("deliver %v fails", entries)
		return tr.otherErr
	}
	tr.note("deliver %v", entries)
	return nil
}

func (tr *trace) Read(_ context.Context, fresh, repeats, _ int) {
	tr.note("found %d+%d", fresh, repeats)
}

func (tr *trace) Progressed(source.Subject) {}

func (tr *trace) Gap(_ context.Context, _ source.Subject, gap source.Gap) {
	tr.note("gap %s", gap.Reason)
}

// script gives the batches of a trace; its own type, because Observer has a Read too.
type script struct{ *trace }

func (s script) Start(time.Time) source.Cursor { return "" }

func (s script) Read(_ context.Context, _ source.Subject, after source.Cursor) iter.Seq2[source.Batch, error] {
	return func(yield func(source.Batch, error) bool) {
		for i, batch := range s.batches {
			s.note("read %d", i+1)
			if i+1 == s.failRead {
				yield(source.Batch{}, s.readErr)
				return
			}
			if batch.Cursor == "" {
				batch.Cursor = after
			}
			if !yield(batch, nil) {
				return
			}
		}
	}
}

type number int

func (number) Record(plog.LogRecord) {}
func (number) Time() time.Time       { return time.Time{} }

func batch(cursor source.Cursor, numbers ...int) source.Batch {
	b := source.Batch{Cursor: cursor}
	for _, n := range numbers {
		b.Entries = append(b.Entries, number(n))
	}
	return b
}

func never() bool { return false }

func TestCursorIsSavedOnlyAfterItsEntriesWereAccepted(t *testing.T) {
	errOther, errRead := errors.New("other"), &source.Error{Kind: source.Transient, Err: errors.New("read")}
	gap := batch("b", 3)
	gap.Gap, gap.Repeats = &source.Gap{Reason: "window"}, 7
	two := []source.Batch{batch("a", 1, 2), batch("b", 3)}

	for _, test := range []struct {
		name    string
		trace   trace
		want    []string
		fresh   int
		wantErr error
	}{
		{
			name: "batch by batch", trace: trace{batches: two},
			want:  []string{"load", "read 1", "found 2+0", "deliver [1 2]", "save a", "read 2", "found 1+0", "deliver [3]", "save b"},
			fresh: 3,
		},
		{
			name: "delivery fails: nothing saved, nothing more read", trace: trace{batches: two, failDeliver: 1},
			want: []string{"load", "read 1", "found 2+0", "deliver [1 2] fails"}, wantErr: errOther,
		},
		{
			name: "second delivery fails: the first stays saved", trace: trace{batches: two, failDeliver: 2},
			want:    []string{"load", "read 1", "found 2+0", "deliver [1 2]", "save a", "read 2", "found 1+0", "deliver [3] fails"},
			wantErr: errOther,
			fresh:   2,
		},
		{
			name: "reading fails in the middle: what was accepted stays saved", trace: trace{batches: two, failRead: 2},
			want: []string{"load", "read 1", "found 2+0", "deliver [1 2]", "save a", "read 2"}, wantErr: errRead,
			fresh: 2,
		},
		{
			name: "reading fails at once: the cursor stays", trace: trace{batches: two, failRead: 1, stored: "old"},
			want: []string{"load", "read 1"}, wantErr: errRead,
		},
		{
			name: "saving fails: nothing more read", trace: trace{batches: two, failSave: 1},
			want: []string{"load", "read 1", "found 2+0", "deliver [1 2]", "save a fails"}, wantErr: errOther,
			fresh: 2,
		},
		{
			name: "loading fails: nothing read", trace: trace{batches: two, loadErr: errOther},
			want: []string{"load"}, wantErr: errOther,
		},
		{
			name: "nothing new: nothing delivered, nothing written", trace: trace{batches: []source.Batch{{Repeats: 4}}, stored: "old"},
			want: []string{"load", "read 1", "found 0+4"},
		},
		{
			name: "the cursor moves without entries", trace: trace{batches: []source.Batch{batch("a")}},
			want: []string{"load", "read 1", "found 0+0", "save a"},
		},
		{
			name: "the same cursor twice is written once", trace: trace{batches: []source.Batch{batch("a", 1), batch("a", 2)}},
			want:  []string{"load", "read 1", "found 1+0", "deliver [1]", "save a", "read 2", "found 1+0", "deliver [2]"},
			fresh: 2,
		},
		{
			name: "a gap is told before the cursor moves past it", trace: trace{batches: []source.Batch{batch("a", 1), gap}},
			want: []string{
				"load", "read 1", "found 1+0", "deliver [1]", "save a",
				"read 2", "found 1+7", "gap window", "deliver [3]", "save b",
			},
			fresh: 2,
		},
		{
			name: "a gap is told although delivery fails", trace: trace{batches: []source.Batch{gap}, failDeliver: 1},
			want: []string{"load", "read 1", "found 1+7", "gap window", "deliver [3] fails"}, wantErr: errOther,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			tr := test.trace
			tr.otherErr, tr.readErr = errOther, errRead
			p := Poller{Reader: script{&tr}, Checkpoints: &tr, Deliverer: &tr, Observer: &tr}
			fresh, more, err := p.Poll(t.Context(), "u", never)
			assert.ErrorIs(t, err, test.wantErr)
			assert.Equal(t, test.fresh, fresh)
			assert.False(t, more)
			assert.Equal(t, test.want, tr.steps)
		})
	}
}
