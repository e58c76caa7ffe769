// Package deliver hands entries to the next consumer until it accepts them.
package deliver

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/cenkalti/backoff/v7"
	"go.opentelemetry.io/collector/config/configretry"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/userlog/userlog-otel/receiver/internal/source"
)

const (
	// minPause keeps a configuration without pauses (initial_interval: 0) from asking all the time.
	minPause = 10 * time.Millisecond
	// linger is how long a consumer may take over what it was given when ctx is done. Together with the time that
	// storing the cursor may then take it is less than what the receiver's Shutdown waits.
	linger = 1500 * time.Millisecond
)

// Observer is told how deliveries end. Its methods are called from several goroutines.
type Observer interface {
	// Begin is called before a delivery is tried; what it returns is called with the number of records and nil, or the
	// error that the delivery ended with.
	Begin(context.Context) (inner context.Context, end func(records int, err error))
	// Refused is called when the next consumer refuses records for now; they are repeated.
	Refused(context.Context, error)
	// Accepted is called with the number of records that the next consumer accepted, and the newest time among them
	// that does not lie in the future; without a time if there is none, or if it is not known which it accepted.
	Accepted(ctx context.Context, records int, newest time.Time)
	// Dropped is called when the next consumer refuses records for good.
	Dropped(ctx context.Context, records int, err error)
}

// Settings are what a Deliverer is made from.
type Settings struct {
	Next     consumer.Logs
	Retry    configretry.BackOffConfig
	Observer Observer
	// Resource and Scope are filled in for every delivery.
	ServiceName, ServiceInstanceID string
	ScopeName, ScopeVersion        string

	_ struct{}
}

// Deliverer delivers entries. It is safe for concurrent use.
type Deliverer struct{ s Settings }

// New makes a deliverer.
func New(s Settings) *Deliverer { return &Deliverer{s: s} }

// Deliver returns nil once the next consumer accepted the entries, or refused them for good, which the observer was
// told. A refusal for now is repeated with the same records for as long as the configuration says, by default until
// ctx is done; then an error is returned, and the entries must not be taken as delivered.
func (d *Deliverer) Deliver(ctx context.Context, entries []source.Entry) error {
	ctx, end := d.s.Observer.Begin(ctx)
	err := d.deliver(ctx, entries)
	end(len(entries), err)
	var refused *permanentRefusal
	if errors.As(err, &refused) {
		return nil
	}
	return err
}

func (d *Deliverer) deliver(ctx context.Context, entries []source.Entry) error {
	left := len(entries)
	build := func() plog.Logs { return d.build(entries) }
	pauses, began := d.pauses(), time.Now()
	for ctx.Err() == nil {
		err := d.consume(ctx, build())
		if err == nil {
			d.s.Observer.Accepted(ctx, left, newestOf(entries, time.Now()))
			return nil
		}
		if ctx.Err() != nil {
			break // whatever the consumer says, it may say so because it was interrupted
		}
		if part, ok := rest(err); ok {
			// The others were accepted. What a consumer was given is no longer ours, so each attempt sends a copy.
			if n := part.LogRecordCount(); n < left {
				d.s.Observer.Accepted(ctx, left-n, time.Time{})
				left = n
			}
			build = func() plog.Logs {
				again := plog.NewLogs()
				part.CopyTo(again)
				return again
			}
		}
		if permanent(err) {
			d.s.Observer.Dropped(ctx, left, err)
			return &permanentRefusal{err}
		}
		d.s.Observer.Refused(ctx, err)
		if pauses == nil || d.s.Retry.MaxElapsedTime > 0 && time.Since(began) >= d.s.Retry.MaxElapsedTime {
			return fmt.Errorf("the next consumer refused the records: %w", err)
		}
		sleep(ctx, max(minPause, pauses.NextBackOff()))
	}
	return fmt.Errorf("the delivery was stopped: %w", ctx.Err())
}

// consume calls the next consumer. If ctx is done meanwhile the consumer may go on for a moment, because what it then
// accepts need not be repeated after a restart.
func (d *Deliverer) consume(ctx context.Context, logs plog.Logs) error {
	lingering, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	stop := context.AfterFunc(ctx, func() {
		sleep(lingering, linger)
		cancel()
	})
	defer stop()
	return d.s.Next.ConsumeLogs(lingering, logs)
}

// pauses returns the pauses between attempts, nil if there is to be one attempt only.
func (d *Deliverer) pauses() *backoff.ExponentialBackOff {
	if !d.s.Retry.Enabled {
		return nil
	}
	b := backoff.NewExponentialBackOff()
	b.InitialInterval = d.s.Retry.InitialInterval
	b.RandomizationFactor = d.s.Retry.RandomizationFactor
	b.Multiplier = d.s.Retry.Multiplier
	b.MaxInterval = d.s.Retry.MaxInterval
	b.Reset()
	return b
}

// build makes the records anew for every attempt, because a consumer may have changed those that it refused.
func (d *Deliverer) build(entries []source.Entry) plog.Logs {
	logs := plog.NewLogs()
	resource := logs.ResourceLogs().AppendEmpty()
	attributes := resource.Resource().Attributes()
	attributes.PutStr("service.name", d.s.ServiceName)
	attributes.PutStr("service.instance.id", d.s.ServiceInstanceID)
	scope := resource.ScopeLogs().AppendEmpty()
	scope.Scope().SetName(d.s.ScopeName)
	scope.Scope().SetVersion(d.s.ScopeVersion)
	records := scope.LogRecords()
	records.EnsureCapacity(len(entries))
	for _, entry := range entries {
		entry.Record(records.AppendEmpty())
	}
	return logs
}

// newestOf leaves out what is dated after now: one such entry would make everything look fresh until then.
func newestOf(entries []source.Entry, now time.Time) time.Time {
	var newest time.Time
	for _, entry := range entries {
		if t := entry.Time(); t.After(newest) && !t.After(now) {
			newest = t
		}
	}
	return newest
}

// sleep waits, until ctx is done at most.
func sleep(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	}
}
