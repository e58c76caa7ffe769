// Package elasticsearch tests the examples for Elasticsearch: the built collector writes to a fake of the bulk API.
package elasticsearch

import (
	"flag"
	"net/http/httptest"
	"slices"
	"testing"
	"time"

	"github.com/userlog/userlog-otel/internal/backends/rig"
)

var update = flag.Bool("update", false, "write the golden documents")

// limit is how long a test waits for what takes seconds on an idle machine.
const limit = 60 * time.Second

// world is an Auth0 tenant, a collector to start, and the fake.
type world struct {
	t      *testing.T
	clouds *rig.Clouds
	fake   *fake
	dir    string
	env    []string
}

// newWorld is a world with this many scenes in the tenant's log, about two entries each.
func newWorld(t *testing.T, scenes int) *world {
	t.Helper()
	w := &world{t: t, clouds: rig.NewClouds(t, 1, 20), fake: newFake(), dir: t.TempDir()}
	if scenes > 0 {
		now := time.Now()
		w.clouds.Past(t, now.Add(-12*time.Hour), now.Add(-time.Minute), scenes)
	}
	server := httptest.NewServer(w.fake)
	t.Cleanup(server.Close)
	w.env = append(w.clouds.Env, "ELASTICSEARCH_ENDPOINT="+server.URL, "ELASTICSEARCH_API_KEY=invented")
	return w
}

// start starts the collector on an example; the waits between its tries are short.
func (w *world) start(example string, more ...string) *rig.Collector {
	w.t.Helper()
	configs := append([]string{rig.Example(w.t, example)}, rig.Hurry("user_log/auth0")...)
	configs = append(configs, "yaml:exporters::elasticsearch::retry: {initial_interval: 10ms, max_interval: 100ms}")
	return rig.Start(w.t, w.dir, w.env, append(configs, more...)...)
}

// want are the ids of the documents that the tenant's entries become.
func (w *world) want() []string {
	w.t.Helper()
	ids := rig.IDs(w.t, w.clouds.Auth0.Entries(""))
	for i, id := range ids {
		ids[i] = w.clouds.Host("auth0") + "/" + id
	}
	slices.Sort(ids)
	return ids
}

// all waits until every entry is a document.
func (w *world) all(c *rig.Collector) {
	w.t.Helper()
	want := w.want()
	c.Until("every entry is a document", limit, func() bool { return slices.Equal(w.fake.ids(), want) })
}
