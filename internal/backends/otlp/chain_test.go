// Package otlp tests the examples that send to another Collector. Here that one is the built collector, too, and writes
// what it gets to a file.
package otlp

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/userlog/userlog-otel/internal/backends/rig"
)

// limit is how long a test waits for what takes seconds on an idle machine.
const limit = 60 * time.Second

// chain is an Auth0 tenant, the collector that reads it, and the one that it sends to.
type chain struct {
	t          *testing.T
	clouds     *rig.Clouds
	recipe     recipe
	dir        string
	time       time.Time // up to which entries are published
	grpc, http string    // the ports of the second collector
}

// recipe is an example that keeps its promise whichever collector dies.
type recipe struct{ example, receiver, exporter string }

func newChain(t *testing.T, r recipe) *chain {
	t.Helper()
	c := &chain{t: t, clouds: rig.NewClouds(t, 1, 20), recipe: r, dir: t.TempDir(), time: time.Now().Add(-12 * time.Hour), grpc: rig.FreePort(t), http: rig.FreePort(t)}
	c.publish(200)
	return c
}

// publish invents scenes of the next hour, about two entries each. Auth0 gives its entries ids by their arrival, so these
// come after all that were published.
func (c *chain) publish(scenes int) {
	c.t.Helper()
	c.clouds.Past(c.t, c.time, c.time.Add(time.Hour), scenes)
	c.time = c.time.Add(2 * time.Hour)
}

// first is the collector that reads; it may start when the other is away.
func (c *chain) first() *rig.Collector {
	c.t.Helper()
	env := append(slices.Clone(c.clouds.Env), "OTLP_ENDPOINT=http://127.0.0.1:"+c.http, "OTLP_HOST=127.0.0.1")
	configs := append([]string{rig.Example(c.t, c.recipe.example)}, rig.Hurry(c.recipe.receiver)...)
	configs = append(configs, "yaml:exporters::"+c.recipe.exporter+"::retry_on_failure: {initial_interval: 50ms, max_interval: 200ms}")
	if c.recipe.exporter == "otlp_grpc" {
		configs = append(configs, "yaml:exporters::otlp_grpc: {endpoint: '127.0.0.1:"+c.grpc+"', tls: {insecure: true}}")
	}
	return rig.Start(c.t, c.dir, env, configs...)
}

// second is the collector that writes; a rotation makes it write before it answers.
func (c *chain) second() *rig.Collector {
	c.t.Helper()
	return rig.Start(c.t, c.dir, nil,
		"yaml:receivers::otlp::protocols: {grpc: {endpoint: '127.0.0.1:"+c.grpc+"'}, http: {endpoint: '127.0.0.1:"+c.http+"'}}",
		"yaml:exporters::file: {path: second.json, rotation: {}}",
		"yaml:service::pipelines::logs: {receivers: [otlp], exporters: [file]}",
		"yaml:service::telemetry::metrics::level: none")
}

// arrived are the uids in the second's file, sorted, each as often as it is there.
func (c *chain) arrived() []string {
	c.t.Helper()
	return rig.FileUIDs(c.t, filepath.Join(c.dir, "second*.json"))
}

// want are those that must arrive.
func (c *chain) want() []string {
	c.t.Helper()
	return slices.Sorted(slices.Values(rig.IDs(c.t, c.clouds.Auth0.Entries(""))))
}

// more waits until something more has arrived, or there is nothing more to come.
func (c *chain) more(first *rig.Collector) {
	c.t.Helper()
	before, want := len(c.arrived()), len(c.want())
	first.Until("something arrives", limit, func() bool { return before >= want || len(c.arrived()) > before })
}

// stuck waits until the first has read all there is, and has tried to send it: it reads every 100ms, and tries at least
// every 200ms.
func (c *chain) stuck(first *rig.Collector) {
	c.t.Helper()
	tries := func() int { return strings.Count(first.Stderr(), "Will retry the request") }
	before := tries()
	first.Until("it tries to send", limit, func() bool { return tries() > before+5 })
}

// all waits until everything has arrived.
func (c *chain) all(first *rig.Collector) {
	c.t.Helper()
	want := c.want()
	first.Until("everything has arrived", limit, func() bool { return slices.Equal(slices.Compact(c.arrived()), want) })
}
