package kobil

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// rig is an installation that is asked in process.
type rig struct {
	*Installation
	t *testing.T
}

func start(t *testing.T, o Options) rig {
	t.Helper()
	return rig{Installation: New(o), t: t}
}

type answer struct {
	status int
	header http.Header
	body   string
}

func (r rig) ask(method, path, authorization, body string) answer {
	r.t.Helper()
	req := httptest.NewRequest(method, path, strings.NewReader(body))
	if authorization != "" {
		req.Header.Set("Authorization", authorization)
	}
	if body != "" {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	w := httptest.NewRecorder()
	r.ServeHTTP(w, req)
	return answer{w.Code, w.Header(), w.Body.String()}
}

func (r rig) get(path string) answer { return r.ask(http.MethodGet, path, "Bearer any", "") }

func (r rig) token(form url.Values) answer {
	return r.ask(http.MethodPost, "/auth/realms/master/protocol/openid-connect/token", "", form.Encode())
}

func (r rig) publish(user string, entries ...string) {
	r.t.Helper()
	for _, e := range entries {
		require.NoError(r.t, r.Publish(user, json.RawMessage(e)))
	}
}

// publishIDs publishes entries that have nothing but an id, in one call.
func (r rig) publishIDs(user string, ids ...int64) {
	r.t.Helper()
	entries := make([]json.RawMessage, len(ids))
	for i, id := range ids {
		entries[i] = NewEntry(user, id, noon).JSON()
	}
	require.NoError(r.t, r.Publish(user, entries...))
}

// sample is an answer in the envelope of the vendor's sample.
type sample struct {
	Data struct {
		More   *bool `json:"moreResultsAvailable"`
		Filter struct {
			DeviceID, UserID string
			Limit, Offset    int
		} `json:"reportingFilterUsed"`
		Items []struct{ ID json.RawMessage } `json:"reportingInfoItems"`
	}
	Message, Status string
	SubSystem       int
}

func (a answer) sample(t *testing.T) sample {
	t.Helper()
	require.Equal(t, http.StatusOK, a.status, a.body)
	var s sample
	require.NoError(t, json.Unmarshal([]byte(a.body), &s), a.body)
	return s
}

// ids are the ids of an answer in the envelope of the vendor's sample, as they are written.
func (a answer) ids(t *testing.T) []string {
	t.Helper()
	out := []string{}
	for _, item := range a.sample(t).Data.Items {
		out = append(out, string(item.ID))
	}
	return out
}

const adaLog = "/digitanium/v4/user/ada/logs"
