package loki_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/userlog/userlog-otel/internal/backends/rig"
)

// noHours takes the operators away that keep the hours apart.
const noHours = `{receivers: {user_log/auth0: {operators: []}, user_log/bank: {operators: []}, user_log/campus: {operators: []}}}`

// systems is a world with a day of entries in all three systems. KOBIL is read user by user, so that the old entries of
// one come after the new ones of another.
func systems(t *testing.T, options rig.LokiOptions) *world {
	t.Helper()
	w := newWorld(t, options)
	w.clouds.Past(t, w.now.Add(-23*time.Hour), w.now.Add(-time.Minute), 150)
	w.configure(block(t, "receivers"), fastToo)
	return w
}

func TestADayOfOldEntriesArrives(t *testing.T) {
	for name, test := range map[string]struct {
		limits  string
		changes []string
		labels  []string // of streams
	}{
		"at any Loki":             {labels: []string{"service_instance_id", "service_name", "service_namespace"}},
		"at a Loki that is ready": {limits(t), []string{noHours}, []string{"__time_shard__", "service_instance_id", "service_name"}},
	} {
		t.Run(name, func(t *testing.T) {
			w := systems(t, rig.LokiOptions{Limits: test.limits})
			c := w.start(test.changes...)
			w.untilExported(c, w.total())
			for _, service := range []string{"auth0", "kobil", "canvas"} {
				assert.ElementsMatch(t, w.published(service), w.stored(service), service)
				for _, line := range w.lines(service) {
					require.ElementsMatch(t, test.labels, keys(line.Labels))
				}
			}
			c.Stop()
			assert.NotContains(t, c.Stderr(), "Dropping data")
		})
	}
}

// The trap that the example is made for, and how it shows.
func TestWithoutHoursOldEntriesAreRefused(t *testing.T) {
	w := systems(t, rig.LokiOptions{})
	c := w.start(noHours)
	w.untilExported(c, w.total())
	published, stored := w.published("kobil"), w.stored("kobil")
	assert.Less(t, len(stored), len(published))
	assert.Subset(t, published, stored)

	refused := int(w.loki.Metric("loki_discarded_samples_total", map[string]string{"reason": "too_far_behind"}))
	missing := w.total() - len(stored) - len(w.stored("auth0")) - len(w.stored("canvas"))
	assert.Equal(t, missing, refused, "Loki says how many entries it refused")
	assert.Greater(t, w.exported("send_failed"), refused, "the collector counts whole requests, of which Loki keeps the good entries")
	assert.Contains(t, c.Stderr(), "Dropping data")
}

func keys(labels map[string]string) []string {
	var out []string
	for key := range labels {
		out = append(out, key)
	}
	return out
}
