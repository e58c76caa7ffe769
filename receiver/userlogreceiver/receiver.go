package userlogreceiver

import (
	"context"
	"errors"
	"fmt"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/receiver"

	"github.com/userlog/userlog-otel/config"
	"github.com/userlog/userlog-otel/receiver/internal/checkpoint"
	"github.com/userlog/userlog-otel/receiver/internal/rest"
	"github.com/userlog/userlog-otel/receiver/userlogreceiver/internal/metadata"
)

// shutdownTimeout is how long Shutdown waits for the reads under way: longer than deliver lets a consumer finish and
// checkpoint a write, together. It is for what does not return although its context is done.
const shutdownTimeout = 4 * time.Second

// userLogReceiver reads one source. Start and Shutdown are called by one goroutine, as the Collector does.
type userLogReceiver struct {
	set       receiver.Settings
	cfg       *config.Config
	next      consumer.Logs
	budgets   *rest.Budgets
	telemetry *metadata.TelemetryBuilder

	store   *checkpoint.Store
	stop    context.CancelFunc // nil unless started
	stopped chan struct{}
	settle  []func(context.Context) error // in this order, also if a read goes on
	close   []func(context.Context) error // in this order, after the last read
}

func newReceiver(set receiver.Settings, cfg *config.Config, next consumer.Logs, budgets *rest.Budgets) (*userLogReceiver, error) {
	telemetry, err := metadata.NewTelemetryBuilder(set.TelemetrySettings)
	if err != nil {
		return nil, err
	}
	return &userLogReceiver{set: set, cfg: cfg, next: next, budgets: budgets, telemetry: telemetry}, nil
}

// Start begins to read in the background. It fails only for what is wrong in the configuration, such as an extension
// that is not there: an API that cannot be reached is a matter of the component's status.
func (r *userLogReceiver) Start(ctx context.Context, host component.Host) error {
	read, err := r.wire(ctx, host)
	if err != nil {
		return errors.Join(err, all(ctx, &r.settle), all(ctx, &r.close))
	}
	r.run(ctx, read)
	return nil
}

func (r *userLogReceiver) run(ctx context.Context, read func(context.Context)) {
	running, stop := context.WithCancel(context.WithoutCancel(ctx)) // ctx ends with Start
	r.stop, r.stopped = stop, make(chan struct{})
	go func() {
		defer close(r.stopped)
		read(running)
	}()
}

// Shutdown ends the reads under way. What was accepted is stored when it returns. It may be called before Start, and
// again.
//
// If a read does not end in time, an error says so, and two things are left undone, because the read still uses them: the
// storage client stays open, and the operators are not stopped. They end with the process, or with another Shutdown once
// the read has ended.
func (r *userLogReceiver) Shutdown(ctx context.Context) error {
	defer r.telemetry.Shutdown()
	if r.stop == nil {
		return nil
	}
	r.stop()
	late := r.wait(ctx)
	err := all(ctx, &r.settle)
	if late != nil {
		return errors.Join(late, err)
	}
	return errors.Join(err, all(ctx, &r.close))
}

// wait returns nil once the last read has ended.
func (r *userLogReceiver) wait(ctx context.Context) error {
	select {
	case <-r.stopped:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("a read did not end: %w", ctx.Err())
	case <-time.After(shutdownTimeout):
		return errors.New("a read did not end: the next consumer, or the storage, does not return")
	}
}

// all calls functions, each of them once.
func all(ctx context.Context, functions *[]func(context.Context) error) error {
	var errs []error
	for _, f := range *functions {
		errs = append(errs, f(ctx))
	}
	*functions = nil
	return errors.Join(errs...)
}
