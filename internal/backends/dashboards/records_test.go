package dashboards_test

import (
	"encoding/json"
	"maps"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/userlog/userlog-otel/internal/backends/rig"
	"github.com/userlog/userlog-otel/internal/dashboard"
	"github.com/userlog/userlog-otel/internal/emulator/scenario"
)

const (
	seed  = 1
	users = 40
	// scenes of a day in each system.
	scenes = 700
	// arrivalLimit is how long all entries may take to be in Loki, on a busy machine.
	arrivalLimit = 3 * time.Minute
)

// attacks are what happens beside an ordinary day, and how long before the end.
func attacks() map[string]time.Duration {
	return map[string]time.Duration{
		"spraying": 310 * time.Minute, "stuffing": 250 * time.Minute, "distributed-brute-force": 205 * time.Minute,
		"enumeration": 165 * time.Minute, "signup-fraud": 140 * time.Minute, "breached-password": 130 * time.Minute,
		"blocked": 105 * time.Minute, "success-after-failures": 75 * time.Minute, "mfa-fatigue-succeeded": 50 * time.Minute,
		"otp-guessing": 40 * time.Minute, "token-reuse": 30 * time.Minute, "protection-weakened": 15 * time.Minute,
		"sms-pumping": 5 * time.Minute, scenario.Ordinary: 225 * time.Minute,
	}
}

// world is Loki with the records of a day.
type world struct {
	loki   *rig.Loki
	clouds *rig.Clouds
	// actors are who attacked and who was attacked, by scenario.
	actors map[string][]scenario.Actor
	// to is when the day ends.
	to time.Time
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{
		loki: rig.NewLoki(t, rig.LokiOptions{}), clouds: rig.NewClouds(t, seed, users),
		actors: map[string][]scenario.Actor{}, to: time.Now().Truncate(time.Minute),
	}
	w.clouds.Past(t, w.to.Add(-23*time.Hour), w.to.Add(-3*time.Minute), scenes) // the last scene goes on for a while
	for name, before := range attacks() {
		w.play(t, name, w.to.Add(-before))
	}
	example, err := filepath.Abs("../../../config/examples/loki.yaml")
	require.NoError(t, err)
	others, err := filepath.Abs("testdata/loki.yaml")
	require.NoError(t, err)
	collector := rig.Start(t, t.TempDir(), append(w.clouds.Env, "LOKI_ENDPOINT="+w.loki.OTLP()), example, others)
	want := float64(len(w.entries(t)))
	collector.Until("all entries are in Loki", arrivalLimit, func() bool {
		return w.loki.Metric("loki_distributor_lines_received_total", nil) >= want
	})
	collector.Stop()
	w.loki.Flush()
	samples := w.loki.Instant(`sum(count_over_time({service_name=~".+"}[25h]))`, time.Now())
	require.Len(t, samples, 1)
	require.InDelta(t, want, samples[0].Value, 0, "entries in Loki")
	return w
}

// play lets the scenario of this name happen.
func (w *world) play(t *testing.T, name string, end time.Time) {
	t.Helper()
	found, ok := scenario.Find(name)
	require.True(t, ok, name)
	play := found.Play(scenario.Options{Seed: seed, Users: users, End: end})
	for _, e := range play.Auth0 {
		require.NoError(t, w.clouds.Auth0.Publish(e.User, e.Entry))
	}
	for _, e := range play.KOBIL {
		user, entry := w.clouds.KOBILDay.Write(e)
		require.NoError(t, w.clouds.KOBIL.Publish(user, entry))
	}
	w.actors[name] = play.Actors
}

// view looks at the time before the end, in steps of an interval.
func (w *world) view(before, interval time.Duration) view {
	return view{source: w.loki, from: w.to.Add(-before), to: w.to, interval: interval}
}

func (w *world) lines(v view) func(string) []rig.Line {
	return func(query string) []rig.Line { return w.loki.Lines(query, v.from, v.to) }
}

// entry is what a count by hand needs.
type entry struct {
	system  string
	kind    string
	address string
}

// entries are all entries of all systems.
func (w *world) entries(t *testing.T) (all []entry) {
	t.Helper()
	for system, entries := range w.clouds.Entries() {
		for _, raw := range entries {
			var e struct {
				Type      string `json:"type"`
				IP        string `json:"ip"`
				Action    string `json:"action"`
				EventType string `json:"event_type"`
			}
			require.NoError(t, json.Unmarshal(raw, &e), "%s", raw)
			all = append(all, entry{system, e.Type + e.Action + e.EventType, e.IP})
		}
	}
	return all
}

// count is how many entries are of these types, "SYSTEM TYPE".
func (w *world) count(t *testing.T, types ...string) float64 {
	t.Helper()
	n := 0
	for _, e := range w.entries(t) {
		for _, one := range types {
			if one == e.system+" "+e.kind {
				n++
			}
		}
	}
	require.Positive(t, n, types)
	return float64(n)
}

