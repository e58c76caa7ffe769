package alerts

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"github.com/userlog/userlog-otel/internal/backends/rig"
	"github.com/userlog/userlog-otel/internal/emulator/scenario"
)

const (
	// seed is the same for all tenants, so that they have the same people: an alert that mixes tenants counts too much.
	seed = 2
	// users are enough for every scenario.
	users = 40
	// arrivalLimit is how long all entries may take to be in Loki, on a busy machine.
	arrivalLimit = 3 * time.Minute
)

// world is tenants by the names of their scenarios, read by one collector into one Loki.
type world struct {
	loki    *rig.Loki
	tenants map[string]tenant
	// scenarios are the names of the scenarios by service.instance.id.
	scenarios map[string]string
}

// newWorld plays all scenarios, each in a tenant of its own, and waits until Loki has all entries.
func newWorld(t *testing.T, end time.Time, before calm, options rig.LokiOptions) *world {
	t.Helper()
	tenants := map[string]tenant{}
	for _, s := range scenario.All() {
		tenants[s.Name] = play(t, s, end, before)
	}
	return readWorld(t, tenants, options)
}

// readWorld reads the tenants into a new Loki.
func readWorld(t *testing.T, tenants map[string]tenant, options rig.LokiOptions) *world {
	t.Helper()
	w := &world{loki: rig.NewLoki(t, options), tenants: tenants, scenarios: map[string]string{}}
	for name, one := range tenants {
		for _, host := range one.hosts() {
			w.scenarios[host] = name
		}
	}
	collector := rig.Start(t, t.TempDir(), w.environment(), example(), w.receivers(t))
	want := w.entries()
	collector.Until("all entries are in Loki", arrivalLimit, func() bool { return w.received() >= want })
	collector.Stop()
	return w
}

// entries is how many there are in all clouds.
func (w *world) entries() int {
	n := 0
	for _, one := range w.tenants {
		for _, entries := range one.clouds.Entries() {
			n += len(entries)
		}
	}
	return n
}

// received is how many records Loki has taken, repeats included.
func (w *world) received() int {
	return int(w.loki.Metric("loki_distributor_lines_received_total", map[string]string{"tenant": "fake"}))
}

// stored is how many records Loki finds.
func (w *world) stored() int {
	n := 0
	for _, sample := range w.loki.Instant(`sum(count_over_time({service_name=~"auth0|kobil|canvas"}[72h]))`, time.Now()) {
		n += int(sample.Value)
	}
	return n
}

// example is the path of the configuration for Loki.
func example() string {
	path, _ := filepath.Abs(filepath.Join(root, "config", "examples", "loki.yaml")) // the error is that of os.Getwd
	return path
}

// environment is what the example reads.
func (w *world) environment() []string {
	env := []string{"LOKI_ENDPOINT=" + w.loki.OTLP()}
	for _, one := range w.tenants { // for the example's own receiver, which is in no pipeline
		return append(env, one.clouds.Env...)
	}
	return env
}

// receivers writes a configuration that stands beside the example: its receiver, once for each system of each tenant.
func (w *world) receivers(t *testing.T) string {
	t.Helper()
	content, err := os.ReadFile(example())
	require.NoError(t, err)
	var shipped struct {
		Receivers map[string]map[string]any
	}
	require.NoError(t, yaml.Unmarshal(content, &shipped))
	receivers, names := map[string]any{}, []string{}
	for name, one := range w.tenants {
		for system, block := range one.blocks() {
			receiver := map[string]any{}
			for key, value := range shipped.Receivers["user_log/auth0"] {
				if key != "auth0" {
					receiver[key] = value
				}
			}
			receiver[system], receiver["initial_lookback"] = block, "96h"
			if system == "kobil" {
				receiver["types"] = kobilTypes()
			}
			id := "user_log/" + system + "-" + name
			receivers[id], names = receiver, append(names, id)
		}
	}
	config, err := yaml.Marshal(map[string]any{
		"receivers": receivers,
		"service": map[string]any{
			"pipelines": map[string]any{"logs": map[string]any{"receivers": names}},
			"telemetry": map[string]any{"metrics": map[string]any{"level": "none"}}, // its port is one for all collectors
		},
	})
	require.NoError(t, err)
	path := filepath.Join(t.TempDir(), "receivers.yaml")
	require.NoError(t, os.WriteFile(path, config, 0o600))
	return path
}
