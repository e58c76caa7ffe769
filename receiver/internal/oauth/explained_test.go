package oauth

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/oauth2"

	"github.com/userlog/userlog-otel/receiver/internal/source"
)

// asked asks through an authenticator that fails.
func asked(ctx context.Context, t *testing.T, err error) error {
	t.Helper()
	req, reqErr := http.NewRequestWithContext(ctx, http.MethodGet, "https://tenant.example.com/api/v2/x", nil)
	require.NoError(t, reqErr)
	resp, got := (&Explained{Next: roundTripper(func(*http.Request) (*http.Response, error) { return nil, err })}).RoundTrip(req)
	if resp != nil {
		_ = resp.Body.Close()
	}
	return got
}

func TestRefusalOfAnExtensionIsLikeOneOfOurOwn(t *testing.T) {
	refused := func(status int, code string, header http.Header) *oauth2.RetrieveError {
		return &oauth2.RetrieveError{
			Response:  &http.Response{StatusCode: status, Header: header},
			Body:      []byte(canaryBody + canarySecret),
			ErrorCode: code, ErrorDescription: canaryBody,
		}
	}
	const told = "token request of the authenticator extension: "
	denied := refused(http.StatusUnauthorized, "access_denied", nil)
	const wrong = told + "the token endpoint answered 401 Unauthorized (access_denied): check client_id, client_secret, audience and token_url"
	for name, test := range map[string]struct {
		err   error
		kind  source.Kind
		want  string
		after time.Duration
	}{
		"itself":         {denied, source.Unauthorized, wrong, 0},
		"wrapped":        {fmt.Errorf("endpoint %q: %w", canarySecret, denied), source.Unauthorized, wrong, 0},
		"two at once":    {fmt.Errorf("%w (endpoint %q): %w", errors.New(canaryBody), "x", denied), source.Unauthorized, wrong, 0},
		"joined":         {errors.Join(errors.New(canaryBody), fmt.Errorf("again: %w", denied)), source.Unauthorized, wrong, 0},
		"throttled":      {refused(429, "", http.Header{"Retry-After": {"17"}}), source.Transient, told + "the token endpoint answered 429 Too Many Requests", 17 * time.Second},
		"without answer": {&oauth2.RetrieveError{Body: []byte(canaryBody)}, source.Transient, told + "the answer of the token endpoint holds no token that can be read: " + rightURL, 0},
	} {
		t.Run(name, func(t *testing.T) {
			err := asked(t.Context(), t, test.err)
			var e *source.Error
			require.ErrorAs(t, err, &e)
			assert.Equal(t, test.kind, e.Kind)
			assert.Equal(t, test.after, e.RetryAfter)
			assert.EqualError(t, err, test.want)
			assert.NotErrorIs(t, err, denied, "its text quotes the answer")
		})
	}
}

func TestExtensionsOtherErrorsAndAnswersPass(t *testing.T) {
	other := errors.New("no route to host")
	assert.Equal(t, other, asked(t.Context(), t, other))

	done, stop := context.WithCancel(t.Context())
	stop()
	assert.Equal(t, context.Canceled, asked(done, t, &oauth2.RetrieveError{Response: &http.Response{StatusCode: http.StatusUnauthorized}}))

	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "https://tenant.example.com/", nil)
	require.NoError(t, err)
	want := &http.Response{StatusCode: http.StatusOK, Body: io.NopCloser(strings.NewReader(""))}
	got, err := (&Explained{Next: roundTripper(func(*http.Request) (*http.Response, error) { return want, nil })}).RoundTrip(req)
	require.NoError(t, err)
	assert.Same(t, want, got)
	require.NoError(t, got.Body.Close())
}