func TestDashboardsOfRecords(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	day := w.view(24*time.Hour, 20*time.Minute) // as Grafana chooses for 60 bars
	identity, attack := load(t, "identity-overview"), load(t, "attack-view")

	t.Run("every query of the identity overview returns data", func(t *testing.T) {
		askAll(t, "identity-overview", day, w.lines(day))
	})
	t.Run("every query of the attack view returns data", func(t *testing.T) {
		v := w.view(6*time.Hour, 5*time.Minute)
		askAll(t, "attack-view", v, w.lines(v))
	})
	t.Run("totals are those of the entries", func(t *testing.T) {
		logins := w.count(t, "auth0 s", "auth0 ssa", "kobil 13", "canvas login")
		failures := w.count(t, "auth0 f", "auth0 fp", "auth0 fu", "kobil 901")
		all := failures + w.count(t, "auth0 fsa")
		assert.InDelta(t, logins, day.number(t, identity, "Logins"), 0)
		assert.InDelta(t, all, day.number(t, identity, "Failed logins"), 0)
		assert.InDelta(t, all/(logins+all), day.number(t, identity, "Share of failures"), 1e-9)
		assert.InDelta(t, failures, day.number(t, attack, "Failed logins"), 0)
		assert.InDelta(t, w.count(t, "auth0 limit_wc", "auth0 limit_mu"), day.number(t, attack, "Blocks"), 0)
		assert.InDelta(t, w.count(t, "auth0 pwd_leak", "auth0 signup_pwd_leak"), day.number(t, attack, "Breached passwords"), 0)
		assert.InDelta(t, w.count(t, "auth0 ferrt"), day.number(t, attack, "Reused refresh tokens"), 0)
	})
	t.Run("bars add up to the totals", func(t *testing.T) {
		sum := 0.0
		for _, sample := range day.only(t, identity, "timeseries", "Logins") {
			sum += sample.Value
		}
		undecided := w.count(t, "auth0 s", "auth0 ssa", "kobil 13", "canvas login", "auth0 f", "auth0 fp", "auth0 fu", "auth0 fsa", "kobil 901")
		assert.InDelta(t, undecided, sum, 0)
	})
	t.Run("types are those that are asked for", func(t *testing.T) {
		for title, want := range map[string][]string{
			"Failures by type": {"f", "fp", "fsa", "fu"}, "Attack protection": {"limit_mu", "limit_wc", "pwd_leak"},
		} {
			types := map[string]bool{}
			for _, sample := range day.only(t, attack, "timeseries", title) {
				types[sample.Labels["user_log_type"]] = true
			}
			assert.Subset(t, want, slices.Collect(maps.Keys(types)), title)
			assert.Greater(t, len(types), 1, title)
		}
	})
	t.Run("the newest entry of each tenant is its own", func(t *testing.T) { w.testNewest(t, day, identity) })
	t.Run("rankings are led by those who attack or are attacked", func(t *testing.T) { w.testRankings(t, day, attack) })
}

func (w *world) testNewest(t *testing.T, v view, d dashboard.Dashboard) {
	t.Helper()
	newest := map[string]time.Time{}
	for _, line := range w.loki.Lines(`{service_name="kobil"}`, v.from, v.to) { // the fewest
		if at := newest["kobil"]; line.Time.After(at) {
			newest["kobil"] = line.Time
		}
	}
	samples := v.only(t, d, "stat", "Newest entry")
	require.Len(t, samples, 3)
	for _, sample := range samples {
		assert.NotEmpty(t, sample.Labels["service_instance_id"])
		assert.WithinRange(t, time.UnixMilli(int64(sample.Value)), v.from, v.to)
		if sample.Labels["service_name"] == "kobil" {
			assert.Equal(t, newest["kobil"].UnixMilli(), int64(sample.Value))
		}
	}
}

func (w *world) testRankings(t *testing.T, v view, d dashboard.Dashboard) {
	t.Helper()
	for _, want := range []struct{ title, label, scenario, actor string }{
		{"Accounts by address", "client_address", "stuffing", "client.address"},
		{"User enumeration", "client_address", "enumeration", "client.address"},
		{"MFA fatigue", "account", "mfa-fatigue-succeeded", "user.name"},
		{"Guessed codes", "account", "otp-guessing", "user.name"},
		{"Reused refresh tokens", "account", "token-reuse", "user.name"},
		{"Breached passwords", "account", "breached-password", "user.name"},
		{"Successes after failures", "account", "success-after-failures", "user.name"},
		{"Blocks", "client_address", "blocked", "client.address"},
	} {
		samples := v.only(t, d, "bargauge", want.title)
		require.NotEmpty(t, samples, want.title)
		assert.LessOrEqual(t, len(samples), 10, want.title)
		var named []string
		for i, sample := range samples {
			named = append(named, sample.Labels[want.label])
			if i > 0 {
				assert.LessOrEqual(t, sample.Value, samples[i-1].Value, "%s: not the largest first", want.title)
			}
		}
		assert.Contains(t, named, w.actors[want.scenario][0][want.actor], want.title)
	}
	for i, want := range []struct {
		scenario string
		accounts float64
	}{{"enumeration", 40}, {"stuffing", 36}} {
		sample := v.only(t, d, "bargauge", "Accounts by address")[i]
		assert.InDelta(t, want.accounts, sample.Value, 0, want.scenario)
		assert.Equal(t, w.actors[want.scenario][0]["client.address"], sample.Labels["client_address"])
	}
}
