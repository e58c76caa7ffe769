package rest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
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
	canaryToken = "canary-token-5f1e"
	canaryUser  = "canary-user-5f1e"
	canaryBody  = "canary-body-5f1e"
)

// userLogs is a request as a provider makes it.
var userLogs = Request{
	Op:    "GET /api/v2/users/{id}/logs",
	Path:  "/api/v2/users/auth0%7C" + canaryUser + "/logs",
	Query: url.Values{"page": {"0"}, "secret": {canaryToken}},
}

// bearer sends the canary as a layer below the guard does: on whatever request it is given.
type bearer struct{ next http.RoundTripper }

func (b bearer) RoundTrip(req *http.Request) (*http.Response, error) {
	req = req.Clone(req.Context())
	req.Header.Set("Authorization", "Bearer "+canaryToken)
	return b.next.RoundTrip(req)
}

// newClient makes a client of a server.
func newClient(t *testing.T, origin string, change func(*Settings)) *Client {
	t.Helper()
	u, err := url.Parse(origin)
	require.NoError(t, err)
	transport := &http.Transport{}
	t.Cleanup(transport.CloseIdleConnections)
	s := Settings{
		HTTP:            &http.Client{Transport: bearer{transport}, Timeout: 20 * time.Second},
		Origin:          u,
		UserAgent:       "otelcol-userlog/test",
		MaxResponseSize: 1 << 20,
		Reserve:         0.2,
		Observer:        &seen{},
	}
	if change != nil {
		change(&s)
	}
	return New(s)
}

// serve starts a server on loopback.
func serve(t *testing.T, handler http.HandlerFunc) *httptest.Server {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return server
}

// answering is a transport without a network, for bubbles of synctest.
type answering func(*http.Request) (*http.Response, error)

func (a answering) RoundTrip(req *http.Request) (*http.Response, error) { return a(req) }

// inMemory makes a client whose requests end in a function.
func inMemory(t *testing.T, answer answering, change func(*Settings)) *Client {
	t.Helper()
	return newClient(t, "https://tenant.example.com", func(s *Settings) {
		s.HTTP = &http.Client{Transport: answer}
		if change != nil {
			change(s)
		}
	})
}

// answer makes an answer with header lines "Name: value".
func answer(req *http.Request, status int, header ...string) *http.Response {
	resp := &http.Response{
		StatusCode: status, Header: http.Header{}, Request: req, ContentLength: 2,
		Body: io.NopCloser(strings.NewReader("[]")),
	}
	for _, line := range header {
		name, value, _ := strings.Cut(line, ": ")
		resp.Header.Set(name, value)
	}
	return resp
}

// pass lets time go by, or ends with the request.
func pass(req *http.Request, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-req.Context().Done():
		return req.Context().Err()
	}
}

// thisCentury moves a bubble's clock, which begins in 2000, to where Unix times have today's number of digits.
func thisCentury() { time.Sleep(time.Until(time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC))) }

// requireSilent checks that an error is a source.Error of a kind, and that neither it nor its causes tell what is secret.
func requireSilent(t *testing.T, err error, kind source.Kind) {
	t.Helper()
	var e *source.Error
	require.ErrorAs(t, err, &e)
	assert.Equal(t, kind, e.Kind, err)
	for cause := err; cause != nil; cause = errors.Unwrap(cause) {
		text := fmt.Sprintf("%v\n%+v\n%#v", cause, cause, cause)
		for _, secret := range []string{canaryToken, canaryUser, canaryBody} {
			assert.NotContains(t, text, secret)
		}
	}
}

// seen is an Observer that remembers.
type seen struct {
	mu        sync.Mutex
	statuses  []int
	bytes     int
	took      []time.Duration
	waited    []time.Duration
	throttled []time.Duration
}

func (s *seen) Answered(_ context.Context, status int, took time.Duration, bytes int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.statuses = append(s.statuses, status)
	s.took = append(s.took, took)
	s.bytes += bytes
}

func (s *seen) Waited(_ context.Context, wait time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.waited = append(s.waited, wait)
}

func (s *seen) Throttled(_ context.Context, wait time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.throttled = append(s.throttled, wait)
}

func total(durations []time.Duration) time.Duration {
	var sum time.Duration
	for _, d := range durations {
		sum += d
	}
	return sum
}
