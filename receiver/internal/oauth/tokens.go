// Package oauth gets tokens by OAuth 2.0 client credentials, keeps them until they expire, and adds them to requests.
package oauth

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"time"

	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"

	"github.com/userlog/userlog-otel/receiver/internal/source"
)

const (
	// minTokenAge is the time that a token must have been in use before its refusal makes us ask for another one. A
	// token that is refused when new would only be followed by its like, and each request for one is an entry in the
	// tenant's own log and counts against its quota.
	minTokenAge = 30 * time.Second
	// renewBefore is how long before its end a token is replaced, so that it does not end on its way.
	renewBefore = 10 * time.Second
	// refusalHolds is how long refused credentials are not tried again, because the others who need a token now would
	// be refused like the first.
	refusalHolds = 10 * time.Second
)

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

	turn chan struct{} // holds a value while somebody uses what is below

	token    *token
	failure  error
	failed   time.Time // when it was
	heldBack time.Time // until then the failure is the answer
}

// token is an access token.
type token struct {
	value   string
	fetched time.Time
	until   time.Time // zero: until it is refused
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
	return &Tokens{config: config, http: &client, turn: make(chan struct{}, 1)}
}

// get returns a token that is valid for at least some seconds more, and asks for one if need be. Callers wait for each
// other, so that there is one request however many of them need a token, and one failure for all who waited for it.
func (t *Tokens) get(ctx context.Context) (*token, error) {
	arrived := time.Now()
	select {
	case t.turn <- struct{}{}:
		defer func() { <-t.turn }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	now := time.Now()
	if t.token.usable(now) {
		return t.token, nil
	}
	if t.failure != nil && (now.Before(t.heldBack) || arrived.Before(t.failed)) {
		return nil, t.failure
	}
	answer, err := t.config.Token(context.WithValue(ctx, oauth2.HTTPClient, t.http))
	now = time.Now()
	if err != nil {
		return nil, t.fail(tokenError(ctx, err), now)
	}
	t.token = newToken(answer, now)
	return t.token, nil
}

// fail remembers a failure for those who wait. That a caller gave up is none.
func (t *Tokens) fail(err error, now time.Time) error {
	var e *source.Error
	if !errors.As(err, &e) {
		return err
	}
	t.failure, t.failed, t.heldBack = err, now, now.Add(e.RetryAfter)
	if e.Kind == source.Unauthorized {
		t.heldBack = now.Add(max(refusalHolds, e.RetryAfter))
	}
	return err
}

// renewable is told that the API refused a token, and tells whether get would now return a better one.
func (t *Tokens) renewable(ctx context.Context, refused *token) bool {
	select {
	case t.turn <- struct{}{}:
		defer func() { <-t.turn }()
	case <-ctx.Done():
		return false
	}
	if t.token != refused {
		return true // somebody else was told before
	}
	if time.Since(refused.fetched) < minTokenAge {
		return false
	}
	t.token = nil
	return true
}

func newToken(answer *oauth2.Token, now time.Time) *token {
	t := &token{value: answer.AccessToken, fetched: now}
	if left := answer.Expiry.Sub(now); !answer.Expiry.IsZero() && left > 0 { // one that has ended already is no use to know
		t.until = now.Add(left - min(renewBefore, left/2)) // a short one is used, not replaced at every request
	}
	return t
}

func (t *token) usable(now time.Time) bool {
	return t != nil && (t.until.IsZero() || now.Before(t.until))
}
