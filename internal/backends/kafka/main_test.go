// Package kafka tests the example for Kafka: the built collector writes to a broker in this process, from which a real
// client reads.
package kafka

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/userlog/userlog-otel/internal/backends/rig"
	"github.com/userlog/userlog-otel/internal/backends/rig/broker"
)

const (
	topic = "user_log"
	// partitions are more than one, so that keys have something to choose from.
	partitions = 4
	// limit is how long a test waits for what takes seconds on an idle machine.
	limit = 60 * time.Second
)

// world is an Auth0 tenant, a collector to start, and the broker.
type world struct {
	t      *testing.T
	clouds *rig.Clouds
	broker *broker.Broker
	dir    string
}

func newWorld(t *testing.T) *world {
	t.Helper()
	return &world{t: t, clouds: rig.NewClouds(t, 1, 20), broker: broker.New(t, topic, partitions), dir: t.TempDir()}
}

// past fills the tenant's log with this many scenes, about two entries each.
func (w *world) past(scenes int) {
	w.t.Helper()
	now := time.Now()
	w.clouds.Past(w.t, now.Add(-12*time.Hour), now.Add(-time.Minute), scenes)
}

func (w *world) start(more ...string) *rig.Collector {
	w.t.Helper()
	configs := append([]string{rig.Example(w.t, "kafka")}, rig.Hurry("user_log/auth0")...)
	configs = append(configs, "yaml:exporters::kafka::timeout: 500ms",
		"yaml:exporters::kafka::retry_on_failure: {initial_interval: 50ms, max_interval: 200ms}")
	return rig.Start(w.t, w.dir, append(slices.Clone(w.clouds.Env), w.broker.Env()), append(configs, more...)...)
}

// ids are those of all entries in the topic, in the order of their partitions.
func (w *world) ids() []string {
	w.t.Helper()
	var ids []string
	for _, record := range w.broker.Records() {
		ids = append(ids, rig.UIDs(w.t, record.Value)...)
	}
	return ids
}

// all waits until every entry was read from the broker.
func (w *world) all(c *rig.Collector) {
	w.t.Helper()
	want := slices.Sorted(slices.Values(rig.IDs(w.t, w.clouds.Auth0.Entries(""))))
	c.Until("every entry is in the topic", limit, func() bool {
		return slices.Equal(slices.Compact(slices.Sorted(slices.Values(w.ids()))), want)
	})
}

// big is an entry with this many bytes in it.
func big(id string, size int) string {
	return `{"log_id":"` + id + `","date":"2025-11-07T10:00:00.000Z","type":"s","user_id":"auth0|big","details":{"x":"` + strings.Repeat("x", size) + `"}}`
}
