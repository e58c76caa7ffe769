package loki_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/userlog/userlog-otel/internal/backends/rig"
)

// Without its cursors the collector reads everything again.
func TestWhatIsReadTwiceIsStoredOnce(t *testing.T) {
	for name, test := range map[string]struct {
		limits  string
		changes []string
		times   int
	}{
		"at any Loki":               {times: 1},
		"at a Loki that is ready":   {limits: limits(t), changes: []string{noHours}, times: 1},
		"not without the transform": {changes: []string{"processors::transform/loki::log_statements: []"}, times: 2},
	} {
		t.Run(name, func(t *testing.T) {
			w := systems(t, rig.LokiOptions{Limits: test.limits})
			c := w.start(test.changes...)
			w.untilExported(c, w.total())
			c.Stop()
			w.loki.Flush() // repeats are found as well among what is in the store
			require.NoError(t, os.RemoveAll(filepath.Join(w.dir, "run", "loki", "storage")))
			w.untilExported(w.start(test.changes...), w.total())
			for service, entries := range w.clouds.Entries() {
				assert.Len(t, w.stored(service), test.times*len(entries), service)
				if test.times == 1 {
					assert.InDelta(t, len(entries), w.counted(service), 0, service)
				}
			}
		})
	}
}

// A collector that is killed again and again in the middle of a backlog.
func TestKilledInABacklog(t *testing.T) {
	const scenes, kills = 1500, 4
	w := newWorld(t, rig.LokiOptions{})
	for _, e := range w.clouds.Auth0Day.Past(w.now.Add(-23*time.Hour), w.now.Add(-time.Minute), scenes) {
		w.publish(e.Entry)
	}
	want := w.published("auth0")
	received := func() int {
		return int(w.loki.Metric("loki_distributor_lines_received_total", nil))
	}
	const slowly = "receivers::user_log/auth0::rate_limit::requests_per_second: 10"
	for kill := range kills {
		c, before := w.start(slowly), received()
		c.Until("a part is in Loki", readLimit, func() bool { return received() > before })
		c.Kill()
		require.Less(t, received(), len(want), "kill %d is in the middle", kill)
	}
	c := w.start()
	c.Until("all is in Loki", readLimit, func() bool { return len(w.stored("auth0")) >= len(want) })
	c.Stop()
	assert.ElementsMatch(t, want, w.stored("auth0"))
}

// What waits on disk for a Loki that is away is sent by the next collector, however this one ended.
func TestALokiThatIsAway(t *testing.T) {
	for name, end := range map[string]func(*rig.Collector){"stopped": (*rig.Collector).Stop, "killed": (*rig.Collector).Kill} {
		t.Run(name, func(t *testing.T) {
			w := systems(t, rig.LokiOptions{})
			c := w.start("exporters::otlp_http::endpoint: http://127.0.0.1:" + rig.FreePort(t))
			c.Until("everything is read", readLimit, func() bool {
				return int(rig.Metric(t, w.metrics, "otelcol_receiver_accepted_log_records", nil)) >= w.total()
			})
			end(c)
			c = w.start()
			w.untilExported(c, w.total())
			for service := range w.clouds.Entries() {
				assert.ElementsMatch(t, w.published(service), w.stored(service), service)
			}
		})
	}
}
