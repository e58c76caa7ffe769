//go:build e2e

package e2e

import (
	"io/fs"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/userlog/userlog-otel/internal/emulator/auth0"
)

// canarySecret is a client secret that must be found nowhere.
const canarySecret = "canary-secret-6f1d9b1c5e"

// newForeign starts a server that nobody must ask, and returns its URL and the count of its connections.
func newForeign(t *testing.T) (string, *atomic.Int64) {
	t.Helper()
	var connections atomic.Int64
	server := httptest.NewUnstartedServer(http.NotFoundHandler())
	server.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			connections.Add(1)
		}
	}
	server.Start()
	t.Cleanup(server.Close)
	return server.URL, &connections
}

// interceptor answers a request in the place of the tenant, if it wants to.
type interceptor = func(http.ResponseWriter, *http.Request) bool

func TestCredentialsGoNowhereElse(t *testing.T) {
	t.Parallel()
	const user = "auth0|63d1c0ffee01"
	faults := map[string]struct {
		status int
		set    func(r *rig, answer interceptor)
	}{
		"redirects of the API (302)":            {http.StatusFound, func(r *rig, a interceptor) { r.tenant.Intercept(a) }},
		"redirects of the API (307)":            {http.StatusTemporaryRedirect, func(r *rig, a interceptor) { r.tenant.Intercept(a) }},
		"server errors that echo (500)":         {http.StatusInternalServerError, func(r *rig, a interceptor) { r.tenant.Intercept(a) }},
		"redirects of the token endpoint (302)": {http.StatusFound, func(r *rig, a interceptor) { r.tenant.InterceptToken(a) }},
		"redirects of the token endpoint (307)": {http.StatusTemporaryRedirect, func(r *rig, a interceptor) { r.tenant.InterceptToken(a) }},
	}
	for name, fault := range faults {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			foreign, connections := newForeign(t)
			var tokens sync.Map // every Authorization header that the API has seen
			r := newRig(t, auth0.Options{Clients: map[string]string{"e2e-client": canarySecret}})
			r.users(user)
			r.metrics, r.logLevel = true, "debug"
			r.auth0["client_id"], r.auth0["client_secret"] = "e2e-client", canarySecret
			delete(r.auth0, "token")
			r.publish(user, newEntries(user, 5, time.Now().Add(-time.Hour), time.Second)...)
			fault.set(r, func(w http.ResponseWriter, req *http.Request) bool {
				tokens.Store(req.Header.Get("Authorization"), true)
				w.Header().Set("Location", foreign+req.URL.RequestURI())
				w.WriteHeader(fault.status)
				_, _ = w.Write([]byte(`{"message":"you sent ` + req.Header.Get("Authorization") + `"}`)) // as some proxies do
				return true
			})
			c := r.start()
			c.until("several attempts fail", waitLimit, func() bool { return len(r.tenant.Requests()) >= 4 })
			require.NotEmpty(t, c.stderr.warnings("user logs"), "a warning about the failure")

			r.tenant.InterceptToken(nil)
			r.tenant.Intercept(func(_ http.ResponseWriter, req *http.Request) bool {
				tokens.Store(req.Header.Get("Authorization"), true)
				return false
			})
			c.until("everything arrives once the fault is gone", time.Minute, r.complete)
			page := c.metricsPage()
			c.stopWell()
			r.settle(0)
			require.Zero(t, connections.Load(), "connections to the host that the redirects pointed to")

			secrets := []string{canarySecret}
			tokens.Range(func(header, _ any) bool {
				if token := strings.TrimPrefix(header.(string), "Bearer "); token != "" {
					secrets = append(secrets, token)
				}
				return true
			})
			require.Greater(t, len(secrets), 1, "the API was sent a token")
			for _, secret := range secrets {
				assertAbsent(t, secret, "stderr", c.stderr.String())
				assertAbsent(t, secret, "the metrics", page)
			}
			assertNotInFiles(t, r.storage(), secrets)
		})
	}
}

// assertAbsent does not print the text, as assert.NotContains does.
func assertAbsent(t *testing.T, secret, where, text string) {
	t.Helper()
	if strings.Contains(text, secret) {
		assert.Fail(t, "a secret is in "+where)
	}
}

// assertNotInFiles looks into every file below a directory.
func assertNotInFiles(t *testing.T, dir string, secrets []string) {
	t.Helper()
	files := 0
	require.NoError(t, filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := os.ReadFile(path)
		files++
		for _, secret := range secrets {
			assertAbsent(t, secret, "the file "+entry.Name(), string(content))
		}
		return err
	}))
	require.Positive(t, files, "files of the storage")
}
