//go:build e2e

package e2e

import (
	"encoding/json"
	"maps"
	"net"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/userlog/userlog-otel/internal/emulator/auth0"
)

// receiverID is the id of the receiver under test.
const receiverID = "user_log/acme"

// object is a part of a configuration.
type object map[string]any

// rig is what a collector lives between: an emulated tenant, a sink and a directory. Collectors started from one rig
// one after the other share the storage.
type rig struct {
	t      *testing.T
	tenant *auth0.Tenant
	api    *httptest.Server
	sink   *sink
	dir    string
	ledger ledger

	// last is the collector that was started last, of all.
	last       *collector
	collectors []*collector

	// receiver and auth0 are the keys of the receiver and of its provider block that a test sets.
	receiver, auth0 object
	// metrics makes the collector serve its metrics.
	metrics bool
	// args are given to the collector behind its configuration.
	args []string
	// logLevel is that of the collector's own log.
	logLevel string
}

// newRig starts tenant and sink. In the options, {endpoint} in Audience stands for the tenant's origin.
func newRig(t *testing.T, o auth0.Options) *rig {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	return newRigAt(t, o, listener)
}

func newRigAt(t *testing.T, o auth0.Options, listener net.Listener) *rig {
	t.Helper()
	o.Audience = strings.Replace(o.Audience, "{endpoint}", "http://"+listener.Addr().String(), 1)
	r := newRigWithoutAPI(t, "http://"+listener.Addr().String())
	r.serve(o, listener)
	return r
}

// newRigWithoutAPI makes a rig whose endpoint nobody serves yet.
func newRigWithoutAPI(t *testing.T, endpoint string) *rig {
	t.Helper()
	r := &rig{
		t:        t,
		sink:     newSink(t),
		dir:      t.TempDir(),
		ledger:   ledger{want: map[string]string{}, spared: map[string]bool{}},
		receiver: object{"collection_interval": "100ms", "initial_lookback": "24h"},
		auth0:    object{"endpoint": endpoint, "token": "canary-e2e-token"},
		logLevel: "info",
	}
	t.Cleanup(r.end)
	return r
}

// end says where the ledger stood if a test failed, and looks for secrets whether it failed or not.
func (r *rig) end() {
	if r.t.Failed() {
		r.logVerdict()
	}
	for _, key := range []string{"token", "client_secret"} {
		secret, ok := r.auth0[key].(string)
		if !ok {
			continue
		}
		for _, c := range r.collectors {
			assertAbsent(r.t, secret, "stderr", c.stderr.String())
		}
		if _, err := os.Stat(r.storage()); err == nil {
			searchFiles(r.t, r.storage(), []string{secret}) // there are none where the test is of a storage that is not there
		}
	}
}

// serve starts the tenant on a listener.
func (r *rig) serve(o auth0.Options, listener net.Listener) {
	r.tenant = auth0.New(o)
	r.api = httptest.NewUnstartedServer(r.tenant)
	r.api.Listener.Close()
	r.api.Listener = listener
	r.api.Start()
	r.t.Cleanup(r.api.Close)
}

// users sets the users whose logs are read.
func (r *rig) users(ids ...string) { r.auth0["users"] = ids }

// storage is the directory of the file storage.
func (r *rig) storage() string { return filepath.Join(r.dir, "storage") }

// portAttempts is how often a port for the metrics is looked for: another process can take one before the collector
// does.
const portAttempts = 3

// start starts a collector and waits until it is ready.
func (r *rig) start() *collector {
	r.t.Helper()
	for attempt := 1; ; attempt++ {
		metrics := object{"level": "none"}
		host, port := "127.0.0.1", 0
		if r.metrics {
			port = freePort(r.t)
			metrics = object{"level": "detailed", "readers": []object{
				{"pull": object{"exporter": object{"prometheus": object{"host": host, "port": port}}}},
			}}
		}
		path := filepath.Join(r.dir, "config.yaml")
		write(r.t, path, r.config(metrics))
		c := launch(r.t, r.dir, append([]string{"--config", path}, r.args...)...)
		if r.last != nil {
			r.last.followed = true
		}
		r.last, r.collectors = c, append(r.collectors, c)
		if r.metrics {
			c.metricsURL = metricsURL(host, port)
		}
		ready := waitReady(c)
		if !ready && attempt < portAttempts && strings.Contains(c.stderr.String(), "address already in use") {
			continue
		}
		require.True(r.t, ready, "the collector is not ready after %v", startLimit)
		return c
	}
}

// waitReady waits until the collector says that it is ready; false if it ends, or does not say so in time.
func waitReady(c *collector) bool {
	deadline := time.After(startLimit)
	tick := time.NewTicker(pollPause)
	defer tick.Stop()
	for !strings.Contains(c.stderr.String(), "Everything is ready") {
		select {
		case <-tick.C:
		case <-deadline:
			return false
		case <-c.exited:
			return false
		}
	}
	c.readyAt = time.Now()
	return true
}

// config is the configuration as JSON, which is YAML too.
func (r *rig) config(metrics object) string {
	provider := object{}
	maps.Copy(provider, r.auth0)
	receiver := object{"storage": "file_storage", "auth0": provider}
	maps.Copy(receiver, r.receiver)
	text, err := json.MarshalIndent(object{
		"extensions": object{"file_storage": object{"directory": r.storage(), "create_directory": true}},
		"receivers":  object{receiverID: receiver},
		"exporters": object{"otlp_http/sink": object{
			"endpoint":         r.sink.url,
			"compression":      "none",
			"sending_queue":    object{"enabled": false}, // a refusal has to reach the receiver
			"retry_on_failure": object{"enabled": false},
		}},
		"service": object{
			"extensions": []string{"file_storage"},
			"pipelines":  object{"logs": object{"receivers": []string{receiverID}, "exporters": []string{"otlp_http/sink"}}},
			"telemetry": object{
				"logs": object{
					"level": r.logLevel, "encoding": "json", "output_paths": []string{"stderr"},
					"sampling": object{"enabled": false},
				},
				"metrics": metrics,
			},
		},
	}, "", "  ")
	require.NoError(r.t, err)
	return string(text)
}
