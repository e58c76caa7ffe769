package auth0

import (
	"time"

	"github.com/userlog/userlog-otel/internal/emulator/cloud"
)

// DefaultTokenLifetime is how long an issued token is valid unless [Options.TokenLifetime] says otherwise. 24 hours is
// Auth0's default for the Management API (auth0 docs: "Management API access tokens"); a tenant can change it.
const DefaultTokenLifetime = 24 * time.Hour

// Options describe a tenant. The zero value is a tenant without limits that accepts every credential.
type Options struct {
	// Now is the tenant's clock. It stamps the Date header, the rate-limit window and token lifetimes, so that a test
	// can shift the server against the client. Called concurrently. Default: time.Now.
	Now func() time.Time
	// Tokens are bearer tokens that are accepted and never expire, beside those that the token endpoint issues.
	Tokens []string
	// Clients are the secrets by client_id that the token endpoint knows. If Clients and Tokens are both empty, the
	// tenant is open: every client gets a token and every bearer is accepted.
	Clients map[string]string
	// TokenLifetime is the expires_in of issued tokens. Default: [DefaultTokenLifetime].
	TokenLifetime time.Duration
	// Audience, if set, is the only audience that the token endpoint grants.
	Audience string
	// RateLimit limits the Management API. The zero value means no limit and no rate-limit headers.
	RateLimit RateLimit
}

// RateLimit is a token bucket that is refilled at the top of each window, as Auth0's is (auth0 docs: rate limit
// policy: "refilled at the top of each second or minute"; recorded limits: 10 in 2018, 50 in 2021).
type RateLimit struct {
	// Limit is the size of the bucket: how many requests may come in one burst. 0 switches the limit off.
	Limit int
	// Window is the time between two refills. Default: one second.
	Window time.Duration
	// Refill is how many requests each refill adds. Default: Limit, so that the bucket is full again.
	Refill int
}

// Tenant is one emulated tenant. Its methods, those of the embedded server among them, are safe for concurrent use.
type Tenant struct {
	*cloud.Server

	now      func() time.Time
	audience string
	lifetime time.Duration

	store  store
	tokens *cloud.Tokens
	bucket *bucket
}

// New returns a tenant with empty logs. Options are copied.
func New(o Options) *Tenant {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.TokenLifetime <= 0 {
		o.TokenLifetime = DefaultTokenLifetime
	}
	t := &Tenant{now: o.Now, audience: o.Audience, lifetime: o.TokenLifetime}
	t.store.users = map[string]*userLog{}
	t.tokens = cloud.NewTokens(o.Tokens, o.Clients)
	t.bucket = newBucket(o.RateLimit, o.Now())
	t.Server = t.newServer()
	return t
}
