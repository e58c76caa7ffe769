// Package deliver hands entries to the next consumer until it accepts them.
package deliver

import (
	"context"
	"time"

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
	// Begin is called before a delivery is tried; what it returns is called at its end.
	Begin(context.Context) (inner context.Context, end func(End))
	// Refused is called when the next consumer refuses records for now; they are repeated.
	Refused(context.Context, error)
	// Accepted is called with the number of records that the next consumer accepted, and the newest time among them
	// that does not lie in the future; zero if there is none.
	Accepted(ctx context.Context, records int, newest time.Time)
	// Operated is called after operators were applied, with the number of records before and after, and what the operators
	// say of those that they could not work on.
	Operated(ctx context.Context, before, after int, err error)
	// Dropped is called when the next consumer has refused records for good: with their number, the log.record.uid of
	// the first ones, and the first error.
	Dropped(ctx context.Context, records int, uids []string, err error)
}

// End is how a delivery ended: how many records were accepted and how many were not, and the error if there are such.
type End struct {
	Accepted, Refused int
	Err               error
}

// Settings are what a Deliverer is made from.
type Settings struct {
	Next     consumer.Logs
	Retry    configretry.BackOffConfig
	Observer Observer
	// Shape changes every record once it is made; nil if nothing is to be changed. The same record is always changed in the
	// same way.
	Shape func(plog.LogRecord)
	// Operators work on the records before they are delivered; nil if there are none.
	Operators Operators
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
//
// A refusal for good of several records is taken to be meant for one of them: they are handed on again in halves, until
// those that are refused alone are found. So one record that a backend does not take costs no other. Where several
// pipelines begin at the receiver, those that accept get a record again with every half that it is in, which is once and
// then the binary logarithm of their number, with the same log.record.uid.
func (d *Deliverer) Deliver(ctx context.Context, entries []source.Entry) error {
	ctx, end := d.s.Observer.Begin(ctx)
	a := attempt{Deliverer: d, began: time.Now()}
	if d.s.Operators != nil {
		entries = d.operate(ctx, entries)
	}
	err := a.hand(ctx, entries)
	e := End{Accepted: a.accepted, Refused: len(entries) - a.accepted, Err: err}
	if err == nil && a.dropped > 0 {
		e.Err = a.refusal
		d.s.Observer.Dropped(ctx, a.dropped, a.uids, a.refusal)
	}
	end(e)
	return err
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
