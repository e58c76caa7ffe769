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

	calm     atomic.Int64 // Unix milliseconds of the time from which the source is throttled no more
	operated atomic.Int64 // the same for operators that fail
	newest   atomic.Int64 // Unix milliseconds of the newest entry delivered, 0 if none was

	engine atomic.Pointer[schedule.Schedule] // nil: nothing is read
	passes *passes                           // nil: nothing is told of them

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
	keyOperator = "operators"
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
		t.ReceiverUserLogEntriesFiltered, t.ReceiverUserLogEntriesSkipped,
		t.ReceiverUserLogGaps, t.ReceiverUserLogResponsesRejected,
	} {
		counter.Add(ctx, 0, o.receiver)
	}
	t.ReceiverUserLogThrottledTime.Add(ctx, 0, o.receiver)
	t.ReceiverUserLogRequests.Add(ctx, 0, o.classes[2])
}

// watch registers what is measured when it is asked for. While nothing is read there is no age of anything: what is not
// read by this receiver is read by another one, which tells.
func (o *observer) watch() error {
	return errors.Join(
		o.telemetry.RegisterReceiverUserLogUsersCallback(func(_ context.Context, m metric.Int64Observer) error {
			m.Observe(int64(o.logs()), o.receiver)
			return nil
		}),
		o.telemetry.RegisterReceiverUserLogCursorAgeCallback(func(_ context.Context, m metric.Float64Observer) error {
			if oldest := o.oldest(); !oldest.IsZero() {
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

// logs is how many logs are read.
func (o *observer) logs() int {
	if engine := o.engine.Load(); engine != nil {
		return engine.Users()
	}
	return 0
}

// oldest is the end of the last full read of the log for which that is longest ago; zero if there is none.
func (o *observer) oldest() time.Time {
	if engine := o.engine.Load(); engine != nil {
		return engine.Oldest()
	}
	return time.Time{}
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
