package userlogreceiver

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"go.opentelemetry.io/collector/receiver"
	"go.opentelemetry.io/collector/receiver/receiverhelper"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"
	"go.uber.org/zap"

	"github.com/userlog/userlog-otel/receiver/internal/checkpoint"
	"github.com/userlog/userlog-otel/receiver/internal/deliver"
	"github.com/userlog/userlog-otel/receiver/internal/health"
	"github.com/userlog/userlog-otel/receiver/internal/poll"
	"github.com/userlog/userlog-otel/receiver/internal/rest"
	"github.com/userlog/userlog-otel/receiver/internal/schedule"
	"github.com/userlog/userlog-otel/receiver/internal/source"
	"github.com/userlog/userlog-otel/receiver/userlogreceiver/internal/metadata"
)

// observer turns what the parts tell into the receiver's own telemetry. It names users in logs and status, never in
// metrics.
type observer struct {
	logger    *zap.Logger
	telemetry *metadata.TelemetryBuilder
	health    *health.Health
	obs       *receiverhelper.ObsReport
	receiver  metric.MeasurementOption
	classes   [6]metric.MeasurementOption // by the first digit of the status code

	calm   atomic.Int64 // Unix milliseconds of the time from which the source is throttled no more
	newest atomic.Int64 // Unix milliseconds of the newest entry delivered, 0 if none was

	mu   sync.Mutex
	gaps map[source.Subject]gap // gaps told
}

// gap is a gap in a log.
type gap struct {
	from, to string
	ahead    bool // the log was not read past it yet
}

var (
	_ rest.Observer     = (*observer)(nil)
	_ poll.Observer     = (*observer)(nil)
	_ deliver.Observer  = (*observer)(nil)
	_ schedule.Observer = (*observer)(nil)
)

// Keys of problems that concern the whole source.
const (
	keySource   = "source"
	keyLimit    = "limit"
	keyList     = "list"
	keyDelivery = "delivery"
	keyLocal    = "local"
)

func userKey(s source.Subject) string { return "user " + string(s) }
func gapKey(s source.Subject) string  { return "gap " + string(s) }

func newObserver(ctx context.Context, set receiver.Settings, telemetry *metadata.TelemetryBuilder, h *health.Health, obs *receiverhelper.ObsReport) *observer {
	id := attribute.String("receiver", set.ID.String())
	o := &observer{
		logger:    set.Logger,
		telemetry: telemetry,
		health:    h,
		obs:       obs,
		receiver:  metric.WithAttributeSet(attribute.NewSet(id)),
		gaps:      map[source.Subject]gap{},
	}
	for i := range o.classes {
		class := "none"
		if i > 0 {
			class = fmt.Sprintf("%dxx", i)
		}
		o.classes[i] = metric.WithAttributeSet(attribute.NewSet(id, attribute.String("status_class", class)))
	}
	o.zero(ctx)
	return o
}

// zero makes the counters exist: increase() in Prometheus does not see the first event of a counter that begins with
// it, and the first gap is the one to be told of. Of the requests it is those that succeed, so that a receiver that
// never reached its API has a rate of 0 and not none; those that fail are repeated and so are seen the second time.
func (o *observer) zero(ctx context.Context) {
	t := o.telemetry
	for _, counter := range []metric.Int64Counter{
		t.ReceiverUserLogBytesRead, t.ReceiverUserLogCursorsRejected, t.ReceiverUserLogEntriesDelivered,
		t.ReceiverUserLogEntriesRead, t.ReceiverUserLogEntriesRefused, t.ReceiverUserLogEntriesRepeated,
		t.ReceiverUserLogGaps, t.ReceiverUserLogResponsesRejected,
	} {
		counter.Add(ctx, 0, o.receiver)
	}
	t.ReceiverUserLogThrottledTime.Add(ctx, 0, o.receiver)
	t.ReceiverUserLogRequests.Add(ctx, 0, o.classes[2])
}

// watch registers what is measured when it is asked for.
func (o *observer) watch(engine *schedule.Schedule) error {
	return errors.Join(
		o.telemetry.RegisterReceiverUserLogUsersCallback(func(_ context.Context, m metric.Int64Observer) error {
			m.Observe(int64(engine.Users()), o.receiver)
			return nil
		}),
		o.telemetry.RegisterReceiverUserLogCursorAgeCallback(func(_ context.Context, m metric.Float64Observer) error {
			if oldest := engine.Oldest(); !oldest.IsZero() {
				m.Observe(time.Since(oldest).Seconds(), o.receiver)
			}
			return nil
		}),
		o.telemetry.RegisterReceiverUserLogNewestEntryAgeCallback(func(_ context.Context, m metric.Float64Observer) error {
			if newest := o.newest.Load(); newest != 0 {
				m.Observe(time.Since(time.UnixMilli(newest)).Seconds(), o.receiver)
			}
			return nil
		}),
	)
}

