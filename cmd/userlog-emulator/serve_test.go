//go:build unix

package main

import (
	"encoding/json"
	"math"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/userlog/userlog-otel/internal/emulator/auth0"
	"github.com/userlog/userlog-otel/internal/emulator/canvas"
	"github.com/userlog/userlog-otel/internal/emulator/kobil"
)

func (e *emulation) tenant() *auth0.Tenant { return e.clouds[0].handler.(*auth0.Tenant) }

func TestOnlyLoopbackIsListenedOn(t *testing.T) {
	for _, good := range []string{"127.0.0.1:0", "127.8.8.8:1", "[::1]:4080", "localhost:4080"} {
		require.NoError(t, (&serving{listen: good}).validate(), good)
	}
	for _, bad := range []string{"0.0.0.0:4080", ":4080", "[::]:4080", "192.0.2.1:1", "example.com:80", "4080", ""} {
		require.ErrorContains(t, (&serving{listen: bad}).validate(), "--listen", bad)
		require.ErrorContains(t, (&serving{prefix: "kobil-", listen: bad}).validate(), "--kobil-listen", bad)
	}
}

func TestSettingsSayAllThatIsWrong(t *testing.T) {
	_, err := begin(defaults("--listen=0.0.0.0:1", "--users=0", "--rate=NaN", "--history=-1s", "--rate-limit=-1", "--rate-window=0", "--client-id=",
		"--kobil-listen=x", "--kobil-tenant-id=a/b", "--kobil-token-lifetime=0", "--kobil-max-limit=-1",
		"--canvas-listen=:0", "--canvas-token=", "--canvas-max-per-page=0", "--canvas-throttle=NaN"))
	for _, flag := range []string{
		"--listen", "--users", "--rate:", "--history", "--rate-limit", "--rate-window", "--client-id",
		"--kobil-listen", "--kobil-tenant-id", "--kobil-token-lifetime", "--kobil-max-limit",
		"--canvas-listen", "--canvas-token", "--canvas-max-per-page", "--canvas-throttle",
	} {
		require.ErrorContains(t, err, flag)
	}
	s := defaults()
	s.users, s.history = 1_000_000, 1000*24*time.Hour
	require.ErrorContains(t, s.validate(), "too long for so many users")
	s.history = math.MaxInt64
	require.ErrorContains(t, s.validate(), "too long for so many users")
}

func TestEveryCloudHasAPast(t *testing.T) {
	e, err := begin(defaults("--rate=0"))
	require.NoError(t, err)
	for _, c := range e.clouds {
		assert.True(t, c.entries >= 100 && c.entries <= 400, "%s: %d log events", c.name, c.entries)
		assert.Len(t, c.users, 20, c.name)
	}
	require.NoError(t, e.end())
}

func TestEventsArriveWhileRunning(t *testing.T) {
	e, err := begin(defaults("--history=0", "--rate=50", "--users=1"))
	require.NoError(t, err)
	defer func() { require.NoError(t, e.end()) }()
	for _, c := range e.clouds {
		assert.Zero(t, c.entries, c.name)
	}
	k, c := e.clouds[1], e.clouds[2].handler.(*canvas.Installation)
	assert.Eventually(t, func() bool {
		return len(e.tenant().Entries("")) > 10 && len(k.handler.(*kobil.Installation).Entries(k.users[0])) > 10 && len(c.Entries("accounts/1")) > 10
	}, 8*time.Second, 20*time.Millisecond)
}

func TestOdditiesAreSwitchedByFlags(t *testing.T) {
	e, err := begin(defaults("--rate=0", "--users=1", "--kobil-product=shift", "--kobil-tenant-id=acme", "--kobil-more=absent", "--kobil-envelope=documented",
		"--kobil-max-limit=3", "--kobil-token-lifetime=7s", "--canvas-shape=array", "--canvas-string-ids", "--canvas-bookmarks=time",
		"--canvas-logins-path=pseudonyms", "--canvas-max-per-page=2", "--canvas-throttle=400", "--canvas-throttle-status=429"))
	require.NoError(t, err)
	defer func() { require.NoError(t, e.end()) }()
	k, c := e.clouds[1], e.clouds[2]
	for _, want := range []string{"KOBIL_PRODUCT=shift", "KOBIL_TENANT_ID=acme", "KOBIL_TOKEN_URL=" + k.url() + "/auth/realms/acme/protocol/openid-connect/token"} {
		assert.Contains(t, k.variables(), want)
	}
	t.Setenv("KOBIL_CLIENT_ID", "demo")
	t.Setenv("KOBIL_CLIENT_SECRET", "demo-secret")
	token := fetchToken(k.url()+"/auth/realms/acme/protocol/openid-connect/token", "KOBIL", map[string][]string{})
	body := get(k.url()+"/auth/realms/acme/v3_user/"+k.users[0]+"/logs?limit=100", token)
	assert.True(t, strings.HasPrefix(body, `{"data":[{"action":`), body)
	assert.NotContains(t, body, "moreResultsAvailable")
	assert.Equal(t, 3, strings.Count(body, `"logDate"`))

	body = get(c.url()+"/api/v1/audit/authentication/pseudonyms/1001?per_page=100", "demo-token")
	assert.True(t, strings.HasPrefix(body, `[{"created_at":`), body)
	assert.Equal(t, 2, strings.Count(body, `"pseudonym_id":"1001"`))
	for range 3 {
		get(c.url()+"/api/v1/audit/authentication/accounts/1", "demo-token")
	}
	requests := c.handler.(*canvas.Installation).Requests()
	assert.Equal(t, http.StatusTooManyRequests, requests[len(requests)-1].Status)
}

