package alerts

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/userlog/userlog-otel/internal/backends/rig"
	"github.com/userlog/userlog-otel/internal/emulator/scenario"
)

// attributes are those of records that a label of an alert stands for. Other labels tell what happened, not who did it.
func attributes(label string) []string {
	return map[string][]string{
		"service_name":       {"service.name"},
		"account":            {"user.name", "user.id"},
		"client_address":     {"client.address"},
		"user_name":          {"user.name"},
		"user_log_client_id": {"user_log.client.id"},
	}[label]
}

// names tells whether the labels of an alert are about this actor and nobody else.
func names(labels map[string]string, actor scenario.Actor) bool {
	for label, value := range labels {
		may := attributes(label)
		if may != nil && value != "" && !slices.ContainsFunc(may, func(name string) bool { return actor[name] == value }) {
			return false
		}
	}
	return true
}

// lastNoon is a noon that is over, so that a day before it is the same whenever the test runs.
func lastNoon() time.Time {
	return time.Now().UTC().Add(-12*time.Hour - time.Minute).Truncate(24 * time.Hour).Add(12 * time.Hour)
}

func TestAlertsNameTheirActorsAndNobodyElse(t *testing.T) {
	end := lastNoon()
	day := calm{24 * time.Hour, 200}
	// A query for a whole day is a large one.
	w := newWorld(t, end, day, rig.LokiOptions{Limits: "max_query_series: 100000"})
	w.loki.Until("all entries are found", arrivalLimit, func() bool {
		w.loki.Flush() // what is old is found in the store only
		return w.stored() == w.entries()
	})
	for _, host := range w.tenants[scenario.Silence].hosts() {
		w.gap(t, host, end.Add(-5*time.Minute))
	}
	w.loki.Flush()
	want := expected()
	for _, r := range rules(t) {
		t.Run(r.Alert, func(t *testing.T) {
			fired := map[string][]rig.Sample{}
			for _, sample := range w.loki.Instant(r.Expr, end) {
				name := w.scenarios[sample.Labels["service_instance_id"]]
				fired[name] = append(fired[name], sample)
			}
			for name, one := range w.tenants {
				reason := want[r.Alert][name]
				w.judge(t, fmt.Sprintf("%s (%s)", name, reason), fired[name], one.actors, reason)
				delete(fired, name)
			}
			assert.Empty(t, fired, "in no tenant")
			w.quiet(t, r, end.Add(-day.length), end)
		})
	}
	t.Run("only where there are none", func(t *testing.T) { w.absence(t, end, end.Add(-day.length-time.Minute)) })
}

// gap puts a record into Loki with which the receiver says that a part of a log is gone: it is no sign of life.
func (w *world) gap(t *testing.T, host string, at time.Time) {
	t.Helper()
	service := w.loki.Instant(`count by (service_name) (rate({service_instance_id="`+host+`"}[24h]))`, at)[0].Labels["service_name"]
	gap := record{"user_log.type": "gap", "user_log.category": "system", "user_log.outcome": "unknown"}
	push(t, w.loki, service, host, []dated{{at, gap}})
}

// judge compares what fired in a scenario with its actors.
func (w *world) judge(t *testing.T, what string, fired []rig.Sample, actors []scenario.Actor, reason string) {
	t.Helper()
	if reason == "" {
		assert.Empty(t, fired, what)
		return
	}
	named := map[int]bool{}
	for _, sample := range fired {
		i := slices.IndexFunc(actors, func(a scenario.Actor) bool { return names(sample.Labels, a) })
		assert.GreaterOrEqual(t, i, 0, "%s: %v is none of %v", what, sample.Labels, actors)
		named[i] = true
	}
	assert.NotEmpty(t, fired, what)
	if reason == own {
		assert.Len(t, named, len(actors), "%s: some of %v are not named, but only %v", what, actors, fired)
	}
}

// quiet requires that the alert is not fired by the calm day before the scenarios.
func (w *world) quiet(t *testing.T, r rule, begin, end time.Time) {
	t.Helper()
	if r.Labels["category"] == "system" {
		return // people sleep at night
	}
	for _, sample := range w.loki.Range(r.Expr, begin, end.Add(-scenario.Length-time.Minute), 9*time.Minute) {
		assert.Fail(t, "fired by a calm day", "%v: %v", sample.Time, sample.Labels)
	}
}

// absence requires that the alert that names nobody is fired where no system has any entry, and only there.
func (w *world) absence(t *testing.T, end, before time.Time) {
	t.Helper()
	r := rules(t)[slices.IndexFunc(rules(t), func(r rule) bool { return r.Alert == noEntries })]
	assert.Empty(t, w.loki.Instant(r.Expr, end))
	assert.Len(t, w.loki.Instant(r.Expr, before), 1)
}
