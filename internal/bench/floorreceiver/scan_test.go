package floorreceiver

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/userlog/userlog-otel/internal/bench/pages"
)

// served is a server of a log, and the answer to a request for one page of it.
func served(tb testing.TB, entries int) (*pages.Server, string) {
	tb.Helper()
	s := pages.NewServer()
	s.Serve(pages.Log{First: time.Now().Add(-time.Hour), Step: time.Second, Users: 1000, Entries: entries})
	w := httptest.NewRecorder()
	s.Handler().ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/api/v2/logs?from=900&take=100", nil))
	require.Equal(tb, http.StatusOK, w.Code)
	return s, w.Body.String()
}

func TestTheScannerReadsWhatEncodingJSONReads(t *testing.T) {
	t.Parallel()
	_, page := served(t, take)
	var want []map[string]any
	require.NoError(t, json.Unmarshal([]byte(page), &want))
	var raw []json.RawMessage
	require.NoError(t, json.Unmarshal([]byte(page), &raw))
	got := scan(page, nil)
	require.Len(t, got, take)
	escaped := 0
	for i, e := range got {
		require.Equal(t, string(raw[i]), e.raw)
		inner := func(name string) map[string]any { return want[i][name].(map[string]any) }
		for name, value := range map[string]string{
			"log_id": e.id, "date": e.date, "type": e.kind, "ip": e.address, "user_id": e.userID, "user_name": e.userName,
			"user_agent": e.userAgent, "client_id": e.clientID, "client_name": e.clientName, "hostname": e.host,
			"connection": e.connection, "strategy": e.strategy,
		} {
			require.Equal(t, want[i][name], value, name)
		}
		require.Equal(t, inner("details")["session_id"], e.sessionID)
		require.Equal(t, inner("security_context")["ja3"], e.ja3)
		require.Equal(t, inner("security_context")["ja4"], e.ja4)
		require.Equal(t, inner("location_info")["country_code"], e.country)
		require.Equal(t, inner("location_info")["city_name"], e.city)
		require.InDelta(t, inner("location_info")["latitude"], number(e.latitude), 0)
		require.InDelta(t, inner("location_info")["longitude"], number(e.longitude), 0)
		if strings.Contains(e.clientName, `"`) {
			escaped++
		}
	}
	assert.Positive(t, escaped, "strings with escapes are among what is read")
	assert.Empty(t, scan("[]", nil))
}

// BenchmarkPage is the whole way of a page, from its bytes to finished records: what the receiver's own benchmark of this
// name is to be compared with.
func BenchmarkPage(b *testing.B) {
	_, page := served(b, take)
	build := builder{codes: codes(), instance: "localhost"}
	b.ReportAllocs()
	entries := make([]entry, 0, take)
	for b.Loop() {
		entries = scan(page, entries[:0])
		runtime.KeepAlive(build.logs(entries, time.Time{}))
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*take), "ns/entry")
}

// BenchmarkScan is the first half of it.
func BenchmarkScan(b *testing.B) {
	_, page := served(b, take)
	b.SetBytes(int64(len(page)))
	entries := make([]entry, 0, take)
	for b.Loop() {
		entries = scan(page, entries[:0])
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*take), "ns/entry")
}