func TestUnknownChoiceNamesThoseThatThereAre(t *testing.T) {
	root := rootCommand()
	root.SetArgs([]string{"serve", "--kobil-more", "perhaps"})
	require.ErrorContains(t, root.Execute(), "must be honest or absent or always-true")
}

func TestReplayAndUsersFiles(t *testing.T) {
	dir := t.TempDir()
	s := defaults("--users=1", "--history=0", "--rate=0", "--replay-user=replayed|1")
	s.auth0.usersFile, s.kobil.usersFile, s.canvas.usersFile = filepath.Join(dir, "auth0"), filepath.Join(dir, "kobil"), filepath.Join(dir, "canvas")
	s.auth0.replay = []string{filepath.Join(dir, "a.ndjson")}
	require.NoError(t, os.WriteFile(s.auth0.replay[0], []byte("{\"log_id\":\"1\"}\n{\"log_id\":\"2\",\"user_id\":\"own|1\"}\n"), 0o600))
	e, err := begin(s)
	require.NoError(t, err)
	require.NoError(t, e.end())
	for _, c := range e.clouds {
		users, err := os.ReadFile(c.serving.usersFile)
		require.NoError(t, err)
		assert.Equal(t, c.users, strings.Fields(string(users)))
		assert.Contains(t, e.environment(), strings.ToUpper(c.name)+"_USERS_FILE="+c.serving.usersFile)
	}
	assert.Equal(t, []string{"replayed|1", "own|1"}, e.tenant().Users()[1:])

	require.NoError(t, os.WriteFile(s.auth0.replay[0], []byte("{}\nx\n"), 0o600))
	_, err = begin(s)
	require.ErrorContains(t, err, "line 2")
	s.auth0.replay = []string{filepath.Join(dir, "none")}
	_, err = begin(s)
	require.ErrorIs(t, err, os.ErrNotExist)
	s.auth0.replay, s.canvas.usersFile = nil, filepath.Join(dir, "no", "users")
	_, err = begin(s)
	require.ErrorContains(t, err, "--canvas-users-file")
}

func TestReplayedEntriesCanBeShiftedToNow(t *testing.T) {
	dir := t.TempDir()
	s := defaults("--users=1", "--history=0", "--rate=0", "--replay-shift")
	_, err := begin(s)
	require.ErrorContains(t, err, "--replay-shift: needs --replay")
	for name, content := range map[string]string{
		"a.ndjson": `{"user_id":"u","date":"2019-05-05T10:00:00.500Z","type":"s"}`,
		"b.ndjson": `{"user_id":"u","date":"2019-05-05T10:01:00.500Z","type":"fp"}`,
	} {
		path := filepath.Join(dir, name)
		require.NoError(t, os.WriteFile(path, []byte(content+"\n"), 0o600))
		s.auth0.replay = append(s.auth0.replay, path)
	}
	e, err := begin(s)
	require.NoError(t, err)
	require.NoError(t, e.end())
	var dates []time.Time
	for _, raw := range e.tenant().Entries("u") {
		var entry struct{ Date time.Time }
		require.NoError(t, json.Unmarshal(raw, &entry))
		dates = append(dates, entry.Date)
	}
	require.Len(t, dates, 2)
	assert.WithinDuration(t, time.Now(), dates[1], 10*time.Second)
	assert.Equal(t, time.Minute, dates[1].Sub(dates[0]))
}

func TestGreetingTellsHowToUseIt(t *testing.T) {
	s := defaults()
	s.clientSecret = "it's"
	e, err := begin(s)
	require.NoError(t, err)
	var out buffer
	greet(&out, e)
	for _, want := range []string{
		"AUTH0_CLIENT_ID='demo'", `AUTH0_CLIENT_SECRET='it'\''s'`, `KOBIL_CLIENT_SECRET='it'\''s'`, "CANVAS_TOKEN='demo-token'", "CANVAS_ACCOUNTS='1'", "20 users",
	} {
		assert.Contains(t, out.String(), want)
	}
	for _, c := range e.clouds {
		assert.Contains(t, out.String(), c.name+" emulated at "+c.url())
		assert.Contains(t, out.String(), strings.ToUpper(c.name)+"_ENDPOINT='"+c.url()+"'")
		assert.Contains(t, out.String(), "curl -s '"+c.url()+"/")
	}
	resp, err := http.Get(e.clouds[0].url() + "/api/v2/logs")
	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
	assert.Equal(t, http.StatusUnauthorized, resp.StatusCode)
	require.NoError(t, e.end())
	for _, c := range e.clouds {
		_, err = http.Get(c.url()) //nolint:bodyclose // there is none
		require.Error(t, err, c.name)
	}
}

func TestPortInUseIsAnErrorAndLeavesNoneOpen(t *testing.T) {
	e, err := begin(defaults("--rate=0"))
	require.NoError(t, err)
	defer func() { require.NoError(t, e.end()) }()
	free, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	require.NoError(t, free.Close())
	address := free.Addr().String()
	_, err = begin(defaults("--rate=0", "--listen="+address, "--canvas-listen="+strings.TrimPrefix(e.clouds[2].url(), "http://")))
	require.ErrorContains(t, err, "--canvas-listen")
	again, err := net.Listen("tcp", address)
	require.NoError(t, err, "what listened is closed again")
	require.NoError(t, again.Close())
}
