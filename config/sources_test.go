package config

import (
	"maps"
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/confmap"
)

type keys = map[string]any

// sources are the least keys of each provider's block.
func sources() map[string]keys {
	return map[string]keys{
		"auth0":  {"endpoint": "https://acme.eu.auth0.com", "token": secret, "users": []any{"auth0|1"}},
		"kobil":  {"endpoint": "https://acme.idp.example.com", "product": "ssms", "token": secret, "users": []any{"jane"}},
		"canvas": {"endpoint": "https://campus.example.com", "token": secret, "users": []any{42}},
	}
}

// chosen is the block that a configuration holds.
func chosen(t *testing.T, c *Config) block {
	t.Helper()
	var given []block
	for _, b := range c.blocks() {
		if b.given {
			given = append(given, b)
		}
	}
	require.Len(t, given, 1)
	return given[0]
}

// A provider without its line in blocks would be read, but a configuration with nothing else would have no source.
func TestEveryBlockIsKnown(t *testing.T) {
	var fields, known []string
	for _, field := range reflect.VisibleFields(reflect.TypeFor[Config]()) {
		if field.Type.Implements(reflect.TypeFor[provider]()) {
			fields = append(fields, strings.Split(field.Tag.Get("mapstructure"), ",")[0])
		}
	}
	for _, b := range NewDefault().blocks() {
		known = append(known, b.key)
		assert.False(t, b.given, b.key)
		assert.Contains(t, sources(), b.key)
	}
	assert.Equal(t, fields, known)
}

func TestBlocksAreStructsOfTheCollector(t *testing.T) {
	for key := range sources() {
		c := NewDefault()
		require.NoError(t, confmap.NewFromStringMap(keys{key: nil}).Unmarshal(c))
		b := chosen(t, c)
		assert.Equal(t, key, b.key, "a block without keys chooses its provider")
		assert.NoError(t, componenttest.CheckConfigStruct(b.provider), key)
	}
}

// Canvas charges a token for each running request, so that reading side by side is for those who ask for it.
func TestConcurrencyIsTheProvidersUnlessItIsSet(t *testing.T) {
	for key, want := range map[string]Count{"auth0": 4, "kobil": 4, "canvas": 1} {
		for _, value := range []any{nil, keys{}, sources()[key]} {
			c := NewDefault()
			require.NoError(t, confmap.NewFromStringMap(keys{key: value}).Unmarshal(c))
			assert.Equal(t, want, c.Concurrency, key)
		}
		c := NewDefault()
		require.NoError(t, confmap.NewFromStringMap(keys{key: sources()[key], "concurrency": 3}).Unmarshal(c))
		assert.EqualValues(t, 3, c.Concurrency, key)
		c = NewDefault()
		require.Error(t, confmap.NewFromStringMap(keys{key: sources()[key], "concurrency": nil}).Unmarshal(c), key)
	}
}

func TestConcurrencyOfCanvasOutlivesARoundTrip(t *testing.T) {
	for _, want := range []Count{1, 4} {
		c := NewDefault()
		require.NoError(t, confmap.NewFromStringMap(keys{"canvas": sources()["canvas"], "concurrency": int(want)}).Unmarshal(c))
		out := confmap.New()
		require.NoError(t, out.Marshal(c))
		again := NewDefault()
		require.NoError(t, out.Unmarshal(again))
		assert.Equal(t, want, again.Concurrency)
	}
}

// Every block has what the client is made of, under the same names and with the same defaults.
func TestClientIsTheSameViewOfEveryBlock(t *testing.T) {
	for key, own := range sources() {
		own["proxy_url"] = "http://proxy.example:3128"
		own["headers"] = keys{"X-Probe": "x"}
		c := NewDefault()
		require.NoError(t, confmap.NewFromStringMap(keys{key: own}).Unmarshal(c))
		require.NoError(t, confmap.Validate(c), key)
		client := chosen(t, c).Client()
		assert.EqualValues(t, own["endpoint"], client.Endpoint, key)
		assert.EqualValues(t, own["endpoint"], client.HTTP.Endpoint, key)
		assert.EqualValues(t, "http://proxy.example:3128", client.ProxyURL, key)
		assert.Empty(t, client.HTTP.ProxyURL, key)
		assert.Equal(t, requestTimeout, client.HTTP.Timeout, key)
		assert.Len(t, client.HTTP.Headers, 1, key)
		assert.EqualValues(t, secret, *client.Token, key)
		assert.Nil(t, client.ClientID, key)
		assert.Empty(t, client.TokenURL, key)
		assert.Empty(t, client.Audience, key)
	}
}

func TestTokenIsAskedForWhereTheProviderSays(t *testing.T) {
	for name, test := range map[string]struct {
		key                string
		own                keys
		tokenURL, audience string
	}{
		"Auth0":                   {"auth0", nil, "https://acme.eu.auth0.com/oauth/token", "https://acme.eu.auth0.com/api/v2/"},
		"Auth0, slash at the end": {"auth0", keys{"endpoint": "https://acme.eu.auth0.com/"}, "https://acme.eu.auth0.com/oauth/token", "https://acme.eu.auth0.com/api/v2/"},
		"Auth0, loud scheme":      {"auth0", keys{"endpoint": "HTTPS://acme.eu.auth0.com:8443"}, "https://acme.eu.auth0.com:8443/oauth/token", "https://acme.eu.auth0.com:8443/api/v2/"},
		"Auth0, custom domain": {
			"auth0",
			keys{"endpoint": "https://login.acme.example", "token_url": "https://login.acme.example/t", "audience": "https://acme.eu.auth0.com/api/v2/"},
			"https://login.acme.example/t", "https://acme.eu.auth0.com/api/v2/",
		},
		"KOBIL": {"kobil", keys{"token_url": "https://login.example.com/token"}, "https://login.example.com/token", ""},
	} {
		t.Run(name, func(t *testing.T) {
			own := sources()[test.key]
			delete(own, "token")
			own["client_id"], own["client_secret"] = "reader", secret
			maps.Copy(own, test.own)
			c := NewDefault()
			require.NoError(t, confmap.NewFromStringMap(keys{test.key: own}).Unmarshal(c))
			require.NoError(t, confmap.Validate(c))
			client := chosen(t, c).Client()
			assert.EqualValues(t, test.tokenURL, client.TokenURL)
			assert.Equal(t, test.audience, client.Audience)
			assert.EqualValues(t, "reader", *client.ClientID)
			assert.EqualValues(t, secret, *client.ClientSecret)
		})
	}
	assert.Empty(t, (&Auth0{Endpoint: ":", ClientID: new(ClientID)}).Client().TokenURL, "Validate refuses the endpoint")
}
