package userlogcursor

import (
	"context"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/config/confighttp"

	"github.com/userlog/userlog-otel/config"
	"github.com/userlog/userlog-otel/receiver/internal/source"
	"github.com/userlog/userlog-otel/receiver/userlogreceiver"
)

// Source is what the configuration of a receiver says of its cursors.
type Source struct {
	// Fingerprint is what its cursors answer to.
	Fingerprint string
	// Names says whose logs there are; those that the API is asked for are not among them.
	Names Names

	reader source.Reader
}

// SourceOf finds it, without a request.
func SourceOf(ctx context.Context, id component.ID, cfg *config.Config) (*Source, error) {
	s, err := userlogreceiver.Open(ctx, id, component.BuildInfo{}, userlogreceiver.WithClient(cfg, silent), host{})
	if err != nil {
		return nil, err
	}
	defer func() { _ = s.Close(ctx) }() // of no connection
	found := &Source{Fingerprint: s.Fingerprint, reader: s.Reader}
	if _, asks := s.Lister.(source.Sampler); !asks {
		subjects, _ := s.Lister.List(ctx) // without them the logs have no names
		found.Names = NamesOf(subjects)
	}
	return found, nil
}

// StartAt is the cursor of a log of which nothing was read yet, for entries from a time on.
func (s *Source) StartAt(from time.Time) source.Cursor { return s.reader.Start(from) }

// silent takes out what needs another extension.
func silent(http *confighttp.ClientConfig) {
	http.Auth, http.Middlewares = confighttp.NewDefaultClientConfig().Auth, nil
}

// host has no extensions.
type host struct{}

func (host) GetExtensions() map[component.ID]component.Component { return nil }
