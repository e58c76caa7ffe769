package userlogreceiver

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
	"strings"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/config/confighttp"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/userlog/userlog-otel/config"
	"github.com/userlog/userlog-otel/receiver/internal/oauth"
	"github.com/userlog/userlog-otel/receiver/internal/provider/auth0"
	"github.com/userlog/userlog-otel/receiver/internal/rest"
	"github.com/userlog/userlog-otel/receiver/internal/userlist"
)

func (r *userLogReceiver) auth0(ctx context.Context, host component.Host, observer *observer) (provided, error) {
	c := r.cfg.Auth0
	origin, err := url.Parse(string(c.Endpoint))
	if err != nil {
		return provided{}, err
	}
	settings := c.HTTP
	settings.ProxyURL = string(c.ProxyURL)
	client, err := r.client(ctx, host, settings)
	if err != nil {
		return provided{}, err
	}
	if err := r.authenticate(ctx, host, origin, settings, client); err != nil {
		return provided{}, err
	}
	codes, err := auth0.DefaultCodes()
	if err != nil {
		return provided{}, err
	}
	reader := auth0.New(auth0.Settings{
		Client: rest.New(rest.Settings{
			HTTP:              client,
			Origin:            origin,
			UserAgent:         r.set.BuildInfo.Command + "/" + r.set.BuildInfo.Version,
			MaxResponseSize:   int64(r.cfg.MaxResponseSize),
			RequestsPerSecond: float64(r.cfg.RateLimit.RequestsPerSecond),
			Reserve:           float64(r.cfg.RateLimit.Reserve),
			Observer:          observer,
		}),
		Codes:    codes.With(overrides(r.cfg.Types)),
		PageSize: int(c.PageSize),
		Overlap:  time.Duration(r.cfg.Overlap),
		MaxHeld:  int(r.cfg.MaxResponseSize),
	})
	users := make([]string, len(c.Users))
	for i, user := range c.Users {
		users[i] = string(user)
	}
	return provided{
		reader:   reader,
		lister:   userlist.New(users, c.UsersFile),
		service:  "auth0",
		instance: hostOf(origin),
		identity: []string{"auth0", "users", strings.ToLower(origin.Scheme) + "://" + hostOf(origin)},
	}, nil
}

// client makes the HTTP client that is configured.
func (r *userLogReceiver) client(ctx context.Context, host component.Host, c confighttp.ClientConfig) (*http.Client, error) {
	if c.MaxIdleConnsPerHost == 0 {
		c.MaxIdleConnsPerHost = int(r.cfg.Concurrency) // Go keeps 2, and would open and close the others all the time
	}
	client, err := c.ToClient(ctx, host.GetExtensions(), r.set.TelemetrySettings)
	if err != nil {
		return nil, err
	}
	connections := rest.RememberConnections(c.MaxIdleConnsPerHost, client.Transport)
	client.Transport = connections
	r.settle = append(r.settle, func(context.Context) error {
		connections.CloseAll()
		return nil
	})
	return client, nil
}

// authenticate makes the client send credentials, unless an authenticator extension does.
func (r *userLogReceiver) authenticate(ctx context.Context, host component.Host, origin *url.URL, settings confighttp.ClientConfig, client *http.Client) error {
	switch c := r.cfg.Auth0; {
	case c.HTTP.Auth.HasValue(): // first: below, the client of the token endpoint takes the same settings
		client.Transport = &oauth.Explained{Next: client.Transport}
	case c.Token != nil:
		client.Transport = &oauth.Static{Token: string(*c.Token), Next: client.Transport}
	case c.ClientID != nil:
		tokenURL, err := url.Parse(cmp.Or(string(c.TokenURL), origin.JoinPath("oauth", "token").String()))
		if err != nil {
			return err
		}
		if !rest.SameOrigin(tokenURL, origin) {
			settings.Headers = nil // they may hold a secret, and are meant for the API
		}
		tokenClient, err := r.client(ctx, host, settings)
		if err != nil {
			return err
		}
		tokenClient.Transport = rest.GuardOrigin(tokenURL, tokenClient.Transport)
		client.Transport = &oauth.Bearer{
			Next: client.Transport,
			Tokens: oauth.NewTokens(oauth.Settings{
				ClientID:     string(*c.ClientID),
				ClientSecret: string(*c.ClientSecret),
				TokenURL:     tokenURL,
				Audience:     cmp.Or(c.Audience, origin.JoinPath("api", "v2").String()+"/"),
				HTTP:         tokenClient,
			}),
		}
	}
	return nil
}

func overrides(types map[string]config.Type) map[string]auth0.Override {
	rows := make(map[string]auth0.Override, len(types))
	for code, t := range types {
		rows[code] = auth0.Override{
			Name: t.Name, Category: string(t.Category), Outcome: string(t.Outcome),
			Severity: plog.SeverityNumber(t.Severity.Number()),
		}
	}
	return rows
}

// hostOf is the host of an origin, with the port where it is not the scheme's own.
func hostOf(origin *url.URL) string {
	host := strings.ToLower(origin.Host)
	if origin.Scheme == "https" {
		return strings.TrimSuffix(host, ":443")
	}
	return strings.TrimSuffix(host, ":80")
}
