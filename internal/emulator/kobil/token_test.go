package kobil

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func grant(secret string) url.Values {
	return url.Values{"grant_type": {"client_credentials"}, "client_id": {"c"}, "client_secret": {secret}}
}

func accessToken(t *testing.T, a answer) string {
	t.Helper()
	require.Equal(t, http.StatusOK, a.status, a.body)
	var got tokenAnswer
	require.NoError(t, json.Unmarshal([]byte(a.body), &got))
	return got.AccessToken
}

func TestTokenLivesThreeHundredSeconds(t *testing.T) {
	t.Parallel()
	now := noon
	r := start(t, Options{Now: func() time.Time { return now }, Clients: map[string]string{"c": "s"}})
	r.AddUsers("ada")
	got := r.token(grant("s"))
	token := accessToken(t, got)
	assert.Equal(t, `{"access_token":"`+token+`","expires_in":300,"refresh_expires_in":0,"token_type":"Bearer","not-before-policy":0,"scope":"profile email"}`, got.body)
	assert.Equal(t, "no-store", got.header.Get("Cache-Control"))
	now = noon.Add(299 * time.Second)
	assert.Equal(t, http.StatusOK, r.ask(http.MethodGet, adaLog, "Bearer "+token, "").status)
	now = noon.Add(300 * time.Second)
	got = r.ask(http.MethodGet, adaLog, "Bearer "+token, "")
	assert.Equal(t, http.StatusUnauthorized, got.status)
	assert.Equal(t, `{"error":"HTTP 401 Unauthorized"}`, got.body)
}

func TestTokenEndpointRefusals(t *testing.T) {
	t.Parallel()
	const badClient = "Invalid client or Invalid client credentials"
	r := start(t, Options{Clients: map[string]string{"c": "s"}})
	for name, c := range map[string]struct {
		change      map[string]string
		status      int
		code        string
		description string
	}{
		"wrong secret":   {map[string]string{"client_secret": "x"}, 401, "unauthorized_client", badClient},
		"no secret":      {map[string]string{"client_secret": ""}, 401, "unauthorized_client", badClient},
		"unknown client": {map[string]string{"client_id": "x"}, 401, "invalid_client", badClient},
		"other grant":    {map[string]string{"grant_type": "magic"}, 400, "unsupported_grant_type", "Unsupported grant_type"},
		"no grant":       {map[string]string{"grant_type": ""}, 400, "invalid_request", "Missing form parameter: grant_type"},
	} {
		form := grant("s")
		for k, v := range c.change {
			form.Set(k, v)
		}
		got := r.token(form)
		assert.Equal(t, c.status, got.status, name)
		assert.Equal(t, `{"error":"`+c.code+`","error_description":"`+c.description+`"}`, got.body, name)
	}
	assert.Equal(t, 5, r.TokenRequests())
	assert.Equal(t, http.StatusMethodNotAllowed, r.get("/auth/realms/master/protocol/openid-connect/token").status)
}

func TestTokenEndpointIsThatOfTheTenant(t *testing.T) {
	t.Parallel()
	r := start(t, Options{TenantID: "acme", Clients: map[string]string{"c": "s"}})
	got := r.token(grant("s"))
	assert.Equal(t, http.StatusNotFound, got.status)
	assert.Equal(t, `{"error":"Realm does not exist"}`, got.body)
	got = r.ask(http.MethodPost, "/auth/realms/acme/protocol/openid-connect/token", "", grant("s").Encode())
	assert.NotEmpty(t, accessToken(t, got))
	assert.Equal(t, 2, r.TokenRequests())
}

func TestClientMayAuthenticateInTheHeader(t *testing.T) {
	t.Parallel()
	r := start(t, Options{Clients: map[string]string{"c:1": "s%"}})
	basic := "Basic " + base64.StdEncoding.EncodeToString([]byte("c%3A1:s%25"))
	got := r.ask(http.MethodPost, "/auth/realms/master/protocol/openid-connect/token", basic, "grant_type=client_credentials")
	assert.NotEmpty(t, accessToken(t, got))
}

func TestTokensAreCheckedBeforeTheUser(t *testing.T) {
	t.Parallel()
	r := start(t, Options{Tokens: []string{"static"}, Clients: map[string]string{"c": "s"}})
	for _, authorization := range []string{"", "Bearer wrong", "Basic c3RhdGlj", "static"} {
		got := r.ask(http.MethodGet, adaLog, authorization, "")
		assert.Equal(t, http.StatusUnauthorized, got.status, authorization)
		assert.Equal(t, `{"error":"HTTP 401 Unauthorized"}`, got.body)
	}
	issued := accessToken(t, r.token(grant("s")))
	r.RevokeTokens()
	assert.Equal(t, http.StatusUnauthorized, r.ask(http.MethodGet, adaLog, "Bearer "+issued, "").status)
	assert.Equal(t, http.StatusNotFound, r.ask(http.MethodGet, adaLog, "Bearer static", "").status)
}

func TestInterceptTokenLeavesTheLogAlone(t *testing.T) {
	t.Parallel()
	r := start(t, Options{})
	r.AddUsers("ada")
	r.InterceptToken(func(w http.ResponseWriter, _ *http.Request) bool {
		w.WriteHeader(http.StatusServiceUnavailable)
		return true
	})
	assert.Equal(t, http.StatusServiceUnavailable, r.token(grant("s")).status)
	assert.Equal(t, http.StatusOK, r.get(adaLog).status)
	r.InterceptToken(nil)
	assert.NotEmpty(t, accessToken(t, r.token(grant("anything"))), "an open installation gives everybody a token")
}
