//go:build e2e

package e2e

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/userlog/userlog-otel/internal/emulator/cloud"
)

// redirect answers every request with a redirect that keeps method and body.
func redirect(to string) interceptor {
	return func(w http.ResponseWriter, r *http.Request) bool {
		http.Redirect(w, r, to+r.URL.RequestURI(), http.StatusTemporaryRedirect)
		return true
	}
}

// linkTo gives out the pages of the API with links that lead to the same path and query elsewhere.
func linkTo(elsewhere string, api http.Handler) interceptor {
	const inner = "E2e-Inner" // marks our own request for the page, which is to be answered as always
	return func(w http.ResponseWriter, r *http.Request) bool {
		if r.Header.Get(inner) != "" {
			return false
		}
		own := r.Clone(r.Context())
		own.Header.Set(inner, "true")
		page := httptest.NewRecorder()
		api.ServeHTTP(page, own)
		w.Header().Set("Link", strings.ReplaceAll(page.Header().Get("Link"), "http://"+r.Host, elsewhere))
		cloud.WriteBody(w, page.Code, page.Header().Get("Content-Type"), page.Body.Bytes())
		return true
	}
}

// TestCredentialsOfKOBILAndCanvasGoNowhereElse covers what a server can say to lead a client elsewhere.
func TestCredentialsOfKOBILAndCanvasGoNowhereElse(t *testing.T) {
	t.Parallel()
	faults := map[string]struct {
		warning string // a part of what the operator is told
		set     func(s *systems, foreign string)
	}{
		"a next link of Canvas to another host": {"next link leads to another origin", func(s *systems, foreign string) {
			s.canvas.Intercept(linkTo(foreign, s.canvas))
		}},
		"a redirect of Canvas": {"307", func(s *systems, foreign string) {
			s.canvas.Intercept(redirect(foreign))
		}},
		"a redirect of KOBIL": {"307", func(s *systems, foreign string) {
			s.kobil.Intercept(redirect(foreign))
		}},
		"a redirect of KOBIL's token endpoint": {"307", func(s *systems, foreign string) {
			s.kobil.InterceptToken(redirect(foreign))
		}},
	}
	for name, fault := range faults {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			foreign, connections := newForeign(t)
			tokens := make(chan string, 1) // one that the API was sent
			s := newSystems(t, 120)
			fault.set(s, foreign)
			s.kobil.OnRequest(func(r *http.Request, _ int) {
				select {
				case tokens <- strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer "):
				default:
				}
			})
			c := s.start()
			c.until("a warning names the fault", waitLimit, func() bool { return len(c.stderr.warnings(fault.warning)) > 0 })
			require.False(t, s.complete(), "the fault kept something back")

			s.canvas.Intercept(nil)
			s.kobil.Intercept(nil)
			s.kobil.InterceptToken(nil)
			c.until("everything arrives once the fault is gone", waitLimit, s.complete)
			c.stopWell()
			s.settle(0)
			require.Zero(t, connections.Load(), "connections to the other host")

			secrets := []string{canarySecret, canvasToken, <-tokens}
			for _, secret := range secrets {
				assertAbsent(t, secret, "stderr", c.stderr.String())
			}
			assertNotInFiles(t, s.storage(), secrets)
		})
	}
}
