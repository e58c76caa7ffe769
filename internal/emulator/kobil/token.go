package kobil

import (
	"net/http"
	"net/url"
	"strings"
	"time"
)

const (
	realms    = "/auth/realms/"
	tokenPath = "/protocol/openid-connect/token"

	// maxTokenBody is the greatest body that the token endpoint reads: a request has three short fields.
	maxTokenBody = 64 << 10
)

func isTokenPath(path string) bool {
	return strings.HasPrefix(path, realms) && strings.HasSuffix(path, tokenPath)
}

// tokenAnswer is Keycloak's answer to the client-credentials grant, which gives no refresh token.
type tokenAnswer struct {
	AccessToken      string `json:"access_token"`
	ExpiresIn        int    `json:"expires_in"`
	RefreshExpiresIn int    `json:"refresh_expires_in"`
	TokenType        string `json:"token_type"`
	NotBeforePolicy  int    `json:"not-before-policy"`
	Scope            string `json:"scope"`
}

// serveToken answers the token endpoint for the client-credentials grant. Order and texts of the refusals are those of
// Keycloak (TokenEndpoint, ClientIdAndSecretAuthenticator): the grant is looked at before the client, and an unknown
// client and a wrong secret differ in the code only.
func (i *Installation) serveToken(w http.ResponseWriter, r *http.Request) {
	refuse := func(status int, code, description string) {
		writeJSON(w, status, keycloakError{code, description})
	}
	realm := strings.TrimSuffix(strings.TrimPrefix(r.URL.Path, realms), tokenPath)
	if realm != i.options.TenantID {
		writeJSON(w, http.StatusNotFound, errNoRealm)
		return
	}
	if r.Method != http.MethodPost {
		writeJSON(w, http.StatusMethodNotAllowed, httpError(http.StatusMethodNotAllowed))
		return
	}
	r.Body = http.MaxBytesReader(w, r.Body, maxTokenBody)
	if err := r.ParseForm(); err != nil {
		refuse(http.StatusBadRequest, "invalid_request", "The request body could not be read") // unverified
		return
	}
	client, secret := credentials(r)
	switch grant := r.PostForm.Get("grant_type"); {
	case grant == "":
		refuse(http.StatusBadRequest, "invalid_request", "Missing form parameter: grant_type")
	case grant != "client_credentials":
		refuse(http.StatusBadRequest, "unsupported_grant_type", "Unsupported grant_type")
	case i.tokens.Authentic(client, secret):
		w.Header().Set("Cache-Control", "no-store")
		writeJSON(w, http.StatusOK, tokenAnswer{
			AccessToken: i.tokens.Issue(i.options.Now(), i.options.TokenLifetime),
			ExpiresIn:   int(i.options.TokenLifetime / time.Second),
			TokenType:   "Bearer",
			Scope:       "profile email",
		})
	case i.tokens.Knows(client):
		refuse(http.StatusUnauthorized, "unauthorized_client", "Invalid client or Invalid client credentials")
	default:
		refuse(http.StatusUnauthorized, "invalid_client", "Invalid client or Invalid client credentials")
	}
}

// credentials are those of the client: Keycloak takes them as basic authentication, in which OAuth has them form-encoded
// (RFC 6749 section 2.3.1), or in the body.
func credentials(r *http.Request) (client, secret string) {
	client, secret, ok := r.BasicAuth()
	if !ok {
		return r.PostForm.Get("client_id"), r.PostForm.Get("client_secret")
	}
	if decoded, err := url.QueryUnescape(client); err == nil {
		client = decoded
	}
	if decoded, err := url.QueryUnescape(secret); err == nil {
		secret = decoded
	}
	return client, secret
}
