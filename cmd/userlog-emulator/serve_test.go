//go:build unix

package main

import (
	"encoding/json"
	"math"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestOnlyLoopbackIsListenedOn(t *testing.T) {
	for _, good := range []string{"127.0.0.1:0", "127.8.8.8:1", "[::1]:4080", "localhost:4080"} {
		require.NoError(t, checkLoopback(good), good)
	}
	for _, bad := range []string{"0.0.0.0:4080", ":4080", "[::]:4080", "192.0.2.1:1", "example.com:80", "4080", ""} {
		require.ErrorContains(t, checkLoopback(bad), "--listen", bad)
	}
}

func TestSettingsSayAllThatIsWrong(t *testing.T) {
	s := settings{listen: "0.0.0.0:1", users: 0, rate: math.NaN(), history: -1, limit: -1, window: 0}
	_, err := begin(s)
	for _, flag := range []string{"--listen", "--users", "--rate:", "--history", "--rate-limit", "--rate-window", "--client-id"} {
		require.ErrorContains(t, err, flag)
	}
	s = defaults()
	s.users, s.history = 1_000_000, 1000*24*time.Hour
	require.ErrorContains(t, s.validate(), "too long for so many users")
}

func TestTenantHasAPastThatFitsOnePage(t *testing.T) {
	e, err := begin(defaults())
	require.NoError(t, err)
	assert.True(t, e.past >= 100 && e.past <= 300, "%d log events", e.past)
	require.NoError(t, e.end())
}

func TestEventsArriveWhileRunning(t *testing.T) {
	s := defaults()
	s.history, s.rate = 0, 50
	e, err := begin(s)
	require.NoError(t, err)
	defer func() { require.NoError(t, e.end()) }()
	assert.Zero(t, e.past)
	assert.Eventually(t, func() bool { return len(e.tenant.Entries("")) > 10 }, 8*time.Second, 20*time.Millisecond)
}

func TestReplayAndUsersFile(t *testing.T) {
	dir := t.TempDir()
	s := defaults()
	s.users, s.history, s.rate = 1, 0, 0
	s.usersFile, s.replayUser = filepath.Join(dir, "users.txt"), "replayed|1"
	s.replay = []string{filepath.Join(dir, "a.ndjson")}
	require.NoError(t, os.WriteFile(s.replay[0], []byte("{\"log_id\":\"1\"}\n{\"log_id\":\"2\",\"user_id\":\"own|1\"}\n"), 0o600))
	e, err := begin(s)
	require.NoError(t, err)
	require.NoError(t, e.end())
	users, err := os.ReadFile(s.usersFile)
	require.NoError(t, err)
	assert.Equal(t, e.tenant.Users(), strings.Fields(string(users)))
	assert.Equal(t, []string{"replayed|1", "own|1"}, e.tenant.Users()[1:])
	assert.Contains(t, e.environment(), "AUTH0_USERS_FILE="+s.usersFile)

	require.NoError(t, os.WriteFile(s.replay[0], []byte("{}\nx\n"), 0o600))
	_, err = begin(s)
	require.ErrorContains(t, err, "line 2")
	s.replay = []string{filepath.Join(dir, "none")}
	_, err = begin(s)
	require.ErrorIs(t, err, os.ErrNotExist)
	s.replay, s.usersFile = nil, filepath.Join(dir, "no", "users")
	_, err = begin(s)
	require.ErrorContains(t, err, "--users-file")
}

func TestReplayedEntriesCanBeShiftedToNow(t *testing.T) {
	dir := t.TempDir()
	s := defaults()
	s.users, s.history, s.rate, s.replayShift = 1, 0, 0, true
	_, err := begin(s)
	require.ErrorContains(t, err, "--replay-shift: needs --replay")
	for name, content := range map[string]string{
		"a.ndjson": `{"user_id":"u","date":"2019-05-05T10:00:00.500Z","type":"s"}`,
		"b.ndjson": `{"user_id":"u","date":"2019-05-05T10:01:00.500Z","type":"fp"}`,
	} {
		path := filepath.Join(dir, name)
		require.NoError(t, os.WriteFile(path, []byte(content+"\n"), 0o600))
		s.replay = append(s.replay, path)
	}
	e, err := begin(s)
	require.NoError(t, err)
	require.NoError(t, e.end())
	var dates []time.Time
	for _, raw := range e.tenant.Entries("u") {
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
	for _, want := range []string{e.url, "AUTH0_ENDPOINT='" + e.url + "'", "AUTH0_CLIENT_ID='demo'", `AUTH0_CLIENT_SECRET='it'\''s'`, "20 users"} {
		assert.Contains(t, out.String(), want)
	}
	resp, err := http.Get(e.url + "/api/v2/logs")
	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
	assert.Equal(t, http.StatusUnauthorized, resp.StatusCode)
	require.NoError(t, e.end())
	_, err = http.Get(e.url) //nolint:bodyclose // there is none
	require.Error(t, err)
}

func TestPortInUseIsAnError(t *testing.T) {
	e, err := begin(defaults())
	require.NoError(t, err)
	defer func() { require.NoError(t, e.end()) }()
	s := defaults()
	s.listen = strings.TrimPrefix(e.url, "http://")
	_, err = begin(s)
	require.Error(t, err)
}
