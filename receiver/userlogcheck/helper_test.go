package userlogcheck

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/confmap"

	"github.com/userlog/userlog-otel/config"
	"github.com/userlog/userlog-otel/internal/emulator/auth0"
)

var update = flag.Bool("update", false, "write the tables expected")

const (
	canary = "canary-3b8d51c7"
	user   = "auth0|63d1c0ffee63d1c0ffee0001"
)

type keys = map[string]any

// serve starts a server on loopback.
func serve(t *testing.T, handler http.Handler) string {
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return server.URL
}

// configured reads a configuration as the Collector does.
func configured(t *testing.T, block string, provider, receiver keys) *config.Config {
	t.Helper()
	conf := confmap.NewFromStringMap(keys{block: provider})
	require.NoError(t, conf.Merge(confmap.NewFromStringMap(receiver)))
	cfg := config.NewDefault()
	require.NoError(t, conf.Unmarshal(cfg))
	require.NoError(t, confmap.Validate(cfg))
	return cfg
}

// idOf is the id of a receiver.
func idOf(name string) component.ID { return component.MustNewIDWithName("user_log", name) }

// settings check one receiver, user_log/acme.
func settings(cfg *config.Config) Settings {
	return Settings{
		Receivers: map[component.ID]*config.Config{idOf("acme"): cfg},
		Authenticator: func(context.Context, component.ID) (component.Component, error) {
			return nil, errors.New("there is none")
		},
		Storage: func(component.ID, component.ID) (State, string) {
			return OK, "/var/lib/otelcol/storage is writable; it holds cursors of this receiver"
		},
		Logs:      3,
		Timeout:   10 * time.Second,
		BuildInfo: component.BuildInfo{Command: "userlog", Version: "1.2.3"},
	}
}

// run checks, and requires of whatever is found that it shows no secret and no user.
func run(t *testing.T, s Settings) (Report, string) {
	t.Helper()
	report := Run(t.Context(), s)
	var table bytes.Buffer
	for i, one := range report.Receivers {
		if i > 0 {
			table.WriteString("\n")
		}
		require.NoError(t, one.Table(&table))
	}
	document, err := json.Marshal(report)
	require.NoError(t, err)
	for _, private := range []string{canary, "63d1c0ffee", "jane"} {
		assert.NotContains(t, table.String(), private)
		assert.NotContains(t, string(document), private)
	}
	return report, table.String()
}

// of is one check of the one receiver.
func of(t *testing.T, r Report, name string) Check {
	t.Helper()
	require.Len(t, r.Receivers, 1)
	for _, c := range r.Receivers[0].Checks {
		if c.Name == name {
			return c
		}
	}
	require.Fail(t, "no such check", name)
	return Check{}
}

// golden compares a text with a file.
func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		require.NoError(t, os.WriteFile(file, []byte(got), 0o600))
	}
	want, err := os.ReadFile(file)
	require.NoError(t, err)
	assert.Equal(t, string(want), got)
}

// tenant starts an Auth0 tenant in which things happened to a user, the last two and a half minutes ago.
func tenant(t *testing.T, o auth0.Options, entries int) (*auth0.Tenant, string) {
	t.Helper()
	a := auth0.New(o)
	newest := time.Now().Add(-150 * time.Second)
	for i := range entries {
		date := newest.Add(-time.Duration(entries-1-i) * time.Minute).UTC().Format("2006-01-02T15:04:05.000Z")
		require.NoError(t, a.Publish(user, json.RawMessage(fmt.Sprintf(`{"date":%q,"type":"s","log_id":"%04d","user_id":%q}`, date, i, user))))
	}
	return a, serve(t, a)
}

// refuse makes every request to the API fail.
func refuse(a *auth0.Tenant, status int, header http.Header, body string) {
	a.Intercept(func(w http.ResponseWriter, _ *http.Request) bool {
		for name := range header {
			w.Header().Set(name, header.Get(name))
		}
		w.WriteHeader(status)
		_, err := w.Write([]byte(body))
		return err == nil
	})
}
