package userlogreceiver

import (
	"context"
	"time"

	"go.opentelemetry.io/collector/component"

	"github.com/userlog/userlog-otel/receiver/internal/provider/auth0"
	"github.com/userlog/userlog-otel/receiver/internal/userlist"
)

func (r *userLogReceiver) auth0(ctx context.Context, host component.Host, observer *observer) (provided, error) {
	c := r.cfg.Auth0
	client, origin, err := r.api(ctx, host, observer, c.Client())
	if err != nil {
		return provided{}, err
	}
	codes, err := auth0.DefaultCodes()
	if err != nil {
		return provided{}, err
	}
	return provided{
		reader: auth0.New(auth0.Settings{
			Client:   client,
			Codes:    r.codes(codes),
			PageSize: int(c.PageSize),
			Overlap:  time.Duration(r.cfg.Overlap),
			MaxHeld:  int(r.cfg.MaxResponseSize),
		}),
		lister:   userlist.New(texts(c.Users), c.UsersFile),
		service:  auth0.Service,
		instance: hostOf(origin),
		identity: []string{"auth0", "users", originOf(origin)},
		window:   auth0.MaxResults,
	}, nil
}
