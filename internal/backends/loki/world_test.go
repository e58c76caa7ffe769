package loki_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/userlog/userlog-otel/internal/backends/rig"
)

// readLimit is how long a collector may take to read everything, on a machine that does other things.
const readLimit = 2 * time.Minute

// fast are changes that make a test short, and the ports that no two collectors share.
const fast = `
receivers:
  user_log/auth0: {collection_interval: 500ms}
service:
  telemetry:
    metrics:
      readers: [{pull: {exporter: {prometheus: {host: 127.0.0.1, port: %s}}}}]
`

// fastToo is fast for the systems that the page adds.
const fastToo = `
receivers:
  user_log/bank: {collection_interval: 500ms}
  user_log/campus: {collection_interval: 500ms}
`

// world is a Loki with what it is loaded from.
type world struct {
	t       *testing.T
	clouds  *rig.Clouds
	loki    *rig.Loki
	dir     string
	metrics string // the URL of the collector's metrics
	configs []string
	now     time.Time
}

// newWorld is a Loki, empty clouds with 5 users each, and the configuration of the example.
func newWorld(t *testing.T, options rig.LokiOptions) *world {
	t.Helper()
	t.Parallel()
	port := rig.FreePort(t)
	w := &world{
		t: t, clouds: rig.NewClouds(t, 1, 5), loki: rig.NewLoki(t, options), dir: t.TempDir(),
		metrics: "http://127.0.0.1:" + port + "/metrics", now: time.Now().UTC().Truncate(time.Second),
	}
	w.configure(read(t, example), fmt.Sprintf(fast, port))
	return w
}

// configure adds configurations, later ones win.
func (w *world) configure(configs ...string) {
	w.t.Helper()
	for _, config := range configs {
		file := filepath.Join(w.dir, fmt.Sprintf("%d.yaml", len(w.configs)))
		require.NoError(w.t, os.WriteFile(file, []byte(config), 0o600))
		w.configs = append(w.configs, file)
	}
}

// start starts the collector, with the changes besides what is configured.
func (w *world) start(changes ...string) *rig.Collector {
	w.t.Helper()
	configs := append([]string{}, w.configs...)
	for _, change := range changes {
		configs = append(configs, "yaml:"+change)
	}
	return rig.Start(w.t, w.dir, append([]string{"LOKI_ENDPOINT=" + w.loki.OTLP()}, w.clouds.Env...), configs...)
}

// exported is what a metric of the collector's exporters says.
func (w *world) exported(metric string) int {
	w.t.Helper()
	return int(rig.Metric(w.t, w.metrics, "otelcol_exporter_"+metric+"_log_records", nil))
}

// untilExported waits until so many records were taken or refused.
func (w *world) untilExported(c *rig.Collector, want int) {
	w.t.Helper()
	c.Until(fmt.Sprintf("%d records are exported", want), readLimit, func() bool {
		return w.exported("sent")+w.exported("send_failed") >= want
	})
}

// lines are all lines of a system.
func (w *world) lines(service string) []rig.Line {
	w.t.Helper()
	return w.loki.Lines(fmt.Sprintf(`{service_name=%q}`, service), w.now.Add(-20*24*time.Hour), w.now.Add(time.Hour))
}

// stored are the ids of all lines of a system, one for each line.
func (w *world) stored(service string) []string {
	w.t.Helper()
	var ids []string
	for _, line := range w.lines(service) {
		ids = append(ids, line.Metadata["log_record_uid"])
	}
	return ids
}

// counted is how many lines of a system a metric query counts in the last day.
func (w *world) counted(service string) float64 {
	w.t.Helper()
	sum := 0.0
	for _, sample := range w.loki.Instant(fmt.Sprintf(`sum(count_over_time({service_name=%q}[25h]))`, service), w.now.Add(time.Minute)) {
		sum += sample.Value
	}
	return sum
}

// published are the ids of all entries of a system, and total is how many there are in all systems.
func (w *world) published(service string) []string {
	w.t.Helper()
	var ids []string
	for _, entry := range w.clouds.Entries()[service] {
		var parsed struct {
			LogID string `json:"log_id"`
			ID    any    `json:"id"`
		}
		decoder := json.NewDecoder(bytes.NewReader(entry))
		decoder.UseNumber()
		require.NoError(w.t, decoder.Decode(&parsed))
		if parsed.LogID == "" {
			parsed.LogID = fmt.Sprint(parsed.ID)
		}
		ids = append(ids, parsed.LogID)
	}
	return ids
}

func (w *world) total() int {
	total := 0
	for _, entries := range w.clouds.Entries() {
		total += len(entries)
	}
	return total
}

// auth0Entry is an entry of the log of a tenant, which its number tells from others of the same time: a login of jane that
// failed, or what the members say that are added, JSON that begins with a comma.
func auth0Entry(at time.Time, number int, more string) json.RawMessage {
	return typed("f", at, number, `, "user_name": "jane@example.com"`+more)
}

// typed is auth0Entry of another type, and of nobody.
func typed(kind string, at time.Time, number int, more string) json.RawMessage {
	return json.RawMessage(fmt.Sprintf(`{"date": %q, "log_id": "900%s000%033d", "type": %q, "ip": "203.0.113.7"%s}`,
		at.UTC().Format("2006-01-02T15:04:05.000Z"), at.UTC().Format("20060102150405"), number, kind, more))
}

// publish makes entries visible in the log of the tenant.
func (w *world) publish(entries ...json.RawMessage) {
	w.t.Helper()
	require.NoError(w.t, w.clouds.Auth0.Publish("", entries...))
}

// example is the configuration that all tests run.
var example = filepath.Join("..", "..", "..", "config", "examples", "loki.yaml")

// page is the document that the tests keep true.
var page = filepath.Join("..", "..", "..", "docs", "backends.md")

func read(t *testing.T, file string) string {
	t.Helper()
	content, err := os.ReadFile(file)
	require.NoError(t, err)
	return string(content)
}

// section is the part of the page on Loki.
func section(t *testing.T) string {
	t.Helper()
	found := regexp.MustCompile(`(?s)\n## Loki\n(.*?)\n## `).FindStringSubmatch(read(t, page))
	require.NotNil(t, found)
	return found[1]
}

// block is the block of YAML under a heading of the section that begins with a key.
func block(t *testing.T, key string) string {
	t.Helper()
	found := regexp.MustCompile("(?s)```yaml\n(" + key + ":\n.*?)```").FindStringSubmatch(section(t))
	require.NotNil(t, found, key)
	return found[1]
}

// limits is the block limits_config that the page gives, as LokiOptions wants it.
func limits(t *testing.T) string {
	t.Helper()
	return regexp.MustCompile(`(?m)^(  |limits_config:\n)`).ReplaceAllString(block(t, "limits_config"), "")
}
