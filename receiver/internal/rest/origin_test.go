package rest

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/userlog/userlog-otel/receiver/internal/source"
)

// redirecting starts a server that redirects every request, and counts them.
func redirecting(t *testing.T, status int, to func(*httptest.Server) string) (*httptest.Server, *atomic.Int32) {
	var requests atomic.Int32
	var server *httptest.Server
	server = serve(t, func(w http.ResponseWriter, _ *http.Request) {
		requests.Add(1)
		w.Header().Set("Location", to(server))
		w.WriteHeader(status)
		fmt.Fprint(w, canaryBody)
	})
	return server, &requests
}

func TestRedirectIsNeverFollowed(t *testing.T) {
	var foreign atomic.Int32
	count := func(http.ResponseWriter, *http.Request) { foreign.Add(1) }
	other := serve(t, count)
	secure := httptest.NewTLSServer(http.HandlerFunc(count))
	t.Cleanup(secure.Close)

	where := "/p/" + canaryBody + "?code=" + canaryToken + "#" + canaryUser
	targets := map[string]struct {
		location func(self *httptest.Server) string
		shown    func(self *httptest.Server) string
	}{
		"another host": {
			func(*httptest.Server) string {
				return strings.Replace(other.URL, "127.0.0.1", "localhost", 1) + where
			},
			func(*httptest.Server) string {
				return strings.Replace(other.Listener.Addr().String(), "127.0.0.1", "localhost", 1)
			},
		},
		"another port": {
			func(*httptest.Server) string { return other.URL + where },
			func(*httptest.Server) string { return other.Listener.Addr().String() },
		},
		"without a scheme": {
			func(*httptest.Server) string { return "//" + other.Listener.Addr().String() + where },
			func(*httptest.Server) string { return other.Listener.Addr().String() },
		},
		"another scheme": {
			func(*httptest.Server) string { return secure.URL + where },
			func(*httptest.Server) string { return secure.Listener.Addr().String() },
		},
		"with credentials": {
			func(*httptest.Server) string {
				return "http://" + canaryUser + ":" + canaryToken + "@" + other.Listener.Addr().String() + where
			},
			func(*httptest.Server) string { return other.Listener.Addr().String() },
		},
		"the same host": {
			func(self *httptest.Server) string { return self.URL + where },
			func(self *httptest.Server) string { return self.Listener.Addr().String() },
		},
		"a path": {
			func(*httptest.Server) string { return where },
			func(self *httptest.Server) string { return self.Listener.Addr().String() },
		},
	}
	for name, target := range targets {
		for _, status := range []int{301, 302, 303, 307, 308} {
			t.Run(fmt.Sprintf("%d to %s", status, name), func(t *testing.T) {
				server, own := redirecting(t, status, target.location)
				_, err := newClient(t, server.URL, nil).Get(t.Context(), userLogs)
				requireSilent(t, err, source.Transient)
				require.ErrorContains(t, err, fmt.Sprintf("the API answered %d", status))
				require.ErrorContains(t, err, "redirect to "+target.shown(server)+" was not followed")
				assert.EqualValues(t, 1, own.Load(), "requests to the endpoint")
				assert.Zero(t, foreign.Load(), "requests that left the endpoint")
			})
		}
	}
}

// The addresses are the server's to choose, so the error shows them only if they look like a host.
func TestRedirectWithAStrangeLocation(t *testing.T) {
	for name, location := range map[string]string{
		"no URL":             "http://[" + canaryToken,
		"control characters": "http://[::1%25%0a" + canaryToken + "]/",
		"text that turns":    "http://%E2%80%AE" + canaryToken + "/",
		"a long host":        "http://" + strings.Repeat("a", 300) + "/" + canaryToken,
		"none":               "",
	} {
		t.Run(name, func(t *testing.T) {
			observer := &seen{}
			server, _ := redirecting(t, http.StatusFound, func(*httptest.Server) string { return location })
			_, err := newClient(t, server.URL, func(s *Settings) { s.Observer = observer }).Get(t.Context(), userLogs)
			requireSilent(t, err, source.Transient)
			var status *StatusError
			require.ErrorAs(t, err, &status)
			assert.Equal(t, http.StatusFound, status.Status)
			assert.Less(t, len(err.Error()), 250)
			assert.Equal(t, []int{http.StatusFound}, observer.statuses)
		})
	}
}

