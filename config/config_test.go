package config

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"reflect"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/config/confighttp"
	"go.opentelemetry.io/collector/confmap"
	"go.yaml.in/yaml/v3"
)

func TestConfigStruct(t *testing.T) {
	require.NoError(t, componenttest.CheckConfigStruct(NewDefault()))
}

// The defaults are those that the contract promises (design/contract.md, "Configuration").
func TestDefaults(t *testing.T) {
	configs, err := load(t, "../testdata/config/good/least.yaml")
	require.NoError(t, err)
	c := configs["user_log"]
	assert.EqualValues(t, time.Minute, c.CollectionInterval)
	assert.Zero(t, c.MaxCollectionInterval)
	assert.EqualValues(t, 0, c.InitialDelay)
	assert.EqualValues(t, 24*time.Hour, c.InitialLookback)
	assert.EqualValues(t, 10*time.Minute, c.Overlap)
	assert.EqualValues(t, 4, c.Concurrency)
	assert.Nil(t, c.Storage)
	assert.Nil(t, c.K8sLeaderElector)
	assert.Equal(t, Shard{Index: 0, Count: 1}, c.Shard, "all logs are its own")
	assert.True(t, c.RetryOnFailure.Enabled)
	assert.Zero(t, c.RetryOnFailure.MaxElapsedTime, "never gives up")
	assert.EqualValues(t, 16<<20, c.MaxResponseSize)
	assert.Empty(t, c.Types)
	assert.Zero(t, c.RateLimit.RequestsPerSecond)
	assert.InDelta(t, 0.2, float64(c.RateLimit.Reserve), 0)

	a := c.Auth0
	assert.EqualValues(t, 100, a.PageSize)
	assert.Equal(t, 30*time.Second, a.HTTP.Timeout, "a request does not last for ever")
	assert.Equal(t, "https://acme.eu.auth0.com", a.HTTP.Endpoint)
	assert.Empty(t, a.TokenURL)
	assert.Empty(t, a.Audience)
	assert.Empty(t, a.UsersFile)
	assert.False(t, a.HTTP.Cookies.HasValue())
	assert.False(t, a.HTTP.TLS.InsecureSkipVerify)
}

func TestEveryKeyIsRead(t *testing.T) {
	configs, err := load(t, "../testdata/config/good/all_keys.yaml")
	require.NoError(t, err)
	c := configs["user_log/acme"]
	assert.EqualValues(t, 30*time.Second, c.CollectionInterval)
	assert.EqualValues(t, time.Hour, c.MaxCollectionInterval)
	assert.EqualValues(t, 5*time.Second, c.InitialDelay)
	assert.EqualValues(t, 0, c.InitialLookback)
	assert.EqualValues(t, 0, c.Overlap)
	assert.EqualValues(t, 8, c.Concurrency)
	assert.Equal(t, "file_storage/acme", c.Storage.String())
	assert.Equal(t, "k8s_leader_elector/acme", c.K8sLeaderElector.String())
	assert.Equal(t, Shard{Index: 2, Count: 3}, c.Shard)
	assert.EqualValues(t, 4<<20, c.MaxResponseSize)
	assert.Equal(t, 2*time.Second, c.RetryOnFailure.InitialInterval)
	assert.InDelta(t, 2.5, float64(c.RateLimit.RequestsPerSecond), 0)
	assert.InDelta(t, 0, float64(c.RateLimit.Reserve), 0)
	assert.Equal(t, map[string]Type{
		"fp":  {Name: "Wrong password", Category: "login", Outcome: "failure", Severity: "WARN2"},
		"xyz": {Severity: "info"},
	}, c.Types)
	a := c.Auth0
	assert.EqualValues(t, "https://login.acme.example:8443/", a.Endpoint)
	assert.EqualValues(t, "aBcD", *a.ClientID)
	assert.EqualValues(t, secret, *a.ClientSecret)
	assert.Nil(t, a.Token)
	assert.EqualValues(t, "https://acme.eu.auth0.com/oauth/token", a.TokenURL)
	assert.Equal(t, "https://acme.eu.auth0.com/api/v2/", a.Audience)
	assert.Equal(t, UserIDs{"auth0|1", "google-oauth2|2", "häß/li?ch#"}, a.Users)
	assert.Equal(t, "/etc/userlog/users", a.UsersFile)
	assert.EqualValues(t, 50, a.PageSize)
	assert.Equal(t, 10*time.Second, a.HTTP.Timeout)
	assert.Equal(t, "1.3", a.HTTP.TLS.MinVersion)
}

func TestValuesFromTheEnvironment(t *testing.T) {
	configs, err := load(t, "../testdata/config/good/users_from_variables.yaml")
	require.NoError(t, err)
	assert.Equal(t, UserIDs{"auth0|1", "auth0|2", "auth0|3"}, configs["user_log/list"].Auth0.Users)
	assert.Equal(t, UserIDs{"20261122"}, configs["user_log/numbers"].Auth0.Users)
	assert.Empty(t, configs["user_log/file"].Auth0.Users)

	configs, err = load(t, "../testdata/config/good/values_that_look_like_numbers.yaml")
	require.NoError(t, err)
	assert.EqualValues(t, "20261122", *configs["user_log/token"].Auth0.Token)
	assert.EqualValues(t, "20261122", *configs["user_log/client"].Auth0.ClientSecret)
}

