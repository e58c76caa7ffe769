package config

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/confmap"
)

func TestAPasswordOfTheProxyIsPrintedNowhere(t *testing.T) {
	conf := confmap.NewFromStringMap(map[string]any{"auth0": map[string]any{
		"endpoint": "https://acme.eu.auth0.com", "token": "x", "users": []any{"auth0|1"},
		"proxy_url": "http://user:" + secret + "@proxy.example:3128",
	}})
	c := NewDefault()
	require.NoError(t, conf.Unmarshal(c))
	require.NoError(t, confmap.Validate(c))
	assert.Contains(t, string(c.Auth0.ProxyURL), secret, "the client needs it")
	out := confmap.New()
	require.NoError(t, out.Marshal(c))
	for _, text := range []string{
		fmt.Sprint(out.ToStringMap()), fmt.Sprintf("%v %+v %#v", c, c, c),
		fmt.Sprintf("%v %+v %#v %+v", c.Auth0, c.Auth0, c.Auth0, *c.Auth0),
	} {
		assert.NotContains(t, text, secret)
	}
	assert.Contains(t, fmt.Sprint(out.ToStringMap()), "proxy.example:3128")
}
