package main

import (
	"context"
	"encoding/json"
	"flag"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/userlog/userlog-otel/internal/emulator/auth0"
	"github.com/userlog/userlog-otel/receiver/userlogcheck"
)

var update = flag.Bool("update", false, "write the tables expected")

// golden compares a text with a file.
func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		require.NoError(t, os.WriteFile(file, []byte(got), 0o600))
	}
	want, err := os.ReadFile(file)
	require.NoError(t, err)
	assert.Equal(t, string(want), got)
}

// check runs the check of a configuration and returns what it finds of one thing.
func check(t *testing.T, c collector, name string) (userlogcheck.Check, answer) {
	t.Helper()
	got := play(t, "", "check", "--json", "--config", c.file(t))
	var report userlogcheck.Report
	require.NoError(t, json.Unmarshal([]byte(got.out), &report), got.errs)
	require.Len(t, report.Receivers, 1)
	assert.Equal(t, report.OK, got.status == 0)
	for _, c := range report.Receivers[0].Checks {
		if c.Name == name {
			return c, got
		}
	}
	require.Fail(t, "no such check", name)
	return userlogcheck.Check{}, got
}

func TestStatusTellsWhetherAllIsWell(t *testing.T) {
	t.Parallel()
	c := acme(t, tenant(t, auth0.Options{Tokens: []string{canary}}))
	got := play(t, "", "check", "--config", c.file(t))
	assert.Zero(t, got.status, got.out)
	assert.NotContains(t, got.out, "FAIL")
	assert.Contains(t, got.out, "user_log/acme: auth0 127.0.0.1:")
	assert.Empty(t, got.errs)
	assert.NotContains(t, got.out, "63d1c0ffee")
	assert.NoDirExists(t, c.directory(), "a look leaves all as it is")

	named := play(t, "", "check", "--config", c.file(t), "--show-users", "--json")
	assert.Contains(t, named.out, user)

	c.auth0["endpoint"] = tenant(t, auth0.Options{Tokens: []string{"another"}})
	got = play(t, "", "check", "--config", c.file(t))
	assert.Equal(t, statusFound, got.status)
	assert.Equal(t, 1, strings.Count(got.out, "FAIL"))
	assert.Empty(t, got.errs)
}

func TestWhoInterruptsSeesWhatWasFoundBefore(t *testing.T) {
	t.Parallel()
	for _, form := range [][]string{nil, {"--json"}} {
		ctx, interrupt := context.WithCancel(t.Context())
		hanging := serve(t, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			interrupt()
			<-r.Context().Done()
		}))
		second := `yaml:receivers: {user_log/hanging: {auth0: {tenant: true, token: another, endpoint: "` + hanging + `"}}}`
		c := acme(t, tenant(t, auth0.Options{Tokens: []string{canary}}))
		got := playUntil(ctx, t, "", append([]string{"check"}, append(form, "--config", c.file(t), "--config", second)...)...)
		assert.Equal(t, statusFound, got.status)
		assert.Equal(t, "userlog: interrupted: not all receivers were checked\n", got.errs)
		assert.NotContains(t, got.out, "hanging")
		assert.Equal(t, form == nil, strings.HasPrefix(got.out, "user_log/acme: "), got.out)
	}
}

// The built collector's validate says the same.
func TestFaultsOfTheConfigurationAreThoseOfValidate(t *testing.T) {
	t.Parallel()
	c := acme(t, "http://acme.example.com")
	c.auth0["page_size"] = 1000
	got := play(t, "", "check", "--config", c.file(t))
	assert.Equal(t, statusUsage, got.status)
	assert.Contains(t, got.errs, "receivers::user_log/acme::auth0::endpoint: ")
	assert.Contains(t, got.errs, "receivers::user_log/acme::auth0::page_size: ")
	delete(c.auth0, "page_size")
	c.auth0["page_sizes"] = 10
	got = play(t, "", "check", "--config", c.file(t))
	assert.Equal(t, statusUsage, got.status)
	assert.Contains(t, got.errs, "page_sizes")
}

