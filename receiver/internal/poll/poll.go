// Package poll reads one log once.
package poll

import (
	"context"
	"slices"
	"time"

	"github.com/userlog/userlog-otel/receiver/internal/source"
)

// Checkpoints keeps the cursors of the logs.
type Checkpoints interface {
	Load(context.Context, source.Subject) (source.Cursor, error)
	// Save returns once the cursor is stored, also if ctx is done.
	Save(context.Context, source.Subject, source.Cursor) error
}

// Deliverer hands entries on. It returns nil once the next consumer accepted them, or refused them for good.
type Deliverer interface {
	Deliver(context.Context, []source.Entry) error
}

// Observer is told what a read finds. Its methods are called from several goroutines.
type Observer interface {
	// Read is called before entries are delivered, with the number of new ones, of repeats, and of those left out because
	// the configuration says so.
	Read(ctx context.Context, fresh, repeats, filtered int)
	// Progressed is called now and then in a read that lasts, whose entries are accepted and whose cursors are stored.
	Progressed(source.Subject)
	// Gap is called before the cursor moves past a gap.
	Gap(context.Context, source.Subject, source.Gap)
}

// Poller reads logs. It is safe for concurrent use, for one subject by one caller at a time.
type Poller struct {
	Reader      source.Reader
	Checkpoints Checkpoints
	Deliverer   Deliverer
	Observer    Observer
	// Window is the number of entries that the API gives at most, the newest of a log; 0 if it gives all.
	Window int
	// GapRecord makes the entry that tells of a gap; nil if there is to be none.
	GapRecord func(source.Subject, source.Gap) source.Entry
}

// Poll reads what is new in one log and hands it on, batch by batch. This is where the promise of the receiver is kept:
//
// A cursor is saved only after everything that it claims was accepted was accepted. Whatever fails on the way, and
// wherever the process ends, the log is read again from a cursor whose claim is true. What was accepted after it comes
// again, with the same log.record.uid: at most one batch of each log that was being read.
//
// It does not promise that a record reaches its destination: that is the next consumer's once it returned nil.
//
// It returns the number of entries that were new and accepted, also with an error. If wanted tells that the worker is
// wanted for another log, a read that had its share ends before the log does, and more is true: the next one goes on
// from the cursor stored last.
func (p *Poller) Poll(ctx context.Context, subject source.Subject, wanted func() bool) (fresh int, more bool, err error) {
	cursor, err := p.Checkpoints.Load(ctx, subject)
	if err != nil {
		return 0, false, err
	}
	t := turn{began: time.Now(), window: p.Window, wanted: wanted}
	for batch, err := range p.Reader.Read(ctx, subject, cursor) {
		if err != nil {
			return t.fresh, false, err
		}
		if err := p.handOn(ctx, subject, batch); err != nil {
			return t.fresh, false, err
		}
		t.fresh += len(batch.Entries)
		if batch.Cursor == cursor {
			continue
		}
		if err := p.Checkpoints.Save(ctx, subject, batch.Cursor); err != nil {
			return t.fresh, false, err
		}
		cursor = batch.Cursor
		if t.batches++; t.lasts() {
			p.Observer.Progressed(subject)
		}
		if t.over() {
			return t.fresh, true, nil
		}
	}
	return t.fresh, false, nil
}

func (p *Poller) handOn(ctx context.Context, subject source.Subject, batch source.Batch) error {
	p.Observer.Read(ctx, len(batch.Entries), batch.Repeats, batch.Filtered)
	entries := batch.Entries
	if batch.Gap != nil {
		p.Observer.Gap(ctx, subject, *batch.Gap)
		if p.GapRecord != nil {
			entries = slices.Concat([]source.Entry{p.GapRecord(subject, *batch.Gap)}, entries)
		}
	}
	if len(entries) == 0 {
		return nil
	}
	return p.Deliverer.Deliver(ctx, entries)
}
