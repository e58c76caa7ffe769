//go:build e2e

package e2e

import (
	"encoding/json"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// world is what a collector lives between that reads all three systems: their APIs, each behind a front that can spoil
// its answers, a sink, and a directory. Collectors started in one world one after the other share the storage. At its end
// no secret of the world may be found in anything that its collectors wrote.
type world struct {
	*testing.T
	systems []*system
	sink    *sink
	dir     string
	book    *book

	// keys are those of every receiver, beside those of its system.
	keys object
	// exporter are keys of the exporter.
	exporter object
	// gaps says that the API may give less than there is, if that is told.
	gaps bool
	// anyOrder says that records need not come in the order of their log.
	anyOrder bool
	// metrics makes the collectors serve their metrics, status the status of their components.
	metrics, status bool

	statusAddress string
	secrets       secrets
	collectors    []*collector
}

// newWorld serves the systems.
func newWorld(t *testing.T, systems ...*system) *world {
	t.Helper()
	w := &world{
		T: t, sink: newSink(t), dir: t.TempDir(), systems: systems, exporter: object{},
		book: newBook(),
		keys: object{
			"storage": "file_storage", "collection_interval": "100ms", "initial_lookback": "24h",
			// The logs grow by far more than real ones. What a reader meets again in every read stays in proportion.
			"overlap": overlap.String(),
		},
	}
	for _, s := range systems {
		s.front.next, s.front.secrets = s.api, &w.secrets
		if s.twin != nil {
			s.place = s.twin.place
		} else {
			s.place = newPlace(t, &s.front)
		}
		w.secrets.add(s.secrets...)
	}
	t.Cleanup(w.end)
	return w
}

// all are the three systems with their usual logs, Auth0 once by users and once as a whole.
func all() []*system { return []*system{newAuth0(), newKOBIL(), newCanvas(), newTenant()} }

// end says where the ledger stood if a test failed, and looks for secrets whether it failed or not.
func (w *world) end() {
	if w.Failed() {
		w.book.compare(w.sink).log(w.T)
	}
	for _, c := range w.collectors {
		if c.running() {
			_ = c.cmd.Process.Kill() // fails only if it is gone
			<-c.exited
		}
		w.secrets.assertAbsent(w.T, "stderr", c.stderr.String())
	}
	if len(w.collectors) > 0 {
		assertNotInFiles(w.T, w.storage(), w.secrets.all())
		if queue, ok := w.exporter["sending_queue"].(object); ok && queue["storage"] != nil {
			assertNotInFiles(w.T, w.queue(), w.secrets.all())
		}
	}
}

// storage is the directory of the file storage.
func (w *world) storage() string { return filepath.Join(w.dir, "storage") }

// queue is the directory of the exporter's queue, if it has one on disk.
func (w *world) queue() string { return w.storage() + "-queue" }

// system is the one with this name.
func (w *world) system(name string) *system {
	w.Helper()
	for _, s := range w.systems {
		if s.name == name {
			return s
		}
	}
	require.FailNow(w, "no system "+name)
	return nil
}

// start starts a collector and waits until it is ready.
func (w *world) start() *collector {
	w.Helper()
	for attempt := 1; ; attempt++ {
		c, ready := w.launch()
		if !ready && attempt < portAttempts && strings.Contains(c.stderr.String(), "address already in use") {
			continue
		}
		require.True(w, ready, "the collector is not ready after %v", startLimit)
		return c
	}
}

// launch starts a collector with ports that are free at the moment, and tells whether it became ready.
func (w *world) launch() (*collector, bool) {
	w.Helper()
	port, args := 0, []string(nil)
	if w.metrics {
		port = freePort(w.T)
	}
	if w.status {
		w.statusAddress, args = fmt.Sprintf("127.0.0.1:%d", freePort(w.T)), []string{statusGate}
	}
	path := w.writeConfig(port)
	if n := len(w.collectors); n > 0 {
		w.collectors[n-1].followed = true
	}
	c := launch(w.T, w.dir, append(args, "--config", path)...)
	w.collectors = append(w.collectors, c)
	if w.metrics {
		c.metricsURL = metricsURL("127.0.0.1", port)
	}
	return c, waitReady(c)
}

// writeConfig writes the configuration, and returns where it is.
func (w *world) writeConfig(port int) string {
	w.Helper()
	path := filepath.Join(w.dir, "config.yaml")
	text, err := json.MarshalIndent(w.config(port), "", "  ")
	require.NoError(w, err)
	write(w.T, path, string(text))
	return path
}

// config is the configuration; port is that of the metrics, 0 for none.
func (w *world) config(port int) object {
	receivers, ids := object{}, []string{}
	for _, s := range w.systems {
		block := maps.Clone(s.block)
		block["endpoint"] = s.url
		if s.tokenPath != "" {
			block["token_url"] = s.url + s.tokenPath
		}
		receiver := object{s.name: block}
		maps.Copy(receiver, w.keys)
		maps.Copy(receiver, s.keys)
		receivers[s.receiver()] = receiver
		ids = append(ids, s.receiver())
	}
	metrics := object{"level": "none"}
	if port != 0 {
		metrics = object{"level": "detailed", "readers": []object{
			{"pull": object{"exporter": object{"prometheus": object{"host": "127.0.0.1", "port": port}}}},
		}}
	}
	exporter := object{
		"endpoint": w.sink.url, "compression": "none",
		// A refusal has to reach the receiver.
		"sending_queue": object{"enabled": false}, "retry_on_failure": object{"enabled": false},
	}
	maps.Copy(exporter, w.exporter)
	extensions := object{
		"file_storage": object{"directory": w.storage(), "create_directory": true},
		// For exporters with a queue.
		"file_storage/queue": object{"directory": w.queue(), "create_directory": true},
	}
	if w.status {
		extensions["health_check"] = object{
			"http": object{"endpoint": w.statusAddress, "status": object{"enabled": true, "path": "/status"}},
			// As long as no test lasts: what is recoverable stays 200, and is told.
			"component_health": object{"include_recoverable_errors": true, "recovery_duration": "1h"},
		}
	}
	return object{
		"extensions": extensions,
		"receivers":  receivers,
		"exporters":  object{"otlp_http/sink": exporter},
		"service": object{
			"extensions": slices.Sorted(maps.Keys(extensions)),
			"pipelines":  object{"logs": object{"receivers": ids, "exporters": []string{"otlp_http/sink"}}},
			"telemetry": object{"metrics": metrics, "logs": object{
				"level": "debug", "encoding": "json", "output_paths": []string{"stderr"}, "sampling": object{"enabled": false},
			}},
		},
	}
}

// complete tells whether everything that has to arrive has arrived.
func (w *world) complete() bool {
	return w.sink.distinct() >= w.book.size() && len(w.book.compare(w.sink).missing) == 0
}

// cycles waits until every log was read so many times more.
func (w *world) cycles(c *collector, n int) {
	w.Helper()
	for _, s := range w.systems {
		s.cycles(c, n)
	}
}

// arrive waits until everything is there, or nothing more comes although every log was read again several times: then it
// is up to the ledger what that means.
func (w *world) arrive(c *collector) {
	w.Helper()
	const patience = 5 // reads
	arrived, reads := -1, map[string]int{}
	count := func() map[string]int {
		counts := map[string]int{}
		for _, s := range w.systems {
			for _, log := range s.logs {
				counts[s.name+log] = s.reads(log)
			}
		}
		return counts
	}
	c.until("everything arrives, or nothing more does", settleLimit, func() bool {
		if w.complete() {
			return true
		}
		now := count()
		if n := w.sink.distinct(); n != arrived {
			arrived, reads = n, now
		}
		for log, n := range now {
			if n < reads[log]+patience {
				return false
			}
		}
		return true
	})
}

// excuse takes entries off the book that did not arrive and lie in a gap that was told, with their log. It returns how
// many gaps were told, and how many entries lie in them.
func (w *world) excuse() (told, within int) {
	w.Helper()
	for _, c := range w.collectors {
		for _, line := range c.stderr.warnings("gap in the log of user") {
			told++
			from, err := time.Parse(time.RFC3339Nano, line.From)
			require.NoError(w, err, line.raw)
			to, err := time.Parse(time.RFC3339Nano, line.To)
			require.NoError(w, err, line.raw)
			within += w.book.excuse(w.sink, line.User, from, to)
		}
	}
	return told, within
}

// settle lets a collector read in peace until everything is there and read again a few times, and judges:
// nothing missing, invented, altered or out of order, and at most so many repeats in all.
func (w *world) settle(c *collector, maxRepeats int) {
	w.Helper()
	w.arrive(c)
	w.cycles(c, 3)
	if w.metrics {
		w.secrets.assertAbsent(w.T, "the metrics", c.metricsPage())
	}
	if w.status {
		w.secrets.assertAbsent(w.T, "the status", w.statusPage())
	}
	c.stopWell()
	told, within := w.excuse()
	if w.gaps {
		w.Logf("%d gaps were told; %d entries that did not arrive lie in them", told, within)
	} else {
		require.Zero(w, told, "gaps told")
	}
	v := w.book.compare(w.sink)
	v.log(w.T)
	if w.anyOrder {
		v.outOfOrder = nil
	}
	v.require(w.T, maxRepeats)
}
