package auth0

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	emulator "github.com/userlog/userlog-otel/internal/emulator/auth0"
	"github.com/userlog/userlog-otel/receiver/internal/source"
	"github.com/userlog/userlog-otel/receiver/internal/sourcetest"
)

// The suite's entries have ids made of their dates, so that those which appear late do so below others. That is more than
// Auth0 does, whose ids are of the arrival: it is what an overlap is for.
func TestTenantConformance(t *testing.T) { sourcetest.Run(t, describedTenant(t)) }

func TestWrongReadersOfATenantDoNotConform(t *testing.T) { sourcetest.Rejects(t, describedTenant(t)) }

func describedTenant(t *testing.T) sourcetest.Provider {
	newest := "/api/v2/logs?page=0&per_page=10"
	after := func(id string) string { return "/api/v2/logs?from=" + id + "&take=10" }
	start := idBefore(sourcetest.Begin().Add(-sourcetest.Lookback))
	at := func(n, of int) string { // the id of the n-th of so many entries, a minute apart, of which the last is a minute old
		return timedID(n, sourcetest.Begin().Add(-time.Duration(of-n+1)*time.Minute))
	}
	return sourcetest.Provider{
		Serve: func(now func() time.Time) sourcetest.Server {
			return tenantServer{t: t, Tenant: emulator.New(emulator.Options{Now: now})}
		},
		Reader: func(wire http.RoundTripper, limits sourcetest.Limits) source.Reader {
			return newTenant(t, wire, func(s *TenantSettings) { s.PageSize, s.Overlap = limits.PageSize, limits.Overlap })
		},
		Subject: user, // of which it takes no notice
		UID:     timedID,
		Entry:   timedEntry,
		Page:    func(newestFirst ...string) string { return "[" + strings.Join(reversed(newestFirst), ",") + "]" },
		Odd: []string{
			`{"log_id":17,"date":17,"type":17}`, `{"log_id":"odd","date":"yesterday","type":"\u0000"}`,
			`{"log_id":null,"_id":[],"date":null,"type":null}`, `{"log_id":{"":""},"date":["2026-03-01T07:58:00.000Z"]}`,
			`{"log_id":"odder","date":"2026-03-01T07:58:00.000Z","type":["s"],"ip":1e999,"scope":{"":[]},"isMobile":"no"}`,
		},
		Requests: sourcetest.Requests{
			EmptyLog:     []string{newest},
			OnePage:      []string{newest, after(start)},
			SeveralPages: []string{newest, after(start), after(at(10, 25)), after(at(20, 25))},
		},
		Fetch: fetchTenant,
		Future: func(cursor source.Cursor) source.Cursor {
			moved := regexp.MustCompile(`"([st])":\d+`).ReplaceAllString(string(cursor), `"$1":253402300799999`)
			return source.Cursor(regexp.MustCompile(`"90020\d\d`).ReplaceAllString(moved, `"9009999`))
		},
		// A tenant has its log: who answers that there is none is another.
		Kinds:      map[int]source.Kind{http.StatusNotFound: source.Transient, http.StatusGone: source.Transient},
		Resolution: time.Millisecond,
		Vanish:     true,
	}
}

// tenantServer is a tenant whose log has the entries of the suite.
type tenantServer struct {
	*emulator.Tenant
	t *testing.T
}

func (s tenantServer) Publish(n int, at time.Time) {
	require.NoError(s.t, s.Tenant.Publish("", json.RawMessage(timedEntry(n, at, ""))))
}

func (s tenantServer) Remove(n int, at time.Time) {
	require.True(s.t, s.Tenant.Remove("", timedID(n, at)))
}

// timedID is a log_id that arrives at a time.
func timedID(n int, at time.Time) string {
	id := idPrefix + strings.Replace(at.UTC().Format(idTime+".000"), ".", "", 1)
	return id + fmt.Sprintf("%0*d", idLength-len(id), n)
}

// timedEntry is an entry that arrives at its date.
func timedEntry(n int, at time.Time, more string) string {
	return fmt.Sprintf(`{"log_id":%q,"type":"s","date":%q%s}`, timedID(n, at), at.UTC().Format("2006-01-02T15:04:05.000Z"), more)
}

func reversed(list []string) []string {
	out := make([]string, len(list))
	for i, s := range list {
		out[len(list)-1-i] = s
	}
	return out
}

// newTenant makes a reader whose requests go to the given transport.
func newTenant(t *testing.T, wire http.RoundTripper, change func(*TenantSettings)) *Tenant {
	codes, err := DefaultCodes()
	require.NoError(t, err)
	settings := TenantSettings{Client: sourcetest.Client("tenant.example.com", wire), Codes: codes, PageSize: 100}
	if change != nil {
		change(&settings)
	}
	return NewTenant(settings)
}

// fetchTenant reads a page of the list, newest first, without any care.
func fetchTenant(client *http.Client, size int, page string) (rows []sourcetest.Row, next string, err error) {
	return fetchList(client, "https://tenant.example.com/api/v2/logs", size, page, url.Values{"sort": {"date:-1"}})
}