func TestConfigurationsAreTakenFromWhereTheCollectorTakesThem(t *testing.T) {
	c := acme(t, tenant(t, auth0.Options{Tokens: []string{canary}}))
	c.auth0["token"] = "${env:ACME_TOKEN}"
	t.Setenv("ACME_TOKEN", "another")
	first := c.file(t)
	assert.Equal(t, statusFound, play(t, "", "check", "--config", first).status)
	t.Setenv("ACME_TOKEN", canary)
	assert.Zero(t, play(t, "", "check", "--config", "file:"+first).status)
	got := play(t, "", "check", "--config", first, "--config", "yaml:receivers::user_log/acme::auth0::page_size: 1000")
	assert.Equal(t, statusUsage, got.status)
	assert.Contains(t, got.errs, "page_size")
	t.Setenv("COLLECTOR", `receivers: {user_log/acme: {auth0: {token: ""}}}`)
	assert.Equal(t, statusUsage, play(t, "", "check", "--config", first, "--config", "env:COLLECTOR").status)
}

func TestSingleKeysAreSetAsTheCollectorSetsThem(t *testing.T) {
	t.Parallel()
	c := acme(t, tenant(t, auth0.Options{Tokens: []string{canary}}))
	c.auth0["token"] = "another"
	set := "receivers.user_log/acme.auth0.token=" + canary
	assert.Zero(t, play(t, "", "check", "--set", set, "--config", c.file(t)).status, "it counts more, wherever it stands")
	got := play(t, "", "check", "--config", c.file(t), "--set", canary)
	assert.Equal(t, statusUsage, got.status)
	assert.Contains(t, got.errs, "--set: write a key and its value")
}

// What stands where a block belongs may be a secret, with one indentation too few.
func TestSecretInTheWrongPlaceIsNotShown(t *testing.T) {
	t.Parallel()
	for config, want := range map[string]string{
		"receivers: [{user_log/acme: {auth0: {token: " + canary + "}}}]":                  "receivers: must be a block of keys",
		"receivers: {user_log/acme: " + canary + "}":                                      "receivers::user_log/acme: must be a block of keys",
		"receivers: {user_log/acme: {}}\nextensions: [{bearertokenauth: " + canary + "}]": "extensions: must be a block of keys",
		"receivers: {user_log/acme: {}}\nextensions: {bearertokenauth: " + canary + "}":   "extensions::bearertokenauth: must be a block of keys",
	} {
		got := play(t, "", "check", "--config", "yaml:"+config)
		assert.Equal(t, statusUsage, got.status)
		assert.Contains(t, got.errs, want)
	}
}

func TestAuthenticatorsOfTheBuiltCollectorAreUsed(t *testing.T) {
	t.Parallel()
	endpoint := tenant(t, auth0.Options{Clients: map[string]string{"app": canary}, Tokens: []string{canary}})
	with := func(id string, settings keys) collector {
		c := acme(t, endpoint)
		delete(c.auth0, "token")
		c.auth0["auth"] = keys{"authenticator": id}
		c.extensions[id] = settings
		c.started = append(c.started, id)
		return c
	}
	bearer := with("bearertokenauth", keys{"token": canary})
	oauth2 := with("oauth2client/acme", keys{"client_id": "app", "client_secret": canary, "token_url": endpoint + "/oauth/token"})
	for want, c := range map[string]collector{"the token of bearertokenauth is accepted": bearer, "the token of oauth2client/acme is accepted": oauth2} {
		found, got := check(t, c, "credentials")
		assert.Equal(t, userlogcheck.Check{Name: "credentials", State: userlogcheck.OK, Text: want}, found, got.out)
	}

	wrong := with("oauth2client/acme", keys{"client_id": "app", "client_secret": "another", "token_url": endpoint + "/oauth/token"})
	found, _ := check(t, wrong, "credentials")
	assert.Equal(t, userlogcheck.Fail, found.State)
	assert.Contains(t, found.Text, "token request of the authenticator extension: the token endpoint answered 401 Unauthorized (access_denied)")

	dead := with("oauth2client/acme", keys{"client_id": "app", "client_secret": canary, "token_url": "http://127.0.0.1:1/oauth/token"})
	found, _ = check(t, dead, "reachable")
	assert.Regexp(t, "^the request for a token of oauth2client/acme: dial tcp .*connection refused", found.Text)

	unknown := with("sigv4auth", keys{})
	found, _ = check(t, unknown, "credentials")
	assert.Contains(t, found.Text, `extension "sigv4auth" is of a type that this program does not know`)

	absent := with("bearertokenauth", keys{"token": canary})
	absent.started = absent.started[:1]
	found, _ = check(t, absent, "credentials")
	assert.Contains(t, found.Text, `extension "bearertokenauth" is not there: add it under extensions and service::extensions`)
}

