package userlogreceiver

import (
	"context"
	"time"

	"go.opentelemetry.io/collector/component"

	"github.com/userlog/userlog-otel/config"
	"github.com/userlog/userlog-otel/receiver/internal/provider/canvas"
	"github.com/userlog/userlog-otel/receiver/internal/source"
	"github.com/userlog/userlog-otel/receiver/internal/userlist"
)

func (r *userLogReceiver) canvas(ctx context.Context, host component.Host, observer *observer) (provided, error) {
	c := r.cfg.Canvas
	client, origin, err := r.api(ctx, host, observer, c.Client(), canvasToken(c)...)
	if err != nil {
		return provided{}, err
	}
	codes, err := canvas.DefaultCodes()
	if err != nil {
		return provided{}, err
	}
	var users source.Lister
	if len(c.Users) > 0 || c.UsersFile != "" {
		users = userlist.New(texts(c.Users), c.UsersFile)
	}
	logs := canvas.NewLogs(users, texts(c.Accounts), texts(c.Logins))
	return provided{
		reader: canvas.New(canvas.Settings{
			Client:     client,
			Codes:      r.codes(codes),
			Logs:       logs,
			LoginsPath: string(c.LoginsPath),
			PageSize:   int(c.PageSize),
			Overlap:    time.Duration(r.cfg.Overlap),
			MaxHeld:    int(r.cfg.MaxResponseSize),
			CursorOf:   func(s source.Subject) (source.Cursor, bool) { return r.store.Cursor(s) },
		}),
		lister:   logs,
		together: logs.Overlap,
		service:  canvas.Service,
		instance: hostOf(origin),
		identity: []string{"canvas", originOf(origin)},
		whose:    canvas.Whose,
	}, nil
}

// canvasToken tells whom Canvas counts: every access token has a bucket of its own (instructure/canvas-lms,
// app/middleware/request_throttle.rb). An authenticator extension stands for the one that it sends.
func canvasToken(c *config.Canvas) []string {
	switch {
	case c.Token != nil:
		return []string{"token", string(*c.Token)}
	case c.HTTP.Auth.HasValue():
		return []string{"auth", c.HTTP.Auth.Get().AuthenticatorID.String()}
	}
	return nil
}