// Two receivers share nothing.
func TestDefaultsAreNotShared(t *testing.T) {
	a, b := NewDefault(), NewDefault()
	require.NoError(t, confmap.NewFromStringMap(map[string]any{"concurrency": 9, "auth0": map[string]any{"users": []any{"x"}}, "types": map[string]any{"fp": nil}}).Unmarshal(a))
	require.NoError(t, confmap.NewFromStringMap(map[string]any{"auth0": nil}).Unmarshal(b))
	assert.EqualValues(t, 4, b.Concurrency)
	assert.Empty(t, b.Auth0.Users)
	assert.Empty(t, b.Types)
}

func TestNothingPrintsASecret(t *testing.T) {
	for _, file := range files(t, "../testdata/config/good/*.yaml") {
		configs, err := load(t, file)
		require.NoError(t, err)
		for id, c := range configs {
			for name, part := range secretParts(t, c) {
				for how, text := range renderings(t, part) {
					assert.NotContains(t, text, secret, "%s of %s, %s, %s", how, name, id, filepath.Base(file))
				}
			}
			out := confmap.New()
			require.NoError(t, out.Marshal(c))
			assert.NotContains(t, fmt.Sprint(out.ToStringMap()), secret)
		}
	}
}

// secretParts are the configuration and all in it that may be printed alone.
func secretParts(t *testing.T, c *Config) map[string]any {
	b := chosen(t, c)
	client := b.Client()
	parts := map[string]any{
		"config": c, "value": *c, "all": map[string]*Config{"": c}, "block": b.provider, "block value": reflect.ValueOf(b.provider).Elem().Interface(),
		"client": &client, "client value": client, "token": client.Token, "secret": client.ClientSecret,
	}
	if client.Token != nil {
		parts["token value"] = *client.Token
	}
	if client.ClientSecret != nil {
		parts["secret value"] = *client.ClientSecret
	}
	return parts
}

func renderings(t *testing.T, part any) map[string]string {
	shown := map[string]string{}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%d", "%x"} {
		shown[verb] = fmt.Sprintf(verb, part)
	}
	asJSON, err := json.Marshal(part)
	require.NoError(t, err)
	asYAML, err := yaml.Marshal(part)
	require.NoError(t, err)
	shown["JSON"], shown["YAML"] = string(asJSON), string(asYAML)
	return shown
}

func TestSecretIsHiddenFromEveryVerb(t *testing.T) {
	s := Secret(secret)
	for _, verb := range "bcdeEfFgGoOqstTUvxX" { // %p is not asked for by anyone, and cannot be helped
		for _, flags := range []string{"", "+", "#", " ", "20"} {
			text := fmt.Sprintf("%"+flags+string(verb), s)
			assert.NotContains(t, text, secret)
			assert.NotContains(t, text, fmt.Sprintf("%x", secret), "in hexadecimal")
		}
	}
	assert.Equal(t, "[REDACTED]", fmt.Sprint(s))
	assert.Equal(t, "[REDACTED]", s.String())
	assert.Equal(t, `"[REDACTED]"`, s.GoString())
}

// What is written down is read again as the same, but for the secrets.
func TestRoundTrip(t *testing.T) {
	for _, file := range files(t, "../testdata/config/good/*.yaml") {
		configs, err := load(t, file)
		require.NoError(t, err)
		for id, c := range configs {
			t.Run(filepath.Base(file)+" "+id, func(t *testing.T) {
				out := confmap.New()
				require.NoError(t, out.Marshal(c))
				again := NewDefault()
				require.NoError(t, out.Unmarshal(again))
				assert.Equal(t, withoutSecrets(*c), withoutSecrets(*again))
				require.NoError(t, confmap.Validate(again))
			})
		}
	}
}

// withoutSecrets is a configuration as it reads once its secrets are redacted.
func withoutSecrets(c Config) Config {
	if len(c.Types) == 0 {
		c.Types = nil
	}
	c.Privacy.Drop, c.Privacy.Hash.Attributes = orNil(c.Privacy.Drop), orNil(c.Privacy.Hash.Attributes)
	c.Privacy.Hash.Key = redacted(c.Privacy.Hash.Key)
	if c.Auth0 != nil {
		a := *c.Auth0
		a.Token, a.ClientSecret, a.HTTP, a.Users = redacted(a.Token), redacted(a.ClientSecret), redactedHTTP(a.HTTP), orNil(a.Users)
		c.Auth0 = &a
	}
	if c.KOBIL != nil {
		k := *c.KOBIL
		k.Token, k.ClientSecret, k.HTTP, k.Users = redacted(k.Token), redacted(k.ClientSecret), redactedHTTP(k.HTTP), orNil(k.Users)
		c.KOBIL = &k
	}
	if c.Canvas != nil {
		l := *c.Canvas
		l.Token, l.HTTP = redacted(l.Token), redactedHTTP(l.HTTP)
		l.Users, l.Accounts, l.Logins = orNil(l.Users), orNil(l.Accounts), orNil(l.Logins)
		c.Canvas = &l
	}
	return c
}

func redacted(s *Secret) *Secret {
	if s == nil {
		return nil
	}
	hidden := Secret("[REDACTED]")
	return &hidden
}

func redactedHTTP(c confighttp.ClientConfig) confighttp.ClientConfig {
	for i := range c.Headers {
		c.Headers[i].Value = "[REDACTED]"
	}
	if c.TLS.CAPem != "" {
		c.TLS.CAPem = "[REDACTED]"
	}
	return c
}

func orNil[L ~[]E, E any](list L) L {
	if len(list) == 0 {
		return nil
	}
	return list
}
