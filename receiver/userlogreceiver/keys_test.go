package userlogreceiver

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"

	emulator "github.com/userlog/userlog-otel/internal/emulator/auth0"
	"github.com/userlog/userlog-otel/receiver/internal/health"
	"github.com/userlog/userlog-otel/receiver/internal/rest"
	"github.com/userlog/userlog-otel/receiver/userlogreceiver/internal/metadatatest"
)

var userPath = "/api/v2/users/" + url.PathEscape(user) + "/logs"

type keys = map[string]any

func TestKeysShapeTheRequest(t *testing.T) {
	for _, test := range []struct {
		name   string
		keys   keys
		query  url.Values
		header map[string]string
	}{
		{
			"nothing", nil,
			url.Values{"page": {"0"}, "per_page": {"100"}, "sort": {"date:-1"}},
			map[string]string{
				"Accept": "application/json", "Authorization": "Bearer " + canary, "User-Agent": "otelcol-test/1.2.3", "X-Probe": "",
			},
		},
		{
			"page_size",
			keys{"auth0": keys{"page_size": 7}},
			url.Values{"page": {"0"}, "per_page": {"7"}, "sort": {"date:-1"}},
			nil,
		},
		{
			"headers",
			keys{"auth0": keys{"headers": keys{"X-Probe": "of acme"}}},
			url.Values{"page": {"0"}, "per_page": {"100"}, "sort": {"date:-1"}},
			map[string]string{"X-Probe": "of acme", "Authorization": "Bearer " + canary},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			recorder, address := recorded(t, emulator.New(emulator.Options{}))
			r := start(t, configured(t, address, test.keys), componenttest.NewNopHost())
			r.eventually(func() bool { return len(recorder.of("")) > 0 }, "a request comes")
			first := recorder.of("")[0]
			assert.Equal(t, userPath, first.url.EscapedPath())
			assert.Equal(t, test.query, first.url.Query())
			for name, want := range test.header {
				assert.Equal(t, want, first.header.Get(name), name)
			}
		})
	}
}

func TestUsersFileSaysWhoseLogsAreRead(t *testing.T) {
	path := filepath.Join(t.TempDir(), "users")
	require.NoError(t, os.WriteFile(path, []byte("# ours\nauth0|a\n"), 0o600))
	tenant, address := serve(t, emulator.Options{})
	r := start(t, configured(t, address, keys{"auth0": keys{"users_file": path}}), componenttest.NewNopHost())
	asked := func(users ...string) func() bool {
		return func() bool {
			seen := map[string]bool{}
			for _, request := range tenant.Requests() {
				seen[request.User] = true
			}
			return slices.Equal(users, slices.Sorted(maps.Keys(seen)))
		}
	}
	r.eventually(asked("auth0|65f1c0ffee65f1c0ffee65f1", "auth0|a"), "those of both are read")
	require.NoError(t, os.WriteFile(path, []byte("auth0|b\n"), 0o600))
	r.eventually(asked("auth0|65f1c0ffee65f1c0ffee65f1", "auth0|a", "auth0|b"), "a line that is added")
	metric, err := r.telemetry.GetMetric("otelcol_receiver.user_log.users")
	require.NoError(t, err)
	assert.EqualValues(t, 2, metric.Data.(metricdata.Gauge[int64]).DataPoints[0].Value, "the line that was removed is dropped")
}

func TestOverlapSaysHowLateAnEntryIsFound(t *testing.T) {
	for overlap, want := range map[string][]string{
		"1m":  {"900first", "900last"},
		"10m": {"900first", "900late", "900last"},
	} {
		t.Run(overlap, func(t *testing.T) {
			tenant, address := serve(t, emulator.Options{})
			require.NoError(t, tenant.Publish(user, entryOf("900first", time.Now())))
			r := start(t, configured(t, address, keys{"overlap": overlap}), componenttest.NewNopHost())
			r.eventually(func() bool { return r.sink.LogRecordCount() == 1 }, "the first arrives")
			require.NoError(t, tenant.Publish(user, entryOf("900late", time.Now().Add(-5*time.Minute)), entryOf("900last", time.Now())))
			r.eventually(func() bool { return slices.Contains(r.uids(), "900last") }, "the last arrives")
			r.more(3, tenant)
			assert.Equal(t, want, r.uids())
		})
	}
}

func TestMaxResponseSizeRefusesALargerAnswer(t *testing.T) {
	large := func() json.RawMessage {
		return json.RawMessage(strings.Replace(string(entryOf("900large", time.Now())), "{",
			fmt.Sprintf(`{"description":%q,`, strings.Repeat("x", 100_000)), 1))
	}
	tenant, address := serve(t, emulator.Options{})
	require.NoError(t, tenant.Publish(user, large()))
	r := start(t, configured(t, address, keys{"max_response_size": "64KiB"}), componenttest.NewNopHost())
	r.eventually(func() bool { _, texts := r.host.statuses(); return len(texts) > 0 }, "it is refused")
	_, texts := r.host.statuses()
	assert.Contains(t, texts[0], "larger than max_response_size (65536 bytes)")
	r.stop()

	r = start(t, configured(t, address, keys{"max_response_size": "128KiB"}), componenttest.NewNopHost())
	r.eventually(func() bool { return r.sink.LogRecordCount() == 1 }, "it arrives")
}

func TestTypesOverrideTheTableKeyByKey(t *testing.T) {
	tenant, address := serve(t, emulator.Options{})
	require.NoError(t, tenant.Publish(user, entryOf("900a", time.Now())))
	r := start(t, configured(t, address, keys{"types": keys{
		"s": keys{"name": "Came in", "category": "admin", "outcome": "failure", "severity": "ERROR2"},
	}}), componenttest.NewNopHost())
	r.eventually(func() bool { return r.sink.LogRecordCount() == 1 }, "it arrives")
	record := r.sink.AllLogs()[0].ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().At(0)
	attributes := record.Attributes().AsRaw()
	assert.Equal(t, []any{"Came in", "admin", "failure", "ERROR2"}, []any{
		attributes["user_log.name"], attributes["user_log.category"], attributes["user_log.outcome"], record.SeverityText(),
	})
}

// A port that says nothing new makes no other log of the same tenant, and no other stream where records are kept apart
// by instance.
func TestInstanceIsTheHostWithoutItsSchemesOwnPort(t *testing.T) {
	for endpoint, want := range map[string]string{
		"https://acme.eu.auth0.com":       "acme.eu.auth0.com",
		"https://acme.eu.auth0.com/":      "acme.eu.auth0.com",
		"https://ACME.eu.Auth0.com:443":   "acme.eu.auth0.com",
		"https://login.acme.example:8443": "login.acme.example:8443",
		"https://login.acme.example:80":   "login.acme.example:80",
		"http://localhost:80":             "localhost",
		"http://localhost:443":            "localhost:443",
		"https://[2001:DB8::1]:443":       "[2001:db8::1]",
	} {
		t.Run(endpoint, func(t *testing.T) {
			set := metadatatest.NewSettings(componenttest.NewTelemetry())
			r, err := newReceiver(set, configured(t, endpoint, nil), nil, rest.NewBudgets())
			require.NoError(t, err)
			p, err := r.provider(t.Context(), componenttest.NewNopHost(), newObserver(t.Context(), set, r.telemetry, health.New(set.Logger, nil), nil))
			require.NoError(t, err)
			assert.Equal(t, want, p.instance)
			scheme, _, _ := strings.Cut(endpoint, ":")
			assert.Equal(t, []string{"auth0", "users", scheme + "://" + want}, p.identity)
		})
	}
}
