package userlogreceiver

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/config/confighttp"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/userlog/userlog-otel/config"
	"github.com/userlog/userlog-otel/receiver/internal/checkpoint"
	"github.com/userlog/userlog-otel/receiver/internal/oauth"
	"github.com/userlog/userlog-otel/receiver/internal/record"
	"github.com/userlog/userlog-otel/receiver/internal/rest"
)

// api makes the client of a provider's API, and returns the origin that it is for. The API's limit is shared with all
// receivers of the same origin; if the API counts them apart by something, with those only that have the same in counted.
func (r *userLogReceiver) api(ctx context.Context, host component.Host, observer *observer, c config.Client, counted ...string) (*rest.Client, *url.URL, error) {
	origin, err := url.Parse(string(c.Endpoint))
	if err != nil {
		return nil, nil, err
	}
	c.HTTP.ProxyURL = string(c.ProxyURL)
	client, err := r.client(ctx, host, c.HTTP)
	if err != nil {
		return nil, nil, err
	}
	if err := r.authenticate(ctx, host, origin, c, client); err != nil {
		return nil, nil, err
	}
	// The key is a hash: what is counted may be a token.
	budget, giveBack := r.budgets.Share(checkpoint.Fingerprint(append(counted, originOf(origin))...))
	r.settle = append(r.settle, func(context.Context) error {
		giveBack()
		return nil
	})
	return rest.New(rest.Settings{
		HTTP:              client,
		Origin:            origin,
		UserAgent:         r.set.BuildInfo.Command + "/" + r.set.BuildInfo.Version,
		MaxResponseSize:   int64(r.cfg.MaxResponseSize),
		Budget:            budget,
		RequestsPerSecond: float64(r.cfg.RateLimit.RequestsPerSecond),
		Shards:            int(r.cfg.Shard.Count),
		Reserve:           float64(r.cfg.RateLimit.Reserve),
		Observer:          observer,
	}), origin, nil
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
func (r *userLogReceiver) authenticate(ctx context.Context, host component.Host, origin *url.URL, c config.Client, client *http.Client) error {
	switch {
	case c.HTTP.Auth.HasValue(): // first: below, the client of the token endpoint takes the same settings
		client.Transport = &oauth.Explained{Next: client.Transport}
	case c.Token != nil:
		client.Transport = &oauth.Static{Token: string(*c.Token), Next: client.Transport}
	case c.ClientID != nil:
		tokenURL, err := url.Parse(string(c.TokenURL))
		if err != nil {
			return err
		}
		settings := c.HTTP
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
				Audience:     c.Audience,
				HTTP:         tokenClient,
			}),
		}
	}
	return nil
}

// codes is a provider's table of types with what the user says of them.
func (r *userLogReceiver) codes(table *record.Codes) *record.Codes {
	rows := make(map[string]record.Override, len(r.cfg.Types))
	for code, t := range r.cfg.Types {
		rows[code] = record.Override{
			Name: t.Name, Category: string(t.Category), Outcome: string(t.Outcome),
			Severity: plog.SeverityNumber(t.Severity.Number()),
		}
	}
	return table.With(rows)
}

// texts are the words of a list in the configuration.
func texts[T ~string](list []T) []string {
	words := make([]string, len(list))
	for i, word := range list {
		words[i] = string(word)
	}
	return words
}

// originOf is an origin as cursors know it.
func originOf(origin *url.URL) string { return strings.ToLower(origin.Scheme) + "://" + hostOf(origin) }

// hostOf is the host of an origin, with the port where it is not the scheme's own.
func hostOf(origin *url.URL) string {
	host := strings.ToLower(origin.Host)
	if origin.Scheme == "https" {
		return strings.TrimSuffix(host, ":443")
	}
	return strings.TrimSuffix(host, ":80")
}