// A path is escaped by the provider. Should that fail, the request still goes nowhere else.
func TestNoPathLeadsToAnotherHost(t *testing.T) {
	for _, path := range []string{"@evil.example/", ".evil.example/", ":1/", ":x/", "evil.example/", " /", "%zz"} {
		t.Run(path, func(t *testing.T) {
			var sent atomic.Int32
			client := inMemory(t, func(req *http.Request) (*http.Response, error) {
				sent.Add(1)
				return answer(req, http.StatusOK), nil
			}, nil)
			_, err := client.Get(t.Context(), Request{Op: "GET x", Path: path})
			requireSilent(t, err, source.Transient)
			assert.Zero(t, sent.Load())
		})
	}
}

func TestPathStaysOnTheConfiguredHost(t *testing.T) {
	for _, path := range []string{"//evil.example/x", "/\\evil.example", "/../../x", "/@evil.example/", "/https://evil.example/"} {
		t.Run(path, func(t *testing.T) {
			var host string
			client := inMemory(t, func(req *http.Request) (*http.Response, error) {
				host = req.URL.Host
				return answer(req, http.StatusOK), nil
			}, nil)
			_, err := client.Get(t.Context(), Request{Op: "GET x", Path: path})
			require.NoError(t, err)
			assert.Equal(t, "tenant.example.com", host)
		})
	}
}

func TestGuardOrigin(t *testing.T) {
	origin := &url.URL{Scheme: "https", Host: "tenant.example.com"}
	for target, allowed := range map[string]bool{
		"https://tenant.example.com/":          true,
		"https://tenant.example.com:443/x?y":   true,
		"HTTPS://Tenant.Example.COM/":          true,
		"http://tenant.example.com/":           false,
		"http://tenant.example.com:443/":       false,
		"https://tenant.example.com:8443/":     false,
		"https://tenant.example.com.evil.org/": false,
		"https://evil.org/tenant.example.com":  false,
		"https://x@tenant.example.com/":        false,
		"https://tenant.example.com./":         false,
		"ftp://tenant.example.com/":            false,
		"https://169.254.169.254/":             false,
	} {
		t.Run(target, func(t *testing.T) {
			passed := false
			guard := GuardOrigin(origin, answering(func(req *http.Request) (*http.Response, error) {
				passed = true
				return answer(req, http.StatusOK), nil
			}))
			u, err := url.Parse(target)
			require.NoError(t, err)
			body := &closing{Reader: strings.NewReader("client_secret=x")}
			resp, err := guard.RoundTrip(&http.Request{Method: http.MethodPost, URL: u, Body: body})
			assert.Equal(t, allowed, passed)
			if allowed {
				require.NoError(t, err)
				_ = resp.Body.Close()
				return
			}
			require.ErrorIs(t, err, errForeign)
			assert.True(t, body.closed, "a RoundTripper closes the body on errors too")
		})
	}
}

type closing struct {
	*strings.Reader
	closed bool
}

func (c *closing) Close() error {
	c.closed = true
	return nil
}

func TestSameOrigin(t *testing.T) {
	for _, c := range []struct {
		a, b string
		same bool
	}{
		{"https://a.example", "https://a.example:443/x", true},
		{"http://a.example", "http://a.example:80", true},
		{"http://a.example", "http://a.example:443", false},
		{"https://a.example", "http://a.example", false},
		{"https://a.example", "https://b.example", false},
		{"http://[::1]:8080", "http://[::1]:8080/", true},
		{"http://[::1]:8080", "http://[::1]:8081/", false},
	} {
		a, err := url.Parse(c.a)
		require.NoError(t, err)
		b, err := url.Parse(c.b)
		require.NoError(t, err)
		assert.Equal(t, c.same, SameOrigin(a, b), "%s and %s", c.a, c.b)
		assert.Equal(t, c.same, SameOrigin(b, a), "%s and %s", c.b, c.a)
	}
}
