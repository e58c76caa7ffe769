package rest

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/userlog/userlog-otel/receiver/internal/source"
)

// asking is a request whose failures somebody knows more of.
func asking(refusal Refusal) Request {
	r := userLogs
	r.Refusal = refusal
	return r
}

// A provider may know better than the status what an answer means.
func TestRefusalDecidesTheKind(t *testing.T) {
	unknown := func(status int, header http.Header, body []byte) (source.Kind, string, bool) {
		switch {
		case status == http.StatusUnauthorized && header.Get("WWW-Authenticate") == "":
			return source.Forbidden, "the token has no right to this log", true
		case status == http.StatusNotFound && !bytes.Contains(body, []byte("USER_NOT_FOUND")):
			return source.Transient, "", true
		}
		return source.BadCursor, "what is said with false is not heard", false
	}
	for name, c := range map[string]struct {
		status int
		header string
		body   string
		kind   source.Kind
		text   string
	}{
		"by the header":      {401, "X: y", "{}", source.Forbidden, "the API answered 401 Unauthorized: the token has no right to this log"},
		"not by the header":  {401, "WWW-Authenticate: Bearer", "{}", source.Unauthorized, "the API answered 401 Unauthorized"},
		"by the body":        {404, "X: y", canaryBody, source.Transient, "the API answered 404 Not Found"},
		"not by the body":    {404, "X: y", `{"status":"USER_NOT_FOUND"}`, source.Gone, "the API answered 404 Not Found"},
		"another status":     {500, "X: y", canaryBody, source.Transient, "the API answered 500 Internal Server Error"},
		"a status unknown":   {499, "X: y", canaryBody, source.Transient, "the API answered 499"},
		"a success of sorts": {204, "X: y", "", source.Unreadable, "the API answered 204 No Content"},
	} {
		t.Run(name, func(t *testing.T) {
			observer := &seen{}
			client := inMemory(t, func(req *http.Request) (*http.Response, error) {
				return withBody(answer(req, c.status, c.header, "Retry-After: 17"), "application/json", c.body), nil
			}, func(s *Settings) { s.Observer = observer })
			_, err := client.Get(t.Context(), asking(unknown))
			requireSilent(t, err, c.kind)
			require.EqualError(t, err, userLogs.Op+": "+c.text)
			var e *source.Error
			require.ErrorAs(t, err, &e)
			assert.Equal(t, 17*time.Second, e.RetryAfter)
			var status *StatusError
			require.ErrorAs(t, err, &status)
			assert.Equal(t, c.status, status.Status)
			assert.Equal(t, []int{c.status}, observer.statuses)
			assert.Equal(t, len(c.body), observer.bytes)
		})
	}
}

// An answer that asks to wait, one that is fine, and one that never came are nobody's to judge.
func TestRefusalIsAskedAboutRefusalsOnly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		answers := []func(*http.Request) (*http.Response, error){
			func(req *http.Request) (*http.Response, error) { return answer(req, http.StatusTooManyRequests), nil },
			func(req *http.Request) (*http.Response, error) {
				return withBody(answer(req, http.StatusForbidden), "text/plain", "Rate Limit Exceeded"), nil
			},
			func(req *http.Request) (*http.Response, error) { return answer(req, http.StatusOK), nil },
			func(*http.Request) (*http.Response, error) { return nil, io.ErrClosedPipe },
		}
		n := 0
		client := inMemory(t, func(req *http.Request) (*http.Response, error) {
			n++
			return answers[n-1](req)
		}, nil)
		req := asking(func(status int, _ http.Header, _ []byte) (source.Kind, string, bool) {
			t.Errorf("asked about %d", status)
			return 0, "", false
		})
		_, err := client.Get(t.Context(), req)
		require.NoError(t, err)
		_, err = client.Get(t.Context(), req)
		requireSilent(t, err, source.Transient)
		assert.Len(t, answers, n)
	})
}

// What was looked at to see whether a 403 means the rate is still there.
func TestRefusalSeesTheBodyFromItsBeginning(t *testing.T) {
	const limit = 64 << 10
	for _, size := range []int{0, 10, 1 << 10, 2 << 10, limit, limit + 1, 1 << 20} {
		t.Run(fmt.Sprint(size), func(t *testing.T) {
			body := strings.Repeat("0123456789", size/10+1)[:size]
			var got string
			client := inMemory(t, func(req *http.Request) (*http.Response, error) {
				return withBody(answer(req, http.StatusForbidden), "text/plain", body), nil
			}, nil)
			_, err := client.Get(t.Context(), asking(func(_ int, _ http.Header, body []byte) (source.Kind, string, bool) {
				got = string(body)
				return 0, "", false
			}))
			requireSilent(t, err, source.Forbidden)
			assert.Equal(t, body[:min(size, limit)], got)
		})
	}
}

func TestBodyOfARefusalCannotBeKept(t *testing.T) {
	var kept []byte
	client := inMemory(t, func(req *http.Request) (*http.Response, error) {
		return withBody(answer(req, http.StatusUnauthorized), "", canaryBody), nil
	}, nil)
	_, err := client.Get(t.Context(), asking(func(_ int, _ http.Header, body []byte) (source.Kind, string, bool) {
		kept = body
		return 0, "", false
	}))
	requireSilent(t, err, source.Unauthorized)
	assert.Equal(t, make([]byte, len(canaryBody)), kept)
}

// As much as arrived is judged; but a stop is a stop.
func TestRefusalWhoseBodyIsCutOff(t *testing.T) {
	for name, stop := range map[string]bool{"by the server": false, "by a stop": true} {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			client := inMemory(t, func(req *http.Request) (*http.Response, error) {
				resp := answer(req, http.StatusNotFound)
				resp.Body = io.NopCloser(io.MultiReader(strings.NewReader(`{"st`), failing(func() error {
					if stop {
						cancel()
						return ctx.Err()
					}
					return io.ErrUnexpectedEOF
				})))
				return resp, nil
			}, nil)
			asked := ""
			_, err := client.Get(ctx, asking(func(_ int, _ http.Header, body []byte) (source.Kind, string, bool) {
				asked = string(body)
				return source.Transient, "", true
			}))
			if stop {
				require.Equal(t, context.Canceled, err)
				assert.Empty(t, asked)
				return
			}
			requireSilent(t, err, source.Transient)
			assert.Equal(t, `{"st`, asked)
		})
	}
}

// failing is a body that fails.
type failing func() error

func (f failing) Read([]byte) (int, error) { return 0, f() }

// The place of a redirect is told whatever a provider adds.
func TestRefusalOfARedirect(t *testing.T) {
	client := inMemory(t, func(req *http.Request) (*http.Response, error) {
		return answer(req, http.StatusFound, "Location: https://login.example.com/?"+canaryToken), nil
	}, nil)
	_, err := client.Get(t.Context(), asking(func(int, http.Header, []byte) (source.Kind, string, bool) {
		return source.Unauthorized, "it wants a browser to log in", true
	}))
	requireSilent(t, err, source.Unauthorized)
	require.ErrorContains(t, err, "redirect to login.example.com was not followed")
	require.ErrorContains(t, err, ": it wants a browser to log in")
}
