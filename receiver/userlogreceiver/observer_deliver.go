package userlogreceiver

import (
	"context"
	"fmt"
	"time"

	"go.uber.org/zap"

	"github.com/userlog/userlog-otel/receiver/internal/deliver"
	"github.com/userlog/userlog-otel/receiver/userlogreceiver/internal/metadata"
)

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

// Operated implements deliver.Observer. What operators fail on is a state: they fail on some records, and not on others. It
// is over once they have not failed for a while.
func (o *observer) Operated(ctx context.Context, before, after int, err error) {
	o.telemetry.ReceiverUserLogEntriesSkipped.Add(ctx, int64(max(0, before-after)), o.receiver)
	now := time.Now()
	if err != nil {
		o.operated.Store(now.Add(calmAfter).UnixMilli())
		o.health.Fail(keyOperator, "failed", fmt.Errorf("operators could not work on all records; what on_error says becomes of them: %w", err))
		return
	}
	if now.UnixMilli() > o.operated.Load() {
		o.health.Recover(keyOperator, "operators work on all records again")
	}
}
