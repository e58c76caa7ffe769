//go:build e2e

package e2e

import (
	"io/fs"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// newForeign starts a server that nobody must ask, and returns its host and the count of its connections.
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
	return server.Listener.Addr().String(), &connections
}

// astray are the ways to lead a client elsewhere, by what the operator is told of them. Each gets the host of a server
// that must not be asked; the port differs from the API's, too.
func astray() map[string]struct {
	systems []string // that are spoiled
	log     string
	told    string
	spoil   func(foreign string) spoiler
} {
	type way = struct {
		systems []string
		log     string
		told    string
		spoil   func(foreign string) spoiler
	}
	everyone := []string{"auth0", "kobil", "canvas"}
	ways := map[string]way{
		"an error echoes the token":  {everyone, "", "500", func(string) spoiler { return echoes(http.StatusInternalServerError) }},
		"a refusal echoes the token": {everyone, "", "401", func(string) spoiler { return echoes(http.StatusUnauthorized) }},
		"the token endpoint redirects": {[]string{"auth0", "kobil"}, anyToken, "307", func(foreign string) spoiler {
			return redirects(http.StatusTemporaryRedirect, "http://"+foreign)
		}},
		"the token endpoint echoes the secret": {[]string{"auth0", "kobil"}, anyToken, "400", func(string) spoiler {
			return func(w http.ResponseWriter, r *http.Request, _ http.Handler) {
				_ = r.ParseForm()
				http.Error(w, r.Form.Encode()+r.Header.Get("Authorization"), http.StatusBadRequest)
			}
		}},
	}
	for _, status := range []int{301, 302, 303, 307, 308} {
		told := http.StatusText(status)
		ways["redirect to another host: "+told] = way{everyone, "", "redirect", func(foreign string) spoiler {
			return redirects(status, "http://"+foreign)
		}}
	}
	ways["redirect to another scheme"] = way{everyone, "", "redirect", func(foreign string) spoiler {
		return redirects(http.StatusFound, "https://"+foreign)
	}}
	for name, link := range map[string]struct {
		told   string
		change func(next, api, foreign string) []string
	}{
		"another host and port":       {"another origin", func(n, a, f string) []string { return []string{strings.ReplaceAll(n, a, f)} }},
		"another scheme":              {"another origin", func(n, a, _ string) []string { return []string{strings.ReplaceAll(n, "http://"+a, "https://"+a)} }},
		"no scheme and another host":  {"another origin", func(n, a, f string) []string { return []string{strings.ReplaceAll(n, "http://"+a, "//"+f)} }},
		"another host, behind a user": {"user name or a password", func(n, a, f string) []string { return []string{strings.ReplaceAll(n, "http://"+a, "http://"+a+"@"+f)} }},
		"another user's log":          {"another path", func(n, _, _ string) []string { return []string{strings.ReplaceAll(n, "/accounts/1", "/accounts/777")} }},
		"a path that climbs": {"another path", func(n, _, _ string) []string {
			return []string{strings.ReplaceAll(n, "/accounts/1", "/accounts/1/../777")}
		}},
		"two different ones": {"another origin", func(n, a, f string) []string { return []string{n, strings.ReplaceAll(n, a, f)} }},
	} {
		ways["next link to "+name] = way{[]string{"canvas"}, "accounts/1", link.told, func(foreign string) spoiler {
			return func(w http.ResponseWriter, r *http.Request, next http.Handler) {
				linked(func(n string) []string { return link.change(n, r.Host, foreign) })(w, r, next)
			}
		}}
	}
	return ways
}

// TestCredentialsGoNowhereElse covers what a server can say to lead a client elsewhere, or to make it tell. That nothing
// secret is in logs, metrics and files is looked at by the world itself.
func TestCredentialsGoNowhereElse(t *testing.T) {
	t.Parallel()
	ways := astray()
	for _, name := range slices.Sorted(maps.Keys(ways)) {
		way := ways[name]
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			foreign, connections := newForeign(t)
			w := newWorld(t, all()...)
			w.metrics, w.status = true, true
			w.backlog(120)
			w.crowd(w.system("canvas"), "accounts/1", 120) // links are followed where nothing else leads on
			for _, s := range w.systems {
				if slices.Contains(way.systems, s.name) {
					s.spoil(way.log, way.spoil(foreign))
				}
			}
			c := w.start()
			for _, name := range way.systems {
				s := w.system(name)
				c.until("the operator is told of "+name, waitLimit, func() bool {
					require.Zero(t, connections.Load(), "the other host was asked")
					return len(c.stderr.warnings(s.receiver(), way.told)) > 0
				})
				require.Positive(t, s.spoiled(), "requests to %s that met it", name)
			}
			require.False(t, w.complete(), "it kept something back")
			w.secrets.assertAbsent(t, "the metrics", c.metricsPage())
			w.secrets.assertAbsent(t, "the status", w.statusPage())

			for _, s := range w.systems {
				s.spoil("", nil)
			}
			w.settle(c, 0)
			require.Zero(t, connections.Load(), "the other host was asked")
			for _, r := range w.system("canvas").cloud.Requests() {
				require.NotContains(t, r.Path, "777", "a request where a link led")
			}
			require.Greater(t, len(w.secrets.all()), 3, "secrets were looked for, issued tokens among them")
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

// assertNotInFiles looks into every file below a directory, of which there must be some.
func assertNotInFiles(t *testing.T, dir string, secrets []string) {
	t.Helper()
	require.Positive(t, searchFiles(t, dir, secrets), "files of the storage")
}

// searchFiles looks into every file below a directory, and returns how many there are.
func searchFiles(t *testing.T, dir string, secrets []string) (files int) {
	t.Helper()
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
	return files
}
