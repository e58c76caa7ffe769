package loki_test

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/userlog/userlog-otel/internal/backends/rig"
)

// What the questions are about, in the codes that the emulators invent. KOBIL's mean what types says.
var (
	everything = func(fact) bool { return true }
	failed     = kinds("f", "fp", "fu")
	loggedIn   = kinds("s", "ssa", "13", "login")
	blocked    = kinds("limit_wc", "limit_mu")
)

// types is what the demo says of KOBIL's codes.
const types = `receivers: {user_log/bank: {types: {13: {name: App started, category: login, outcome: success}}}}`

// questions are those of the page, with their queries.
func questions(t *testing.T) map[string]string {
	t.Helper()
	found := regexp.MustCompile("(?s)\n([^\n]+\\?)\n\n```logql\n(.*?)```").FindAllStringSubmatch(section(t), -1)
	queries := map[string]string{}
	for _, match := range found {
		queries[match[1]] = match[2]
	}
	require.Len(t, queries, strings.Count(section(t), "```logql"), "every query has its question")
	return queries
}

// A query of the page gives the figures that are counted from the entries themselves.
func TestQuestions(t *testing.T) {
	w := newWorld(t, rig.LokiOptions{})
	w.clouds.Past(t, w.now.Add(-27*time.Hour), w.now.Add(-3*time.Hour), 200)
	w.clouds.Past(t, w.now.Add(-2*time.Hour), w.now.Add(-time.Minute), 200)
	w.publish(attack(w.now.Add(-30 * time.Minute))...)
	w.configure(block(t, "receivers"), fastToo, types)
	w.untilExported(w.start("receivers::user_log/auth0::initial_lookback: 48h", "receivers::user_log/bank::initial_lookback: 48h",
		"receivers::user_log/campus::initial_lookback: 48h"), w.total())

	queries, facts := questions(t), w.facts()
	for _, test := range []struct {
		question string
		labels   []string
		want     map[string]float64
	}{
		{
			"Where do failed logins come from?",
			[]string{"client_address"},
			count(facts, w.now, time.Hour, failed, func(f fact) string { return f.address }),
		},
		{
			"Whose logins fail?",
			[]string{"service_name", "user_name"},
			count(facts, w.now, time.Hour, failed, func(f fact) string { return key(f.name != "", f.service, f.name) }),
		},
		{"Who got in after failing three times or more?", []string{"service_name", "user_name"}, gotIn(facts, w.now)},
		{
			"Which countries do people log in from?",
			[]string{"geo_country_iso_code"},
			count(facts, w.now, 24*time.Hour, loggedIn, func(f fact) string { return f.country }),
		},
		{
			"Who was blocked, and from where?",
			[]string{"user_name", "client_address"},
			count(facts, w.now, 24*time.Hour, blocked, func(f fact) string { return key(true, f.name, f.address) }),
		},
		{
			"How many entries of each type are there?",
			[]string{"service_name", "user_log_type"},
			count(facts, w.now, 24*time.Hour, everything, func(f fact) string { return key(true, f.service, f.kind) }),
		},
		{"When was the newest entry of each tenant, as a Unix time?", []string{"service_name", "service_instance_id"}, newest(facts)},
	} {
		t.Run(test.question, func(t *testing.T) {
			require.Contains(t, queries, test.question)
			query := queries[test.question]
			assert.NotEmpty(t, test.want, "the entries have an answer")
			got := map[string]float64{}
			for _, sample := range w.loki.Instant(query, w.now) {
				var values []string
				for _, label := range test.labels {
					values = append(values, sample.Labels[label])
				}
				got[key(true, values...)] += sample.Value
			}
			if strings.HasPrefix(query, "topk(10,") {
				test.want = top(10, test.want, got)
			}
			assert.Equal(t, test.want, got)
		})
	}

	t.Run("What did administrators change?", func(t *testing.T) {
		lines := w.loki.Lines(queries["What did administrators change?"], w.now.Add(-24*time.Hour), w.now)
		changes := count(facts, w.now, 24*time.Hour, kinds("sapi"), func(f fact) string { return f.service })
		assert.InDelta(t, changes["auth0"], len(lines), 0)
		for _, line := range lines {
			assert.Regexp(t, `^(Update a|Delete a) .+ by .* from [0-9a-f.:]+$`, line.Text)
		}
	})
	t.Run("What did this user do?", func(t *testing.T) {
		user := w.clouds.Auth0Day.Users()[0]
		query := regexp.MustCompile(`auth0\|[0-9a-f]{24}`).ReplaceAllLiteralString(queries["What did this user do?"], user)
		did := count(facts, w.now, 24*time.Hour, everything, func(f fact) string { return f.user })
		assert.Positive(t, did[user])
		assert.InDelta(t, did[user], len(w.loki.Lines(query, w.now.Add(-24*time.Hour), w.now)), 0)
	})
}

