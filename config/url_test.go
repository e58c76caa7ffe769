package config

import (
	"net/url"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestEndpointThatATokenMayBeSentTo(t *testing.T) {
	for _, good := range []Endpoint{
		"https://acme.eu.auth0.com", "https://acme.eu.auth0.com/", "HTTPS://Acme.eu.auth0.com", "https://acme.eu.auth0.com:8443", "https://[2001:db8::1]:8443", "https://localhost",
		"http://localhost:8080", "http://LOCALHOST", "http://127.0.0.1", "http://127.8.8.8:1", "http://[::1]:65535", "http://[::ffff:127.0.0.1]",
	} {
		require.NoError(t, good.Validate(), string(good))
		require.NoError(t, TokenURL(good).Validate(), string(good))
	}
	for _, bad := range []Endpoint{
		"", " ", "acme.eu.auth0.com", "acme.eu.auth0.com:443", "//acme.eu.auth0.com", "https:acme.eu.auth0.com", "https://", "https:///x", "https://:443", "https://acme.eu.auth0.com:", "https://acme.eu.auth0.com:0", "https://acme.eu.auth0.com:65536",
		"ftp://acme.eu.auth0.com", "file:///etc/passwd", "https://acme.eu.auth0.com?x", "https://acme.eu.auth0.com?", "https://acme.eu.auth0.com#x", "https://a@acme.eu.auth0.com", "https://@acme.eu.auth0.com", "https://a:b@acme.eu.auth0.com",
		"http://acme.eu.auth0.com", "http://10.0.0.1", "http://0.0.0.0", "http://[::]", "http://169.254.169.254", "http://localhost.evil.example", "http://127.0.0.1.evil.example", "http://127.1", "http://2130706433", "http://localhost.",
		" https://acme.eu.auth0.com", "https://acme.eu.auth0.com ", "https://acme.eu.auth0.com\n", "https://acme eu.auth0.com", "https://acme.eu.auth0.com\\@evil.example",
	} {
		require.Error(t, bad.Validate(), string(bad))
		if bad != "" {
			require.Error(t, TokenURL(bad).Validate(), string(bad))
		}
	}
	for _, path := range []string{"/api/v2", "/api/v2/", "/%2e", "/x"} {
		require.ErrorContains(t, Endpoint("https://acme.eu.auth0.com"+path).Validate(), "without a path")
		require.NoError(t, TokenURL("https://acme.eu.auth0.com"+path).Validate())
	}
	require.NoError(t, TokenURL("").Validate(), "the provider's own")
}

// What is accepted is an address that leads to one host, which is safe to send credentials to, and its fault shows
// nothing of it.
func FuzzEndpoint(f *testing.F) {
	for _, s := range []string{"https://acme.eu.auth0.com", "http://127.0.0.1:80", "http://[::1]", "https://a:b@c", "https://x/?y#z", "http://localhost.", "//x", "https://x:99999", "https://[fe80::1%25eth0]/"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		err := Endpoint(text).Validate()
		if err != nil {
			if len(text) > 20 {
				assert.NotContains(t, err.Error(), text)
			}
			return
		}
		u, err := url.Parse(text)
		require.NoError(t, err)
		assert.Nil(t, u.User)
		assert.NotEmpty(t, u.Hostname())
		assert.Empty(t, u.RawQuery+u.Fragment+u.Opaque)
		assert.True(t, u.Scheme == "https" || u.Scheme == "http" && isLoopback(u.Hostname()))
		require.NoError(t, TokenURL(text).Validate())
	})
}
