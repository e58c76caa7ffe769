package oauth

import (
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/userlog/userlog-otel/receiver/internal/source"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// What must not appear in any error.
const (
	canarySecret = "canary-secret-5f1e"
	canaryToken  = "canary-token-5f1e"
	canaryBody   = "canary-body-5f1e"
)

type roundTripper func(*http.Request) (*http.Response, error)

func (r roundTripper) RoundTrip(req *http.Request) (*http.Response, error) { return r(req) }

func answer(req *http.Request, status int, body string, header ...string) *http.Response {
	resp := &http.Response{
		StatusCode: status, Request: req, Body: io.NopCloser(strings.NewReader(body)),
		Header: http.Header{"Content-Type": {"application/json"}},
	}
	for _, line := range header {
		name, value, _ := strings.Cut(line, ": ")
		resp.Header.Set(name, value)
	}
	return resp
}

// tenant is a token endpoint and an API, without a network.
type tenant struct {
	lasts   int           // expires_in of a token; 0: not told
	latency time.Duration // of the token endpoint
	way     time.Duration // to the API
	refuse  func(req *http.Request) *http.Response
	accepts func(token string) bool

	mu     sync.Mutex
	asked  []time.Time // requests for a token
	used   []string    // tokens of the requests to the API
	closed int         // bodies of the API that were closed
}

func (n *tenant) token(req *http.Request) (*http.Response, error) {
	n.mu.Lock()
	n.asked = append(n.asked, time.Now())
	number := len(n.asked)
	n.mu.Unlock()
	timer := time.NewTimer(n.latency)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-req.Context().Done():
		return nil, req.Context().Err()
	}
	if n.refuse != nil {
		if resp := n.refuse(req); resp != nil {
			return resp, nil
		}
	}
	return answer(req, http.StatusOK, fmt.Sprintf(`{"access_token":"%s-%d","token_type":"Bearer","expires_in":%d}`, canaryToken, number, n.lasts)), nil
}

func (n *tenant) api(req *http.Request) (*http.Response, error) {
	token, _ := strings.CutPrefix(req.Header.Get("Authorization"), "Bearer "+canaryToken+"-")
	n.mu.Lock()
	n.used = append(n.used, token)
	n.mu.Unlock()
	time.Sleep(n.way)
	status := http.StatusOK
	if n.accepts != nil && !n.accepts(token) {
		status = http.StatusUnauthorized
	}
	resp := answer(req, status, canaryBody)
	resp.Body = &counted{Reader: strings.NewReader(canaryBody), tenant: n}
	return resp, nil
}

type counted struct {
	*strings.Reader
	tenant *tenant
}

func (c *counted) Close() error {
	c.tenant.mu.Lock()
	defer c.tenant.mu.Unlock()
	c.tenant.closed++
	return nil
}

// client makes a client of the tenant's API.
func (n *tenant) client(t *testing.T, timeout time.Duration) *http.Client {
	t.Helper()
	return &http.Client{
		Timeout: timeout,
		Transport: &Bearer{
			Tokens: newTokens(t, "https://tenant.example.com/oauth/token", &http.Client{Transport: roundTripper(n.token), Timeout: timeout}),
			Next:   roundTripper(n.api),
		},
	}
}

func must(s string) *url.URL {
	u, err := url.Parse(s)
	if err != nil {
		panic(err)
	}
	return u
}

func quiet() *log.Logger { return log.New(io.Discard, "", 0) }

func newTokens(t *testing.T, tokenURL string, client *http.Client) *Tokens {
	t.Helper()
	return NewTokens(Settings{
		ClientID: "id & more", ClientSecret: canarySecret + " & more", TokenURL: must(tokenURL),
		Audience: "https://tenant.example.com/api/v2/", HTTP: client,
	})
}

// ask makes a request to the API and returns its status, or its error.
func ask(t *testing.T, client *http.Client) (int, error) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "https://tenant.example.com/api/v2/x", nil)
	require.NoError(t, err)
	resp, err := client.Do(req)
	if err != nil {
		return 0, err
	}
	return resp.StatusCode, resp.Body.Close()
}

// requireSilent checks that an error is a source.Error of a kind, and that neither it nor its causes tell what is secret.
func requireSilent(t *testing.T, err error, kind source.Kind) {
	t.Helper()
	var e *source.Error
	require.ErrorAs(t, err, &e)
	assert.Equal(t, kind, e.Kind, err)
	assert.Equal(t, "token request", e.Op)
	for cause := err; cause != nil; cause = errors.Unwrap(cause) {
		text := fmt.Sprintf("%v\n%+v\n%#v", cause, cause, cause)
		for _, secret := range []string{canarySecret, canaryToken, canaryBody} {
			assert.NotContains(t, text, secret)
		}
	}
	assert.Less(t, len(err.Error()), 300)
}
