//go:build e2e

package e2e

import (
	"encoding/json"
	"maps"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/userlog/userlog-otel/internal/sharedstore"
)

// machinesVariable names the environment variable with the path of a collector built from builder-config.yaml in this
// folder.
const machinesVariable = "OTELCOL_MACHINES"

// machines is a world that several collectors read at once. They share a store and an elector's API.
type machines struct {
	*world
	binary           string
	store            *sharedstore.Store
	storeURL, k8sURL string
}

func newMachines(t *testing.T, systems ...*system) *machines {
	t.Helper()
	binary := os.Getenv(machinesVariable)
	if binary == "" {
		t.Skipf("%s is not set: run `make e2e`", machinesVariable)
	}
	store := sharedstore.New()
	m := &machines{
		world: newWorld(t, systems...), binary: binary,
		store: store, storeURL: newPlace(t, store).url,
	}
	m.anyOrder = true // of two collectors that read one log, one may be behind
	api := httptest.NewServer(newLeases())
	t.Cleanup(api.Close)
	m.k8sURL = api.URL
	return m
}

// launch starts a collector with keys of its own for all receivers, and waits until it is ready.
func (m *machines) launch(name string, own object) *collector {
	m.Helper()
	config := m.config(0)
	for _, receiver := range config["receivers"].(object) {
		maps.Copy(receiver.(object), own)
		receiver.(object)["storage"] = "shared_store"
	}
	config["extensions"] = object{
		"shared_store": object{"endpoint": m.storeURL},
		// Short times, and the least that a guard against stalls is made for.
		"k8s_leader_elector": object{
			"auth_type": "kubeConfig", "lease_name": "user-log", "lease_namespace": "test",
			"lease_duration": "6s", "renew_deadline": "4s", "retry_period": "1s",
		},
	}
	config["service"].(object)["extensions"] = []string{"shared_store", "k8s_leader_elector"}
	text, err := json.MarshalIndent(config, "", "  ")
	require.NoError(m, err)
	dir := filepath.Join(m.dir, name)
	require.NoError(m, os.MkdirAll(filepath.Join(dir, ".kube"), 0o700))
	write(m.T, filepath.Join(dir, ".kube", "config"), m.kubeConfig())
	path := filepath.Join(dir, "config.yaml")
	write(m.T, path, string(text))
	c := launchOf(m.T, m.binary, dir, "--config", path)
	require.True(m, waitReady(c), "the collector is not ready after %v", startLimit)
	m.Cleanup(func() { m.secrets.assertAbsent(m.T, "stderr", c.stderr.String()) })
	return c
}

// kubeConfig says where the elector finds its API.
func (m *machines) kubeConfig() string {
	text, err := json.Marshal(object{
		"apiVersion": "v1", "kind": "Config", "current-context": "test",
		"clusters": []object{{"name": "test", "cluster": object{"server": m.k8sURL}}},
		"contexts": []object{{"name": "test", "context": object{"cluster": "test", "user": "test"}}},
		"users":    []object{{"name": "test", "user": object{}}},
	})
	require.NoError(m, err)
	return string(text)
}

// bound is how many entries one collector may have on their way at once.
func (m *machines) bound() (n int) {
	for _, s := range m.systems {
		n += s.inFlight
	}
	return n
}

// judge lets all collectors read until everything is there, ends them, and judges.
func (m *machines) judge(maxRepeats int, present ...*collector) {
	m.Helper()
	m.arrive(present[0])
	m.cycles(present[0], 3)
	for _, c := range present {
		c.stopWell()
	}
	v := m.book.compare(m.sink)
	v.log(m.T)
	v.outOfOrder = nil
	v.require(m.T, maxRepeats)
	require.Empty(m, m.store.Refusals())
}

// counts is how often each log was read.
func (m *machines) counts() map[string]int {
	counts := map[string]int{}
	for _, s := range m.systems {
		for _, log := range s.logs {
			counts[s.receiver()+" "+log] = s.reads(log)
		}
	}
	return counts
}
