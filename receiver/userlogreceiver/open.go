package userlogreceiver

import (
	"context"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componentstatus"
	"go.opentelemetry.io/collector/receiver"

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

// Open makes the source of a configuration. It asks for nothing yet.
func Open(ctx context.Context, set receiver.Settings, cfg *config.Config, host component.Host) (*Source, error) {
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
