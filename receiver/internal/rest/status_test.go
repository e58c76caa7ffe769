package rest

import (
	"fmt"
	"net/http"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/userlog/userlog-otel/receiver/internal/source"
)

func TestStatusCodesBecomeKinds(t *testing.T) {
	for status, kind := range map[int]source.Kind{
		201: source.Unreadable, 204: source.Unreadable, 206: source.Unreadable,
		304: source.Transient,
		400: source.Transient, 401: source.Unauthorized, 402: source.Transient, 403: source.Forbidden,
		404: source.Gone, 405: source.Transient, 408: source.Transient, 410: source.Gone, 451: source.Transient,
		500: source.Transient, 502: source.Transient, 503: source.Transient, 504: source.Transient, 599: source.Transient,
	} {
		t.Run(strconv.Itoa(status), func(t *testing.T) {
			server := serve(t, func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("X-Echo", r.Header.Get("Authorization"))
				w.WriteHeader(status)
				if status != http.StatusNoContent && status != http.StatusNotModified {
					fmt.Fprintf(w, `{"message":%q,"authorization":%q}`, canaryBody, r.Header.Get("Authorization"))
				}
			})
			_, err := newClient(t, server.URL, nil).Get(t.Context(), userLogs)
			requireSilent(t, err, kind)
			require.ErrorContains(t, err, fmt.Sprintf("GET /api/v2/users/{id}/logs: the API answered %d", status))
			var got *StatusError
			require.ErrorAs(t, err, &got)
			assert.Equal(t, status, got.Status)
			var e *source.Error
			require.ErrorAs(t, err, &e)
			assert.Zero(t, e.RetryAfter)
		})
	}
}

func TestRetryAfterOfAFailureIsHandedOn(t *testing.T) {
	server := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", "17")
		w.WriteHeader(http.StatusServiceUnavailable)
	})
	_, err := newClient(t, server.URL, nil).Get(t.Context(), userLogs)
	var e *source.Error
	require.ErrorAs(t, err, &e)
	assert.Equal(t, 17*time.Second, e.RetryAfter)
}

func TestAnswerIsHandedOnAsItCame(t *testing.T) {
	body := "[{\"log_id\":\"1\"}]\n "
	date := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	server := serve(t, func(w http.ResponseWriter, r *http.Request) {
		assert.Equal(t, http.MethodGet, r.Method)
		assert.Equal(t, "/api/v2/users/auth0%7C"+canaryUser+"/logs", r.URL.EscapedPath())
		assert.Equal(t, userLogs.Query, r.URL.Query())
		assert.Equal(t, "application/json", r.Header.Get("Accept"))
		assert.Equal(t, "otelcol-userlog/test", r.Header.Get("User-Agent"))
		assert.Equal(t, "Bearer "+canaryToken, r.Header.Get("Authorization"))
		assert.Empty(t, r.Header.Get("Cookie"), "cookies stay off")
		http.SetCookie(w, &http.Cookie{Name: "track", Value: "you"})
		w.Header().Set("Date", date.Format(http.TimeFormat))
		w.Header().Set("Link", "<x>; rel=next")
		fmt.Fprint(w, body)
	})
	client := newClient(t, server.URL, nil)
	for range 2 {
		before := time.Now()
		resp, err := client.Get(t.Context(), userLogs)
		require.NoError(t, err)
		assert.Equal(t, body, string(resp.Body))
		assert.Equal(t, "<x>; rel=next", resp.Header.Get("Link"))
		assert.True(t, resp.Date.Equal(date), resp.Date)
		assert.WithinRange(t, resp.Arrived, before, time.Now())
	}
}

func TestDateThatCannotBeReadIsZero(t *testing.T) {
	for _, date := range []string{"", "yesterday", "2026-11-22T09:00:00Z", "Sun, 99 Nov 2026 09:00:00 GMT"} {
		client := inMemory(t, func(req *http.Request) (*http.Response, error) {
			return answer(req, http.StatusOK, "Date: "+date), nil
		}, nil)
		resp, err := client.Get(t.Context(), userLogs)
		require.NoError(t, err)
		assert.True(t, resp.Date.IsZero(), date)
	}
}
