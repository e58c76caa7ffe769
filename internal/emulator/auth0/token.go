package auth0

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/json"
	"maps"
	"mime"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// maxTokens bounds the memory of issued tokens: above it, expired ones are forgotten (and then answered as unknown).
const maxTokens = 10_000

// maxTokenBody is the greatest body that the token endpoint reads: a request has four short fields.
const maxTokenBody = 64 << 10

// tokens knows who may read.
type tokens struct {
	clients  map[string]string
	open     bool
	requests atomic.Int64

	mu     sync.Mutex
	static map[string]bool
	issued map[string]time.Time // value: when it expires
}

func newTokens(static []string, clients map[string]string) *tokens {
	t := &tokens{
		clients: maps.Clone(clients),
		open:    len(static) == 0 && len(clients) == 0,
		static:  map[string]bool{},
		issued:  map[string]time.Time{},
	}
	for _, s := range static {
		t.static[s] = true
	}
	return t
}

// check judges the Authorization header; nil means accepted.
func (t *tokens) check(header string, now time.Time) *apiError {
	if header == "" {
		return &errNoToken
	}
	scheme, token, found := strings.Cut(header, " ")
	token = strings.TrimSpace(token)
	if !found || token == "" || !strings.EqualFold(scheme, "Bearer") {
		return &errBadHeader
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	expires, issued := t.issued[token]
	switch {
	case issued && !now.Before(expires):
		return &errExpiredToken
	case issued || t.open || t.static[token]:
		return nil
	default:
		return &errBadToken
	}
}

func (t *tokens) issue(now time.Time, lifetime time.Duration) string {
	token := "emulated." + rand.Text()
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.issued) >= maxTokens {
		maps.DeleteFunc(t.issued, func(_ string, expires time.Time) bool { return !now.Before(expires) })
	}
	t.issued[token] = now.Add(lifetime)
	return token
}

// RevokeTokens makes all tokens that the token endpoint has issued expire now; those of [Options.Tokens] stay valid.
func (t *Tenant) RevokeTokens() {
	t.tokens.mu.Lock()
	defer t.tokens.mu.Unlock()
	for token := range t.tokens.issued {
		t.tokens.issued[token] = time.Time{}
	}
}

// TokenRequests is how many requests the token endpoint has had since the tenant was made or [Tenant.ResetRequests] was
// called, refused ones included.
func (t *Tenant) TokenRequests() int { return int(t.tokens.requests.Load()) }

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
	secret, known := t.tokens.clients[f.ClientID]
	authentic := known && subtle.ConstantTimeCompare([]byte(secret), []byte(f.ClientSecret)) == 1
	switch {
	case f.GrantType == "":
		writeJSON(w, http.StatusForbidden, oauthError{"invalid_request", "Missing required parameter: grant_type"})
	case !authentic && !t.tokens.open:
		writeJSON(w, http.StatusUnauthorized, oauthError{"access_denied", "Unauthorized"})
	case f.GrantType != "client_credentials":
		writeJSON(w, http.StatusForbidden, oauthError{"unauthorized_client", "Grant type '" + f.GrantType + "' not allowed for the client."})
	case t.audience != "" && f.Audience != t.audience:
		writeJSON(w, http.StatusForbidden, oauthError{"access_denied", "Service not found: " + f.Audience})
	default:
		w.Header().Set("Cache-Control", "no-store")
		writeJSON(w, http.StatusOK, map[string]any{
			"access_token": t.tokens.issue(t.now(), t.lifetime),
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
