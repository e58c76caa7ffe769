package userlogreceiver

import (
	"context"
	"errors"
	"time"

	"github.com/userlog/userlog-otel/receiver/internal/checkpoint"
	"github.com/userlog/userlog-otel/receiver/internal/poll"
	"github.com/userlog/userlog-otel/receiver/internal/source"
)

// reads is what the schedule calls.
type reads struct {
	observer *observer
	store    *checkpoint.Store
	reader   source.Reader
	poller   poll.Poller
	lookback time.Duration
	// wanted is since when logs are wanted that could not be added yet, and begun which logs were given a start since they
	// were told last. One goroutine adds.
	wanted map[source.Subject]time.Time
	begun  map[source.Subject]struct{}
}

func (r *reads) startAt(now time.Time) source.Cursor { return r.reader.Start(now.Add(-r.lookback)) }

// startAfter is where a log begins whose cursor is bad: where it would without one, or where it was left, if that is known
// and earlier.
func (r *reads) startAfter(err error) source.Cursor {
	now := time.Now()
	var e *source.Error
	if errors.As(err, &e) && !e.Since.IsZero() && e.Since.Before(now.Add(-r.lookback)) {
		return r.reader.Start(e.Since)
	}
	return r.startAt(now)
}

// add makes logs known. Those without a stored cursor begin at the time at which they were first to be added, however
// long the storage failed then.
func (r *reads) add(ctx context.Context, subjects []source.Subject) error {
	now := time.Now()
	rejected, err := r.store.Add(ctx, subjects, func(subject source.Subject) source.Cursor {
		r.begun[subject] = struct{}{}
		if since, ok := r.wanted[subject]; ok {
			return r.startAt(since)
		}
		return r.startAt(now)
	})
	r.observer.cursorsRejected(ctx, rejected...)
	if err == nil {
		r.observer.begun(len(r.begun), r.lookback)
		r.wanted, r.begun = map[source.Subject]time.Time{}, map[source.Subject]struct{}{} // cleared, they would keep their memory
		return nil
	}
	for _, subject := range subjects {
		if _, ok := r.wanted[subject]; !ok {
			r.wanted[subject] = now
		}
	}
	return err
}

func (r *reads) poll(ctx context.Context, subject source.Subject, wanted func() bool) (fresh int, more bool, err error) {
	fresh, more, err = r.poller.Poll(ctx, subject, wanted)
	switch {
	case err == nil || ctx.Err() != nil:
	case source.KindOf(err) == source.BadCursor:
		r.observer.cursorsRejected(ctx, checkpoint.Rejected{Subject: subject, Reason: err})
		return 1, false, r.store.Save(ctx, subject, r.startAfter(err)) // that the log begins again is news: it is read again soon
	case source.KindOf(err) == source.Unreadable:
		r.observer.answerRejected(ctx)
	}
	return fresh, more, err
}
