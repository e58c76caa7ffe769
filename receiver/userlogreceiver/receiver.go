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
	"github.com/userlog/userlog-otel/receiver/userlogreceiver/internal/metadata"
)

// shutdownTimeout is how long Shutdown waits for a consumer that does not return although its context is done.
const shutdownTimeout = 4 * time.Second

// userLogReceiver reads one source. Start and Shutdown are called by one goroutine, as the Collector does.
type userLogReceiver struct {
	set       receiver.Settings
	cfg       *config.Config
	next      consumer.Logs
	telemetry *metadata.TelemetryBuilder

	stop    context.CancelFunc // nil unless started
	stopped chan struct{}
	close   []func(context.Context) error // in this order, after the last read
}

func newReceiver(set receiver.Settings, cfg *config.Config, next consumer.Logs) (*userLogReceiver, error) {
	telemetry, err := metadata.NewTelemetryBuilder(set.TelemetrySettings)
	if err != nil {
		return nil, err
	}
	return &userLogReceiver{set: set, cfg: cfg, next: next, telemetry: telemetry}, nil
}

// Start begins to read in the background. It fails only for what is wrong in the configuration, such as an extension
// that is not there: an API that cannot be reached is a matter of the component's status.
func (r *userLogReceiver) Start(ctx context.Context, host component.Host) error {
	engine, err := r.wire(ctx, host)
	if err != nil {
		return errors.Join(err, r.closeAll(ctx))
	}
	running, stop := context.WithCancel(context.WithoutCancel(ctx)) // ctx ends with Start
	r.stop, r.stopped = stop, make(chan struct{})
	go func() {
		defer close(r.stopped)
		engine.Run(running)
	}()
	return nil
}

// Shutdown ends the reads under way. What was accepted is stored when it returns. It may be called before Start, and
// again.
func (r *userLogReceiver) Shutdown(ctx context.Context) error {
	if r.stop == nil {
		r.telemetry.Shutdown()
		return nil
	}
	r.stop()
	select {
	case <-r.stopped:
	case <-ctx.Done():
		return fmt.Errorf("a read did not end: %w", ctx.Err())
	case <-time.After(shutdownTimeout):
		return errors.New("a read did not end: the next consumer does not return")
	}
	err := r.closeAll(ctx)
	r.telemetry.Shutdown()
	return err
}

func (r *userLogReceiver) closeAll(ctx context.Context) error {
	var errs []error
	for _, c := range r.close {
		errs = append(errs, c(ctx))
	}
	r.close = nil
	return errors.Join(errs...)
}
