package alerts

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/userlog/userlog-otel/internal/backends/rig"
	auth0day "github.com/userlog/userlog-otel/internal/emulator/auth0/day"
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