// attack is what a day without an attack may lack: jane's logins fail three times, then one succeeds; joe's fail twice
// before; and an account is blocked.
func attack(at time.Time) []json.RawMessage {
	const jane, joe = `, "user_name": "jane@example.com"`, `, "user_name": "joe@example.com"`
	var entries []json.RawMessage
	for i, e := range []struct{ kind, who string }{
		{"fp", jane}, {"fp", jane}, {"fp", jane}, {"s", jane}, {"fp", joe}, {"fp", joe}, {"s", joe}, {"limit_wc", joe},
	} {
		entries = append(entries, typed(e.kind, at.Add(time.Duration(i)*time.Second), i, e.who))
	}
	return entries
}

// gotIn are the successes of those who failed three times or more, within an hour.
func gotIn(facts []fact, now time.Time) map[string]float64 {
	name := func(f fact) string { return key(f.name != "", f.service, f.name) }
	successes, failures := count(facts, now, time.Hour, loggedIn, name), count(facts, now, time.Hour, failed, name)
	for user := range successes {
		if failures[user] < 3 {
			delete(successes, user)
		}
	}
	return successes
}

// newest is the time of the last fact of each tenant.
func newest(facts []fact) map[string]float64 {
	last := map[string]float64{}
	for _, f := range facts {
		tenant := key(true, f.service, f.instance)
		last[tenant] = max(last[tenant], float64(f.at.Unix()))
	}
	return last
}

// top are those of the wanted counts that were given, if they are n of the highest. Of equal ones any may be given.
func top(n int, want, got map[string]float64) map[string]float64 {
	var values []float64
	for _, value := range want {
		values = append(values, value)
	}
	slices.Sort(values)
	slices.Reverse(values)
	n = min(n, len(values))
	chosen := map[string]float64{}
	for name, value := range want {
		if _, given := got[name]; given && value >= values[n-1] {
			chosen[name] = value
		}
	}
	if len(chosen) != n {
		return want
	}
	return chosen
}

// key is what counts are kept by; none if that is not wanted.
func key(wanted bool, values ...string) string {
	if !wanted {
		return ""
	}
	return strings.Join(values, " ")
}

// A user of Auth0 has more entries than the API gives: what is missing is found by the page's query.
func TestQuestionForGaps(t *testing.T) {
	w := newWorld(t, rig.LokiOptions{})
	user := w.clouds.Auth0Day.Users()[0]
	for i := range 1100 {
		entry := auth0Entry(w.now.Add(-time.Duration(1200-i)*time.Second), i, fmt.Sprintf(`, "user_id": %q`, user))
		require.NoError(t, w.clouds.Auth0.Publish(user, entry))
	}
	w.untilExported(w.start("{receivers: {user_log/auth0: {auth0: {tenant: false, users: ['"+user+"']}}}}"), 1001)
	query := questions(t)["Which entries are missing?"]
	require.NotEmpty(t, query)
	lines := w.loki.Lines(query, w.now.Add(-24*time.Hour), w.now.Add(time.Minute))
	require.Len(t, lines, 1)
	assert.Regexp(t, "^"+regexp.QuoteMeta(user)+`: \S+Z to `+w.now.Add(-1100*time.Second).Format("2006-01-02T15:04:05")+`Z, .+`, lines[0].Text)
}
