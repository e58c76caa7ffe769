package auth0

import (
	"encoding/json"
	"mime"
	"net/http"
	"time"
)

// maxTokenBody is the greatest body that the token endpoint reads: a request has four short fields.
const maxTokenBody = 64 << 10

// RevokeTokens makes all tokens that the token endpoint has issued expire now; those of [Options.Tokens] stay valid.
func (t *Tenant) RevokeTokens() { t.tokens.Revoke() }

// oauthError is the error body of the token endpoint (RFC 6749 section 5.2).
type oauthError struct {
	Error       string `json:"error"`
	Description string `json:"error_description"`
}

// serveToken answers POST /oauth/token for the client-credentials grant; the client must authenticate in the body, as
// a client of the default method client_secret_post must. A wrong secret is 401 access_denied, not invalid_client.
func (t *Tenant) serveToken(w http.ResponseWriter, r *http.Request) {
	f, err := tokenForm(w, r)
	if err != nil {
		writeJSON(w, http.StatusBadRequest, oauthError{"invalid_request", "The request body could not be read"})
		return
	}
	switch {
	case f.GrantType == "":
		writeJSON(w, http.StatusForbidden, oauthError{"invalid_request", "Missing required parameter: grant_type"})
	case !t.tokens.Authentic(f.ClientID, f.ClientSecret):
		writeJSON(w, http.StatusUnauthorized, oauthError{"access_denied", "Unauthorized"})
	case f.GrantType != "client_credentials":
		writeJSON(w, http.StatusForbidden, oauthError{"unauthorized_client", "Grant type '" + f.GrantType + "' not allowed for the client."})
	case t.audience != "" && f.Audience != t.audience:
		writeJSON(w, http.StatusForbidden, oauthError{"access_denied", "Service not found: " + f.Audience})
	default:
		w.Header().Set("Cache-Control", "no-store")
		writeJSON(w, http.StatusOK, map[string]any{
			"access_token": t.tokens.Issue(t.now(), t.lifetime),
			"scope":        "read:logs read:logs_users read:users",
			"expires_in":   int(t.lifetime / time.Second),
			"token_type":   "Bearer",
		})
	}
}

type tokenRequest struct {
	GrantType    string `json:"grant_type"`
	ClientID     string `json:"client_id"`
	ClientSecret string `json:"client_secret"`
	Audience     string `json:"audience"`
}

// tokenForm reads the body, which Auth0 takes as a form or as JSON (auth0 docs: "Get Management API access tokens").
func tokenForm(w http.ResponseWriter, r *http.Request) (f tokenRequest, err error) {
	r.Body = http.MaxBytesReader(w, r.Body, maxTokenBody)
	if kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")); kind == "application/json" {
		err = json.NewDecoder(r.Body).Decode(&f)
		return f, err
	}
	if err := r.ParseForm(); err != nil {
		return f, err
	}
	return tokenRequest{
		GrantType:    r.PostForm.Get("grant_type"),
		ClientID:     r.PostForm.Get("client_id"),
		ClientSecret: r.PostForm.Get("client_secret"),
		Audience:     r.PostForm.Get("audience"),
	}, nil
}