func TestStateOfAStorage(t *testing.T) {
	t.Parallel()
	endpoint := tenant(t, auth0.Options{})
	for name, test := range map[string]struct {
		prepare func(t *testing.T, c *collector)
		state   userlogcheck.State
		want    string
	}{
		"to be made":     {func(*testing.T, *collector) {}, userlogcheck.OK, " will be made"},
		"not to be made": {func(_ *testing.T, c *collector) { c.storage["create_directory"] = false }, userlogcheck.Fail, "directory must exist"},
		"empty":          {func(t *testing.T, c *collector) { require.NoError(t, os.MkdirAll(c.directory(), 0o700)) }, userlogcheck.OK, "holds no cursors of this receiver yet"},
		"with cursors":   {func(t *testing.T, c *collector) { fill(t, c.directory(), "auth0", receiver) }, userlogcheck.OK, "it holds cursors of this receiver"},
		"not started":    {func(_ *testing.T, c *collector) { c.started = nil }, userlogcheck.Fail, `extension "file_storage" is not there`},
		"of another kind": {func(_ *testing.T, c *collector) {
			c.receiver["storage"], c.started = "somebodys/other", []string{"somebodys/other"}
		}, userlogcheck.Note, "not looked at, which only file storages are"},
		"a file": {func(t *testing.T, c *collector) {
			require.NoError(t, os.WriteFile(c.directory(), nil, 0o600))
		}, userlogcheck.Fail, "is not a directory"},
		"damaged": {func(t *testing.T, c *collector) {
			require.NoError(t, os.MkdirAll(c.directory(), 0o700))
			require.NoError(t, os.WriteFile(filepath.Join(c.directory(), "receiver_user_log_acme"), []byte(strings.Repeat(canary, 4096)), 0o600))
		}, userlogcheck.Fail, "the file is damaged: move it away"},
		"in use": {func(t *testing.T, c *collector) {
			fill(t, c.directory(), "auth0", receiver)
			client := hold(t, c.directory(), receiver)
			t.Cleanup(func() { assert.NoError(t, client.Close(t.Context())) })
		}, userlogcheck.OK, "is in use, by a collector that runs"},
		"none": {func(_ *testing.T, c *collector) { delete(c.receiver, "storage") }, userlogcheck.Note, "none: after a restart"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := acme(t, endpoint)
			test.prepare(t, &c)
			before, _ := os.ReadDir(c.directory())
			found, got := check(t, c, "storage")
			assert.Equal(t, test.state, found.State, got.out)
			assert.Contains(t, found.Text, test.want)
			after, _ := os.ReadDir(c.directory())
			assert.Len(t, after, len(before), "a look leaves all as it is")
		})
	}
}

func TestStorageOfSomebodyElseIsAFailure(t *testing.T) {
	t.Parallel()
	if os.Geteuid() == 0 {
		t.Skip("root may write everywhere")
	}
	c := acme(t, serve(t, http.NotFoundHandler()))
	require.NoError(t, os.MkdirAll(c.directory(), 0o500))
	found, _ := check(t, c, "storage")
	assert.Equal(t, userlogcheck.Fail, found.State)
	assert.Contains(t, found.Text, "this user cannot write into")
}
