package userlogcheck

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"sync"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/extension/extensionmiddleware"

	"github.com/userlog/userlog-otel/receiver/internal/rest"
)

// maxTokenAnswer bounds what is read of an answer with a token: as much as x/oauth2 reads of it.
const maxTokenAnswer = 1 << 20

// tap is a middleware extension that overhears what a client sends and gets, below all that adds credentials. It changes
// nothing, and keeps no secret.
type tap struct {
	component.StartFunc
	component.ShutdownFunc

	mu      sync.Mutex
	stop    context.CancelCauseFunc // ends the look under way
	heard   func()                  // is told each answer; nil without a look
	sent    int
	answers int           // of the API
	took    time.Duration // until the heads of those
	skew    *time.Duration
	limit   *rest.Limit
	rights  rights
}

var _ extensionmiddleware.HTTPClient = (*tap)(nil)

// throttledError says that there is no room in a rate limit.
type throttledError struct{ text string }

func (e *throttledError) Error() string { return e.text }

// asked is an answer that asks for fewer requests, for so long if that is above 0.
func asked(who string, wait time.Duration) error {
	text, again := who+" asks for fewer requests: its rate limit is used up", "later"
	if wait > 0 {
		text, again = text+fmt.Sprintf(" for %v more", wait.Round(time.Second)), "then"
	}
	return &throttledError{text + ": who else uses it? Try again " + again}
}

// GetHTTPRoundTripper implements extensionmiddleware.HTTPClient.
func (t *tap) GetHTTPRoundTripper(context.Context) (extensionmiddleware.WrapHTTPRoundTripperFunc, error) {
	return func(_ context.Context, next http.RoundTripper) (http.RoundTripper, error) {
		return roundTripper(func(req *http.Request) (*http.Response, error) { return t.overhear(req, next) }), nil
	}, nil
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(req *http.Request) (*http.Response, error) { return f(req) }

func (t *tap) overhear(req *http.Request, next http.RoundTripper) (*http.Response, error) {
	forToken := req.Method == http.MethodPost // the API is only ever read
	began := time.Now()
	t.lock(func() { t.sent++ })
	resp, err := next.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	now := time.Now()
	date, _ := http.ParseTime(resp.Header.Get("Date"))
	throttled := rest.Throttles(resp)
	var granted rights
	switch {
	case !forToken:
		granted = rightsOfToken(req.Header.Get("Authorization"))
	case resp.StatusCode == http.StatusOK:
		granted = rightsOfAnswer(overheard(resp), now)
	}
	t.lock(func() {
		if t.heard != nil {
			t.heard()
		}
		t.rights = t.rights.or(granted)
		if forToken {
			return
		}
		t.answers, t.took = t.answers+1, t.took+now.Sub(began)
		if !date.IsZero() {
			skew := date.Sub(now)
			t.skew = &skew
		}
		if limit, ok := rest.ReadLimit(resp.Header, date, now); ok {
			t.limit = &limit
		}
	})
	if throttled {
		t.throttled(forToken, rest.RetryAfter(resp.Header, date, now), now)
	}
	return resp, nil
}

// throttled ends the look: the client would wait, and nobody at a console does.
func (t *tap) throttled(forToken bool, wait time.Duration, now time.Time) {
	who := "the API"
	if forToken {
		who = "the token endpoint"
	}
	t.lock(func() {
		if wait == 0 && !forToken && t.limit != nil && t.limit.Resets.After(now) {
			wait = t.limit.Resets.Sub(now)
		}
		if t.stop != nil {
			t.stop(asked(who, wait))
		}
	})
}

// overheard returns the body of an answer, and puts it back.
func overheard(resp *http.Response) []byte {
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxTokenAnswer))
	var rest io.Reader = resp.Body
	if err != nil {
		rest = failed{err}
	}
	resp.Body = struct {
		io.Reader
		io.Closer
	}{io.MultiReader(bytes.NewReader(body), rest), resp.Body}
	return body
}

// failed is the rest of a body that broke off.
type failed struct{ err error }

func (f failed) Read([]byte) (int, error) { return 0, f.err }

func (t *tap) lock(f func()) {
	t.mu.Lock()
	defer t.mu.Unlock()
	f()
}

func (t *tap) requests() (n int) {
	t.lock(func() { n = t.sent })
	return n
}
