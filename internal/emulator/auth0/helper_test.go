package auth0

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// rig is a tenant behind a real server.
type rig struct {
	*Tenant
	t   *testing.T
	url string
}

func start(t *testing.T, o Options) rig {
	t.Helper()
	tenant := New(o)
	s := httptest.NewServer(tenant)
	t.Cleanup(s.Close)
	return rig{Tenant: tenant, t: t, url: s.URL}
}

type answer struct {
	status int
	header http.Header
	body   string
}

func (r rig) get(path string) answer { return r.getAs("any", path) }

func (r rig) getAs(token, path string) answer {
	r.t.Helper()
	req, err := http.NewRequestWithContext(r.t.Context(), http.MethodGet, r.url+path, nil)
	require.NoError(r.t, err)
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	return r.do(req)
}

func (r rig) do(req *http.Request) answer {
	r.t.Helper()
	resp, err := http.DefaultClient.Do(req)
	require.NoError(r.t, err)
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	require.NoError(r.t, err)
	return answer{resp.StatusCode, resp.Header, string(body)}
}

// serve answers a request without a network.
func serve(tenant *Tenant, path string) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	req := httptest.NewRequest(http.MethodGet, path, nil)
	req.Header.Set("Authorization", "Bearer any")
	tenant.ServeHTTP(w, req)
	return w
}

func (r rig) token(form url.Values) answer {
	r.t.Helper()
	req, err := http.NewRequestWithContext(r.t.Context(), http.MethodPost, r.url+"/oauth/token", strings.NewReader(form.Encode()))
	require.NoError(r.t, err)
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return r.do(req)
}

func (r rig) publish(user string, entries ...string) {
	r.t.Helper()
	for _, e := range entries {
		require.NoError(r.t, r.Publish(user, json.RawMessage(e)))
	}
}

// ids are the log_ids of an array answer.
func (a answer) ids(t *testing.T) []string {
	t.Helper()
	require.Equal(t, http.StatusOK, a.status, a.body)
	var list []struct {
		ID string `json:"log_id"`
	}
	require.NoError(t, json.Unmarshal([]byte(a.body), &list))
	out := make([]string, len(list))
	for i, e := range list {
		out[i] = e.ID
	}
	return out
}

func (a answer) message(t *testing.T) apiError {
	t.Helper()
	var e apiError
	require.NoError(t, json.Unmarshal([]byte(a.body), &e), a.body)
	return e
}

var day = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// event is an entry with id and a date so many seconds after noon.
func event(id string, second int) string {
	return fmt.Sprintf(`{"log_id":%q,"_id":%q,"date":%q,"type":"s"}`, id, id, day.Add(time.Duration(second)*time.Second).Format(timeFormat))
}

func events(n int) []json.RawMessage {
	out := make([]json.RawMessage, n)
	for i := range out {
		out[i] = json.RawMessage(event(fmt.Sprintf("%06d", i), i))
	}
	return out
}

// clock is a clock that tests move.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

const ada = "auth0|63d1f0c2a4b5968778695a4b"

var adaLogs = "/api/v2/users/" + url.PathEscape(ada) + "/logs"
