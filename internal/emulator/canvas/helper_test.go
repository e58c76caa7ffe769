package canvas

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

const (
	origin  = "https://campus.example.com"
	api     = "/api/v1/audit/authentication/"
	userLog = api + "users/3"
)

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

func (r rig) ask(path string, headers ...string) answer {
	r.t.Helper()
	req, err := http.NewRequestWithContext(r.t.Context(), http.MethodGet, origin+path, nil)
	require.NoError(r.t, err)
	for i := 0; i < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	r.ServeHTTP(w, req)
	return answer{w.Code, w.Header(), w.Body.String()}
}

func (r rig) get(path string) answer { return r.ask(path, "Authorization", "Bearer any") }

// walk follows the links to the next pages and returns the ids of all events.
func (r rig) walk(path string) []string {
	r.t.Helper()
	var ids []string
	for path != "" {
		got := r.get(path)
		ids = append(ids, got.ids(r.t)...)
		path = got.next(r.t)
	}
	return ids
}

var nextLink = regexp.MustCompile(`<([^>]+)>; rel="next"`)

// next is path and query of the link to the next page, or "".
func (a answer) next(t *testing.T) string {
	t.Helper()
	m := nextLink.FindStringSubmatch(a.header.Get("Link"))
	if m == nil {
		return ""
	}
	u, err := url.Parse(m[1])
	require.NoError(t, err)
	return u.RequestURI()
}

type compound struct {
	Links  map[string]any
	Events []struct {
		ID        string
		CreatedAt string `json:"created_at"`
		EventType string `json:"event_type"`
		Links     map[string]json.RawMessage
	}
	Linked map[string][]map[string]any
}

func (a answer) compound(t *testing.T) compound {
	t.Helper()
	require.Equal(t, http.StatusOK, a.status, a.body)
	var c compound
	require.NoError(t, json.Unmarshal([]byte(a.body), &c), a.body)
	return c
}

func (a answer) ids(t *testing.T) []string {
	t.Helper()
	out := []string{}
	for _, e := range a.compound(t).Events {
		out = append(out, e.ID)
	}
	return out
}

// event is one of user 3, login 5 and account 1, so many seconds after noon.
func event(id string, second int) Event {
	return Event{ID: id, At: noon.Add(time.Duration(second) * time.Second), Type: "login", User: 3, Login: 5, Account: 1}
}

// publish publishes events with the ids 0, 1, 2 … in these seconds after noon.
func (r rig) publish(seconds ...int) {
	for i, s := range seconds {
		r.Publish(event(strconv.Itoa(i), s))
	}
}

func iso(second int) string {
	return url.QueryEscape(noon.Add(time.Duration(second) * time.Second).Format(time.RFC3339))
}
