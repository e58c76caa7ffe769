package userlogreceiver

import (
	"context"
	"errors"
	"fmt"
	"time"

	"go.uber.org/zap"

	"github.com/userlog/userlog-otel/receiver/internal/checkpoint"
	"github.com/userlog/userlog-otel/receiver/internal/source"
)

// Read implements poll.Observer.
func (o *observer) Read(ctx context.Context, fresh, repeats, filtered int) {
	o.telemetry.ReceiverUserLogEntriesRead.Add(ctx, int64(fresh), o.receiver)
	o.telemetry.ReceiverUserLogEntriesRepeated.Add(ctx, int64(repeats), o.receiver)
	o.telemetry.ReceiverUserLogEntriesFiltered.Add(ctx, int64(filtered), o.receiver)
}

// whose names the owner of a log in a text.
func whose(subject source.Subject) string {
	if subject == "" {
		return "the tenant"
	}
	return fmt.Sprintf("user %q", string(subject))
}

// Gap implements poll.Observer. A read whose batch was not delivered, or whose cursor was not stored, is repeated and
// finds the same gap again, which is told once.
func (o *observer) Gap(ctx context.Context, subject source.Subject, found source.Gap) {
	now := gap{from: found.From.UTC().Format(time.RFC3339Nano), to: found.To.UTC().Format(time.RFC3339Nano), ahead: true}
	o.mu.Lock()
	before := o.gaps[subject]
	o.gaps[subject] = now
	o.mu.Unlock()
	if before == now {
		return
	}
	o.telemetry.ReceiverUserLogGaps.Add(ctx, 1, o.receiver)
	o.health.Fail(gapKey(subject), now.from+now.to,
		fmt.Errorf("gap in the log of %s: entries from %s to %s that were not delivered before cannot be read any more, because %s", whose(subject), now.from, now.to, found.Reason),
		zap.String("user", string(subject)), zap.String("from", now.from), zap.String("to", now.to))
}

// Listed implements schedule.Observer.
func (o *observer) Listed(err error) {
	if o.passes != nil {
		if text := o.passes.over(o.logs()); text != "" {
			o.logger.Warn("reading user logs: " + text)
		}
	}
	if err != nil {
		o.health.Fail(keyList, err.Error(), fmt.Errorf("the list of users is not complete: %w", err))
		return
	}
	o.health.Recover(keyList, "the list of users is complete again")
}

// Polled implements schedule.Observer.
func (o *observer) Polled(subject source.Subject, err error) {
	user := zap.String("user", string(subject))
	var e *source.Error
	switch {
	case err == nil:
		o.Progressed(subject)
		o.closeGap(subject)
	case errors.As(err, &e):
		if e.Kind == source.Forbidden || e.Kind == source.Gone {
			o.health.Recover(keySource, "the API answers again") // if only this log's question with no
		}
		o.health.Fail(userKey(subject), e.Kind.String(), fmt.Errorf("%s: %w", whose(subject), err), user)
	case errors.Is(err, checkpoint.ErrNewerVersion):
		o.health.Fail(userKey(subject), "newer", fmt.Errorf("%s: %w", whose(subject), err), user)
	default:
		o.health.Fail(keyLocal, "local", err)
	}
}

// Progressed implements poll.Observer.
func (o *observer) Progressed(subject source.Subject) {
	o.health.Recover(keySource, "the API answers again")
	o.health.Recover(keyLocal, "cursors and records are taken again")
	o.health.Recover(userKey(subject), "the log can be read again", zap.String("user", string(subject)))
}

// closeGap takes a gap out of the status once a later read found none.
func (o *observer) closeGap(subject source.Subject) {
	o.mu.Lock()
	last, known := o.gaps[subject]
	over := known && !last.ahead
	switch {
	case over:
		delete(o.gaps, subject)
	case known:
		last.ahead = false
		o.gaps[subject] = last
	}
	o.mu.Unlock()
	if over {
		o.health.Forget(gapKey(subject))
	}
}

// Held implements schedule.Observer.
func (o *observer) Held(err error) {
	o.health.Fail(keySource, source.KindOf(err).String(), fmt.Errorf("all logs of the source wait: %w", err))
}

// Unlisted implements schedule.Observer.
func (o *observer) Unlisted(subject source.Subject) {
	o.mu.Lock()
	delete(o.gaps, subject)
	o.mu.Unlock()
	o.health.Forget(userKey(subject))
	o.health.Forget(gapKey(subject))
}

// begun tells how many logs begin without a stored cursor. On a receiver that has run before it shows that its storage
// was emptied, or exchanged.
func (o *observer) begun(logs int, lookback time.Duration) {
	if logs > 0 {
		o.logger.Info("reading user logs: logs without a stored cursor begin at initial_lookback",
			zap.Int("logs", logs), zap.Duration("initial_lookback", lookback))
	}
}

// idle tells that none of the source's logs is the receiver's.
func (o *observer) idle(index, count, logs int) {
	o.logger.Info(fmt.Sprintf("reading user logs: shard %d of %d has none of the %d logs of the source and stays idle: the other shards read them",
		index, count, logs))
}

// cursorsRejected tells of stored cursors that are not used, once for each reason: a changed endpoint concerns all.
func (o *observer) cursorsRejected(ctx context.Context, rejected ...checkpoint.Rejected) {
	users := map[string][]string{}
	for _, r := range rejected {
		users[r.Reason.Error()] = append(users[r.Reason.Error()], string(r.Subject))
	}
	for reason, users := range users {
		o.telemetry.ReceiverUserLogCursorsRejected.Add(ctx, int64(len(users)), o.receiver)
		o.logger.Warn("reading user logs: stored cursors are set aside, their logs are read again from initial_lookback, or from where they were left if that is earlier: "+reason,
			zap.Int("cursors", len(users)), zap.Strings("users", users[:min(len(users), maxNamed)]))
	}
}

// maxNamed is how many users one line of log names.
const maxNamed = 10

// answerRejected counts an answer that was dropped whole.
func (o *observer) answerRejected(ctx context.Context) {
	o.telemetry.ReceiverUserLogResponsesRejected.Add(ctx, 1, o.receiver)
}
