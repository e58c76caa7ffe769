package rig

import (
	"bytes"
	"encoding/json"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/userlog/userlog-otel/internal/emulator/auth0"
	auth0day "github.com/userlog/userlog-otel/internal/emulator/auth0/day"
	"github.com/userlog/userlog-otel/internal/emulator/canvas"
	canvasday "github.com/userlog/userlog-otel/internal/emulator/canvas/day"
	"github.com/userlog/userlog-otel/internal/emulator/kobil"
	kobilday "github.com/userlog/userlog-otel/internal/emulator/kobil/day"
)

// What the emulated clouds accept.
const (
	clientID     = "rig"
	clientSecret = "rig-secret"
	canvasToken  = "rig-token"
	kobilTenant  = "rig"
)

// Clouds are the three emulated clouds, empty of entries but with their users, served on loopback until the test ends.
type Clouds struct {
	Auth0  *auth0.Tenant
	KOBIL  *kobil.Installation
	Canvas *canvas.Installation

	// The days that invent entries of the same users. They are not safe for concurrent use.
	Auth0Day  *auth0day.Day
	KOBILDay  *kobilday.Day
	CanvasDay *canvasday.Day

	// Env is what the configurations in config/examples read of the clouds, NAME=value.
	Env []string

	hosts map[string]string
}

// Host is where the system with this service.name is served, as its service.instance.id has it.
func (c *Clouds) Host(service string) string { return c.hosts[service] }

// Rename puts names in the place of hosts, whose ports are others at every run: auth0.example.com and so on.
func (c *Clouds) Rename(document []byte) []byte {
	for service, host := range c.hosts {
		document = bytes.ReplaceAll(document, []byte(host), []byte(service+".example.com"))
	}
	return document
}

// NewClouds serves clouds with this many users each; the same seed invents the same.
func NewClouds(t *testing.T, seed uint64, users int) *Clouds {
	t.Helper()
	clients := map[string]string{clientID: clientSecret}
	c := &Clouds{
		Auth0:     auth0.New(auth0.Options{Clients: clients}),
		KOBIL:     kobil.New(kobil.Options{Product: kobil.SSMS, TenantID: kobilTenant, Clients: clients}),
		Canvas:    canvas.New(canvas.Options{Tokens: []string{canvasToken}}),
		Auth0Day:  auth0day.New(auth0day.Options{Seed: seed, Users: users}),
		KOBILDay:  kobilday.New(kobilday.Options{Seed: seed, Users: users}),
		CanvasDay: canvasday.New(canvasday.Options{Seed: seed, Users: users}),
	}
	c.Auth0.AddUsers(c.Auth0Day.Users()...)
	c.KOBIL.AddUsers(c.KOBILDay.Users()...)
	c.CanvasDay.Enrol(c.Canvas)
	c.serve(t)
	return c
}

func (c *Clouds) serve(t *testing.T) {
	t.Helper()
	servers := map[string]string{}
	c.hosts = map[string]string{}
	for name, server := range map[string]*httptest.Server{
		"auth0": httptest.NewServer(c.Auth0), "kobil": httptest.NewServer(c.KOBIL), "canvas": httptest.NewServer(c.Canvas),
	} {
		t.Cleanup(server.Close)
		servers[name] = server.URL
		c.hosts[name] = strings.TrimPrefix(server.URL, "http://")
	}
	c.Env = []string{
		"AUTH0_ENDPOINT=" + servers["auth0"], "AUTH0_CLIENT_ID=" + clientID, "AUTH0_CLIENT_SECRET=" + clientSecret,
		"AUTH0_USERS_FILE=" + usersFile(t, c.Auth0Day.Users()),
		"KOBIL_ENDPOINT=" + servers["kobil"], "KOBIL_PRODUCT=" + string(kobil.SSMS), "KOBIL_TENANT_ID=" + kobilTenant,
		"KOBIL_TOKEN_URL=" + servers["kobil"] + "/auth/realms/" + kobilTenant + "/protocol/openid-connect/token",
		"KOBIL_CLIENT_ID=" + clientID, "KOBIL_CLIENT_SECRET=" + clientSecret, "KOBIL_USERS_FILE=" + usersFile(t, c.KOBILDay.Users()),
		"CANVAS_ENDPOINT=" + servers["canvas"], "CANVAS_TOKEN=" + canvasToken, "CANVAS_ACCOUNTS=" + strconv.Itoa(canvasday.Account),
		"CANVAS_USERS_FILE=" + usersFile(t, c.canvasUsers()),
	}
}

func (c *Clouds) canvasUsers() []string {
	var users []string
	for _, id := range c.CanvasDay.Users() {
		users = append(users, strconv.FormatInt(id, 10))
	}
	return users
}

func usersFile(t *testing.T, users []string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "users")
	require.NoError(t, os.WriteFile(path, []byte(strings.Join(users, "\n")+"\n"), 0o600))
	return path
}

// Past publishes invented scenes between two times in every cloud, also what of them arrives a little after to.
func (c *Clouds) Past(t *testing.T, from, to time.Time, scenes int) {
	t.Helper()
	for _, e := range c.Auth0Day.Past(from, to, scenes) {
		require.NoError(t, c.Auth0.Publish(e.User, e.Entry))
	}
	for _, e := range c.KOBILDay.Past(from, to, scenes) {
		user, entry := c.KOBILDay.Write(e)
		require.NoError(t, c.KOBIL.Publish(user, entry))
	}
	for _, e := range c.CanvasDay.Past(from, to, scenes) {
		e.Publish(c.Canvas)
	}
}

// Entries are all entries of each system, as the API gives them, by the value of service.name. An entry of several logs
// is there once.
func (c *Clouds) Entries() map[string][]json.RawMessage {
	all := map[string][]json.RawMessage{
		"auth0":  c.Auth0.Entries(""),
		"canvas": c.Canvas.Entries("accounts/" + strconv.Itoa(canvasday.Account)),
	}
	for _, user := range c.KOBILDay.Users() {
		all["kobil"] = append(all["kobil"], c.KOBIL.Entries(user)...)
	}
	return all
}
