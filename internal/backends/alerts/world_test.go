package alerts

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"gopkg.in/yaml.v3"

	"github.com/userlog/userlog-otel/internal/backends/rig"
	auth0day "github.com/userlog/userlog-otel/internal/emulator/auth0/day"
	kobilday "github.com/userlog/userlog-otel/internal/emulator/kobil/day"
	"github.com/userlog/userlog-otel/internal/emulator/scenario"
)

const (
	// seed is the same for all tenants, so that they have the same people: an alert that mixes tenants counts too much. It is
	// one with which nobody whom a scenario is about happens to log in besides: at home while abroad, or in the middle of
	// being guessed, which the alerts are right to tell.
	seed = 2
	// users are enough for every scenario.
	users = 40
	// arrivalLimit is how long all entries may take to be in Loki, on a busy machine.
	arrivalLimit = 3 * time.Minute
)

// tenant is the clouds in which one scenario was played.
type tenant struct {
	clouds *rig.Clouds
	actors []scenario.Actor
}

// calm is a calm time before the end of a scenario, with enough scenes that no system is silent for half an hour.
type calm struct {
	length time.Duration
	scenes int
}

// play plays a scenario that is over at end, with a calm time around it.
func play(t *testing.T, s scenario.Scenario, end time.Time, before calm) tenant {
	t.Helper()
	clouds := rig.NewClouds(t, seed, users)
	clouds.Auth0Day = auth0day.New(auth0day.Options{Seed: seed, Users: users, Calm: true})
	until := end
	if s.Name == scenario.Silence {
		until = end.Add(-scenario.SilentFor)
	}
	clouds.Past(t, end.Add(-before.length), until, before.scenes)
	p := s.Play(scenario.Options{Seed: seed, Users: users, End: end})
	for _, e := range p.Auth0 {
		require.NoError(t, clouds.Auth0.Publish(e.User, e.Entry))
	}
	for _, e := range p.KOBIL {
		user, entry := clouds.KOBILDay.Write(e)
		require.NoError(t, clouds.KOBIL.Publish(user, entry))
	}
	return tenant{clouds, p.Actors}
}

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

// readWorld reads the tenants into a new Loki, and goes on reading: where Loki answered late, there may be repeats, and
// entries that come later.
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

// variable is the value of one that the example configurations read.
func (one tenant) variable(name string) string {
	for _, pair := range one.clouds.Env {
		if value, ok := strings.CutPrefix(pair, name+"="); ok {
			return value
		}
	}
	return ""
}

// hosts are the values of service.instance.id.
func (one tenant) hosts() []string {
	var hosts []string
	for _, name := range []string{"AUTH0_ENDPOINT", "KOBIL_ENDPOINT", "CANVAS_ENDPOINT"} {
		hosts = append(hosts, strings.TrimPrefix(one.variable(name), "http://"))
	}
	return hosts
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

// blocks are the receiver's blocks for the three systems.
func (one tenant) blocks() map[string]any {
	v := one.variable
	return map[string]any{
		"auth0": map[string]any{
			"endpoint": v("AUTH0_ENDPOINT"), "client_id": v("AUTH0_CLIENT_ID"), "client_secret": v("AUTH0_CLIENT_SECRET"), "tenant": true,
		},
		"kobil": map[string]any{
			"product": v("KOBIL_PRODUCT"), "endpoint": v("KOBIL_ENDPOINT"), "token_url": v("KOBIL_TOKEN_URL"),
			"client_id": v("KOBIL_CLIENT_ID"), "client_secret": v("KOBIL_CLIENT_SECRET"), "users_file": v("KOBIL_USERS_FILE"),
		},
		"canvas": map[string]any{
			"endpoint": v("CANVAS_ENDPOINT"), "token": v("CANVAS_TOKEN"), "accounts": []string{v("CANVAS_ACCOUNTS")},
		},
	}
}

// kobilTypes says what the emulator's own codes mean, as a user has to for KOBIL's.
func kobilTypes() map[string]any {
	return map[string]any{
		kobilday.Started:   map[string]string{"name": "App started", "category": "login", "outcome": "success"},
		kobilday.WrongPIN:  map[string]string{"name": "Wrong PIN", "category": "login", "outcome": "failure", "severity": "WARN"},
		kobilday.WrongCode: map[string]string{"name": "Wrong code", "category": "mfa", "outcome": "failure", "severity": "WARN"},
	}
}
