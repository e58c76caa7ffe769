// Package oauth gets tokens by OAuth 2.0 client credentials, keeps them until they expire, and adds them to requests.
package oauth

import (
	"context"
	"net/http"
	"net/url"
	"sync"
	"time"

	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"
)

// minTokenAge is the time that a token must have been in use before its refusal makes us ask for another one. A token
// that is refused when new would only be followed by its like, and each request for one is an entry in the tenant's
// own log and counts against its quota.
const minTokenAge = 30 * time.Second

// Settings are the client credentials of an application.
type Settings struct {
	ClientID, ClientSecret string
	TokenURL               *url.URL
	// Audience is sent with the request if set, as Auth0 wants it.
	Audience string
	// HTTP does the requests for tokens. Its redirect policy is replaced: the secret goes to TokenURL only.
	HTTP *http.Client

	_ struct{}
}

// Tokens hands out one token for as long as it lasts. It is safe for concurrent use.
type Tokens struct {
	config clientcredentials.Config
	http   *http.Client

	mu      sync.Mutex
	token   *oauth2.Token
	fetched time.Time
}

// NewTokens makes a source of tokens. It asks for none yet.
func NewTokens(s Settings) *Tokens {
	client := *s.HTTP
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	config := clientcredentials.Config{
		ClientID:     s.ClientID,
		ClientSecret: s.ClientSecret,
		TokenURL:     s.TokenURL.String(),
		// In the body, as the vendors show it; detection would cost a second request for every first token.
		AuthStyle: oauth2.AuthStyleInParams,
	}
	if s.Audience != "" {
		config.EndpointParams = url.Values{"audience": {s.Audience}}
	}
	return &Tokens{config: config, http: &client}
}

// get returns a token that is valid for at least some seconds more, and asks for one if need be. Callers wait for each
// other, so that there is one request however many of them need a token.
func (t *Tokens) get(ctx context.Context) (*oauth2.Token, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.token.Valid() {
		return t.token, nil
	}
	token, err := t.config.Token(context.WithValue(ctx, oauth2.HTTPClient, t.http))
	if err != nil {
		return nil, tokenError(ctx, err)
	}
	t.token, t.fetched = token, time.Now()
	return token, nil
}

// renewable is told that the API refused a token, and tells whether get would now return a better one.
func (t *Tokens) renewable(refused *oauth2.Token) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.token != refused {
		return true // somebody else was told before
	}
	if time.Since(t.fetched) < minTokenAge {
		return false
	}
	t.token = nil
	return true
}
