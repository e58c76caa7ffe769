package rig

import (
	"embed"
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/userlog/userlog-otel/internal/emulator/canvas"
	canvasday "github.com/userlog/userlog-otel/internal/emulator/canvas/day"
)

// kinds holds entries of fixed times and ids: of Auth0 at least one of every category, of KOBIL what the demo's table knows
// and what it does not.
//
//go:embed kinds/*.json
var kinds embed.FS

// Kinds publishes entries that are the same at every run, one of each kind: see the directory kinds.
func (c *Clouds) Kinds(t *testing.T) {
	t.Helper()
	require.NoError(t, c.Auth0.Replay("", readKinds(t, "auth0")))
	require.NoError(t, c.KOBIL.Publish(c.KOBILDay.Users()[0], readKinds(t, "kobil")...))
	c.canvasKinds()
}

func readKinds(t *testing.T, service string) (entries []json.RawMessage) {
	t.Helper()
	content, err := kinds.ReadFile("kinds/" + service + ".json")
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(content, &entries))
	return entries
}

func (c *Clouds) canvasKinds() {
	const user, login, view = 7001, 8001, "1nv3nt3d-0000-4000-8000-000000000001"
	at := time.Date(2025, time.November, 7, 10, 0, 0, 0, time.UTC)
	c.Canvas.AddUser(user, "Jane Example")
	c.Canvas.AddLogin(login, user, canvasday.Account, "jane@example.com")
	c.Canvas.AddPageView(view, "203.0.113.7", "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0", "invented-session", "https://canvas.example.com/login")
	c.Canvas.Publish(
		canvas.Event{ID: "1nv3nt3d-0000-4000-8000-00000000000a", At: at, Type: "login", User: user, Login: login, Account: canvasday.Account, PageView: view},
		canvas.Event{ID: "1nv3nt3d-0000-4000-8000-00000000000b", At: at.Add(time.Hour), Type: "logout", User: user, Login: login, Account: canvasday.Account},
	)
}

// AllSystems are the configurations with which an example that reads Auth0 reads all three systems, as the demo does.
func AllSystems(t *testing.T, example string) []string {
	t.Helper()
	configs := []string{Example(t, "demo"), Example(t, example)}
	configs = append(configs, Hurry("user_log/auth0", "user_log/kobil", "user_log/canvas")...)
	return append(configs,
		"yaml:service::pipelines::logs::receivers: [user_log/auth0, user_log/kobil, user_log/canvas]",
		"yaml:service::telemetry::logs::level: info")
}
