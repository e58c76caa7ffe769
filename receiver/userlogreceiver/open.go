package userlogreceiver

import (
	"context"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componentstatus"
	"go.opentelemetry.io/collector/config/confighttp"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/receiver"
	metricnoop "go.opentelemetry.io/otel/metric/noop"
	tracenoop "go.opentelemetry.io/otel/trace/noop"
	"go.uber.org/zap"

	"github.com/userlog/userlog-otel/config"
	"github.com/userlog/userlog-otel/receiver/internal/checkpoint"
	"github.com/userlog/userlog-otel/receiver/internal/health"
	"github.com/userlog/userlog-otel/receiver/internal/rest"
	"github.com/userlog/userlog-otel/receiver/internal/source"
)

// Source is a source as the receiver sees it, for tools that look at it and deliver nothing: with the same clients, the
// same regard for limits, and the same names for logs and cursors.
type Source struct {
	Reader source.Reader
	Lister source.Lister
	// Service is the name of the product, Instance that of the installation.
	Service, Instance string
	// Fingerprint is what its cursors answer to.
	Fingerprint string
	// Window is the number of entries that the API gives at most, the newest of a log; 0 if it gives all.
	Window int

	receiver *userLogReceiver
}

// Open makes the source of the receiver with an id and a configuration. It asks for nothing yet, and logs and measures
// nothing. The build names the program to the API's operators.
func Open(ctx context.Context, id component.ID, build component.BuildInfo, cfg *config.Config, host component.Host) (*Source, error) {
	set := receiver.Settings{ID: id, BuildInfo: build, TelemetrySettings: component.TelemetrySettings{
		Logger: zap.NewNop(), TracerProvider: tracenoop.NewTracerProvider(), MeterProvider: metricnoop.NewMeterProvider(),
		Resource: pcommon.NewResource(),
	}}
	r, err := newReceiver(set, cfg, nil, rest.NewBudgets())
	if err != nil {
		return nil, err
	}
	s := &Source{receiver: r}
	observer := newObserver(ctx, set, r.telemetry, health.New(set.Logger, func(*componentstatus.Event) {}), nil)
	p, err := r.provider(ctx, host, observer)
	if err != nil {
		_ = s.Close(ctx) // it was not used yet
		return nil, err
	}
	s.Reader, s.Lister, s.Service, s.Instance, s.Window = p.reader, p.lister, p.service, p.instance, p.window
	s.Fingerprint = checkpoint.Fingerprint(p.identity...)
	return s, nil
}

// Close closes the connections.
func (s *Source) Close(ctx context.Context) error {
	s.receiver.telemetry.Shutdown()
	return all(ctx, &s.receiver.settle)
}

// WithClient is a copy of a configuration in which the settings of the HTTP client are changed.
func WithClient(cfg *config.Config, change func(*confighttp.ClientConfig)) *config.Config {
	c := *cfg
	switch {
	case c.Auth0 != nil:
		block := *c.Auth0
		change(&block.HTTP)
		c.Auth0 = &block
	case c.KOBIL != nil:
		block := *c.KOBIL
		change(&block.HTTP)
		c.KOBIL = &block
	case c.Canvas != nil:
		block := *c.Canvas
		change(&block.HTTP)
		c.Canvas = &block
	}
	return &c
}