// Answered implements rest.Observer.
func (o *observer) Answered(ctx context.Context, status int, took time.Duration, bytes int) {
	class := status / 100
	if class < 0 || class >= len(o.classes) {
		class = 0
	}
	o.telemetry.ReceiverUserLogRequests.Add(ctx, 1, o.classes[class])
	o.telemetry.ReceiverUserLogRequestDuration.Record(ctx, took.Seconds(), o.receiver)
	o.telemetry.ReceiverUserLogBytesRead.Add(ctx, int64(bytes), o.receiver)
	if status != 0 && status != http.StatusTooManyRequests && time.Now().UnixMilli() > o.calm.Load() {
		o.health.Recover(keyLimit, "the API no longer asks to wait")
	}
}

// calmAfter is the time without a further wait after which a source counts as throttled no more. Where a quota by the
// minute is used up every minute, that is one state and not two changes a minute.
const calmAfter = 30 * time.Second

// Waited implements rest.Observer.
func (o *observer) Waited(ctx context.Context, wait time.Duration) {
	o.telemetry.ReceiverUserLogThrottledTime.Add(ctx, wait.Seconds(), o.receiver)
}

// Throttled implements rest.Observer.
func (o *observer) Throttled(_ context.Context, wait time.Duration) {
	o.calm.Store(time.Now().Add(wait + calmAfter).UnixMilli())
	o.health.Fail(keyLimit, "throttled", fmt.Errorf("the API asks to wait, first for %v: its rate limit is used up", wait.Round(time.Millisecond)))
}

// Read implements poll.Observer.
func (o *observer) Read(ctx context.Context, fresh, repeats int) {
	o.telemetry.ReceiverUserLogEntriesRead.Add(ctx, int64(fresh), o.receiver)
	o.telemetry.ReceiverUserLogEntriesRepeated.Add(ctx, int64(repeats), o.receiver)
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
		fmt.Errorf("gap in the log of user %q: entries from %s to %s that were not delivered before cannot be read any more, because %s", string(subject), now.from, now.to, found.Reason),
		zap.String("user", string(subject)), zap.String("from", now.from), zap.String("to", now.to))
}

// Begin implements deliver.Observer.
func (o *observer) Begin(ctx context.Context) (context.Context, func(deliver.End)) {
	inner := o.obs.StartLogsOp(ctx)
	return inner, func(e deliver.End) {
		if e.Refused == 0 {
			o.obs.EndLogsOp(inner, metadata.Type.String(), e.Accepted, e.Err)
			return
		}
		o.obs.EndLogsOp(inner, metadata.Type.String(), e.Accepted, nil)
		o.obs.EndLogsOp(o.obs.StartLogsOp(ctx), metadata.Type.String(), e.Refused, e.Err)
	}
}

// Refused implements deliver.Observer.
func (o *observer) Refused(_ context.Context, err error) {
	o.health.Fail(keyDelivery, "refused", fmt.Errorf("the next consumer refuses records; none is taken as delivered: %w", err))
}

// Accepted implements deliver.Observer.
func (o *observer) Accepted(ctx context.Context, records int, newest time.Time) {
	o.telemetry.ReceiverUserLogEntriesDelivered.Add(ctx, int64(records), o.receiver)
	o.health.Recover(keyDelivery, "the next consumer accepts records again")
	if newest.IsZero() {
		return
	}
	for n := newest.UnixMilli(); ; {
		old := o.newest.Load()
		if old >= n || o.newest.CompareAndSwap(old, n) {
			return
		}
	}
}

// Dropped implements deliver.Observer.
func (o *observer) Dropped(ctx context.Context, records int, uids []string, err error) {
	o.telemetry.ReceiverUserLogEntriesRefused.Add(ctx, int64(records), o.receiver)
	o.health.Recover(keyDelivery, "the next consumer refuses records no longer for now, but for good")
	o.logger.Error("reading user logs: the next consumer refused records for good; they are not delivered",
		zap.Int("records", records), zap.Strings("log.record.uid", uids), zap.Error(err))
}

// Listed implements schedule.Observer.
func (o *observer) Listed(err error) {
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
		o.health.Fail(userKey(subject), e.Kind.String(), fmt.Errorf("user %q: %w", string(subject), err), user)
	case errors.Is(err, checkpoint.ErrNewerVersion):
		o.health.Fail(userKey(subject), "newer", fmt.Errorf("user %q: %w", string(subject), err), user)
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

// cursorsRejected tells of stored cursors that are not used, once for each reason: a changed endpoint concerns all.
func (o *observer) cursorsRejected(ctx context.Context, rejected ...checkpoint.Rejected) {
	users := map[string][]string{}
	for _, r := range rejected {
		users[r.Reason.Error()] = append(users[r.Reason.Error()], string(r.Subject))
	}
	for reason, users := range users {
		o.telemetry.ReceiverUserLogCursorsRejected.Add(ctx, int64(len(users)), o.receiver)
		o.logger.Warn("reading user logs: stored cursors are set aside, their logs are read from initial_lookback: "+reason,
			zap.Int("cursors", len(users)), zap.Strings("users", users[:min(len(users), maxNamed)]))
	}
}

// maxNamed is how many users one line of log names.
const maxNamed = 10

// answerRejected counts an answer that was dropped whole.
func (o *observer) answerRejected(ctx context.Context) {
	o.telemetry.ReceiverUserLogResponsesRejected.Add(ctx, 1, o.receiver)
}
