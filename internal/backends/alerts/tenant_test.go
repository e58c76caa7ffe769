package alerts

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/userlog/userlog-otel/internal/backends/rig"
	auth0day "github.com/userlog/userlog-otel/internal/emulator/auth0/day"
	kobilday "github.com/userlog/userlog-otel/internal/emulator/kobil/day"
	"github.com/userlog/userlog-otel/internal/emulator/scenario"
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
	p, begin := s.Play(scenario.Options{Seed: seed, Users: users, End: end}), end.Add(-before.length)
	others := bystanders(p, end)
	for _, e := range clouds.Auth0Day.Past(begin, until, before.scenes) {
		if others(e.User, e.Date) {
			require.NoError(t, clouds.Auth0.Publish(e.User, e.Entry))
		}
	}
	for _, e := range p.Auth0 {
		require.NoError(t, clouds.Auth0.Publish(e.User, e.Entry))
	}
	for _, e := range clouds.KOBILDay.Past(begin, until, before.scenes) {
		if user, entry := clouds.KOBILDay.Write(e); others(user, e.Date) {
			require.NoError(t, clouds.KOBIL.Publish(user, entry))
		}
	}
	for _, e := range p.KOBIL {
		user, entry := clouds.KOBILDay.Write(e)
		require.NoError(t, clouds.KOBIL.Publish(user, entry))
	}
	for _, e := range clouds.CanvasDay.Past(begin, until, before.scenes) {
		e.Publish(clouds.Canvas)
	}
	return tenant{clouds, p.Actors}
}

// longestWindow is that of the rules that name somebody.
const longestWindow = time.Hour

// bystanders tells whether a user has no part in the play then. Who logs in by chance at home while abroad, or in the middle
// of being guessed, would be told, and rightly.
func bystanders(p scenario.Play, end time.Time) func(user string, at time.Time) bool {
	playing := map[string]bool{}
	for _, e := range p.Auth0 {
		playing[e.User] = e.User != ""
	}
	for _, actor := range p.Actors {
		playing[actor["user.id"]] = actor["user.id"] != ""
	}
	return func(user string, at time.Time) bool { return !playing[user] || at.Before(end.Add(-longestWindow)) }
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
