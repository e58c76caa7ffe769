package auth0

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const audience = "https://tenant.example.com/api/v2/"

func grant(secret string) url.Values {
	return url.Values{"grant_type": {"client_credentials"}, "client_id": {"c"}, "client_secret": {secret}, "audience": {audience}}
}

func accessToken(t *testing.T, a answer) string {
	t.Helper()
	require.Equal(t, http.StatusOK, a.status, a.body)
	var got struct {
		AccessToken string `json:"access_token"`
		TokenType   string `json:"token_type"`
		ExpiresIn   int    `json:"expires_in"`
		Scope       string `json:"scope"`
	}
	require.NoError(t, json.Unmarshal([]byte(a.body), &got))
	assert.Equal(t, "Bearer", got.TokenType)
	assert.Equal(t, 3600, got.ExpiresIn)
	assert.NotEmpty(t, got.Scope)
	return got.AccessToken
}

func TestTokenLivesUntilItExpires(t *testing.T) {
	c := &clock{at: day}
	r := start(t, Options{Now: c.now, Clients: map[string]string{"c": "s"}, TokenLifetime: time.Hour, Audience: audience})
	token := accessToken(t, r.token(grant("s")))
	assert.Equal(t, http.StatusOK, r.getAs(token, "/api/v2/logs").status)
	c.advance(time.Hour)
	got := r.getAs(token, "/api/v2/logs")
	assert.Equal(t, http.StatusUnauthorized, got.status)
	assert.Equal(t, "Expired token received for JSON Web Token validation", got.message(t).Attributes["error"])
}

func TestTokenEndpointTakesJSON(t *testing.T) {
	r := start(t, Options{Clients: map[string]string{"c": "s"}, TokenLifetime: time.Hour})
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, r.url+"/oauth/token",
		strings.NewReader(`{"grant_type":"client_credentials","client_id":"c","client_secret":"s","audience":"`+audience+`"}`))
	require.NoError(t, err)
	req.Header.Set("Content-Type", "application/json")
	assert.NotEmpty(t, accessToken(t, r.do(req)))
}

func TestTokenEndpointRefusals(t *testing.T) {
	r := start(t, Options{Clients: map[string]string{"c": "s"}, Audience: audience})
	for name, c := range map[string]struct {
		change map[string]string
		status int
		code   string
	}{
		"wrong secret":   {map[string]string{"client_secret": "x"}, 401, "access_denied"},
		"unknown client": {map[string]string{"client_id": "x"}, 401, "access_denied"},
		"other grant":    {map[string]string{"grant_type": "password"}, 403, "unauthorized_client"},
		"no grant":       {map[string]string{"grant_type": ""}, 403, "invalid_request"},
		"wrong audience": {map[string]string{"audience": "https://tenant.example.com/api/v2"}, 403, "access_denied"},
	} {
		t.Run(name, func(t *testing.T) {
			form := grant("s")
			for k, v := range c.change {
				form.Set(k, v)
			}
			got := r.token(form)
			assert.Equal(t, c.status, got.status)
			var e oauthError
			require.NoError(t, json.Unmarshal([]byte(got.body), &e))
			assert.Equal(t, c.code, e.Error)
			assert.NotEmpty(t, e.Description)
		})
	}
	assert.Equal(t, 5, r.TokenRequests())
	r.ResetRequests()
	assert.Zero(t, r.TokenRequests())
}

func TestRevokedTokensAreExpiredAndStaticOnesStay(t *testing.T) {
	r := start(t, Options{Clients: map[string]string{"c": "s"}, Tokens: []string{"static"}, TokenLifetime: time.Hour})
	token := accessToken(t, r.token(grant("s")))
	r.RevokeTokens()
	assert.Contains(t, r.getAs(token, "/api/v2/logs").body, "Expired token")
	assert.Equal(t, http.StatusOK, r.getAs("static", "/api/v2/logs").status)
	assert.Equal(t, http.StatusOK, r.getAs(accessToken(t, r.token(grant("s"))), "/api/v2/logs").status)
}

func TestBearerIsChecked(t *testing.T) {
	r := start(t, Options{Tokens: []string{"static"}})
	assert.Equal(t, `{"statusCode":401,"error":"Unauthorized","message":"Missing authentication"}`, r.getAs("", "/api/v2/logs").body)
	assert.Contains(t, r.getAs("wrong", "/api/v2/logs").body, "Invalid signature")
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, r.url+"/api/v2/logs", nil)
	require.NoError(t, err)
	req.SetBasicAuth("a", "b")
	assert.Equal(t, http.StatusBadRequest, r.do(req).status)
	assert.Equal(t, http.StatusUnauthorized, r.token(grant("s")).status, "no client is known")
}

func TestOpenTenantAcceptsEveryCredential(t *testing.T) {
	r := start(t, Options{TokenLifetime: time.Hour})
	assert.Equal(t, http.StatusOK, r.getAs("whatever", "/api/v2/logs").status)
	assert.Equal(t, http.StatusUnauthorized, r.getAs("", "/api/v2/logs").status)
	assert.NotEmpty(t, accessToken(t, r.token(grant("whatever"))))
}
