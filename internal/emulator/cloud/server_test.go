package cloud

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

// newTestServer has its token endpoint at /token, its API below /api/, and answers 418 to everything.
func newTestServer() *Server {
	return NewServer(Vendor{
		Now:     func() time.Time { return noon },
		Token:   func(path string) bool { return path == "/token" },
		API:     func(path string) bool { return strings.HasPrefix(path, "/api/") },
		Subject: func(escapedPath string) string { return strings.TrimPrefix(escapedPath, "/api/") },
		Answer:  http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTeapot) }),
	})
}

func (s *Server) get(path string) int {
	w := httptest.NewRecorder()
	s.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
	return w.Code
}

func TestHooksSeeTheRequestsThatTheyAreFor(t *testing.T) {
	t.Parallel()
	s := newTestServer()
	var numbers []int
	s.OnRequest(func(_ *http.Request, n int) { numbers = append(numbers, n) })
	answer := func(status int) Interceptor {
		return func(w http.ResponseWriter, _ *http.Request) bool {
			w.WriteHeader(status)
			return true
		}
	}
	s.Intercept(answer(http.StatusBadGateway))
	s.InterceptToken(answer(http.StatusServiceUnavailable))
	assert.Equal(t, http.StatusBadGateway, s.get("/api/1"))
	assert.Equal(t, http.StatusServiceUnavailable, s.get("/token"))
	assert.Equal(t, http.StatusTeapot, s.get("/elsewhere"))

	s.Intercept(func(http.ResponseWriter, *http.Request) bool { return false })
	s.InterceptToken(nil)
	assert.Equal(t, http.StatusTeapot, s.get("/api/2"))
	assert.Equal(t, http.StatusTeapot, s.get("/token"))
	s.OnRequest(nil)
	s.Intercept(nil)
	assert.Equal(t, http.StatusTeapot, s.get("/api/3"))
	assert.Equal(t, []int{1, 2}, numbers)
}

func TestTokenRequestsAreCountedUntilTheReset(t *testing.T) {
	t.Parallel()
	s := newTestServer()
	s.get("/token")
	s.get("/token")
	s.get("/api/1")
	assert.Equal(t, 2, s.TokenRequests())
	assert.Len(t, s.Requests(), 3)
	s.ResetRequests()
	assert.Zero(t, s.TokenRequests())
	assert.Empty(t, s.Requests())
}

func TestWithoutRulesEveryRequestIsOneOfTheAPI(t *testing.T) {
	t.Parallel()
	s := newTestServer()
	s.vendor.Token, s.vendor.API = nil, nil
	seen := 0
	s.OnRequest(func(*http.Request, int) { seen++ })
	s.get("/token")
	s.get("/elsewhere")
	assert.Equal(t, 2, seen)
	assert.Zero(t, s.TokenRequests())
}
