package cloud

import (
	"crypto/rand"
	"crypto/subtle"
	"maps"
	"strings"
	"sync"
	"time"
)

// maxTokens bounds the memory of issued tokens: above it, expired ones are forgotten (and then answered as unknown).
const maxTokens = 10_000

// Tokens knows who may read. Its methods are safe for concurrent use.
type Tokens struct {
	clients map[string]string
	open    bool

	mu     sync.Mutex
	static map[string]bool
	issued map[string]time.Time // value: when it expires
}

// NewTokens returns tokens that accept the static ones for ever and give new ones to the clients, whose secrets stand
// under their ids. If there are neither, every client gets a token and every bearer is accepted.
func NewTokens(static []string, clients map[string]string) *Tokens {
	t := &Tokens{
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

// Verdict is what the Authorization header of a request is worth.
type Verdict int

// What an Authorization header can be worth.
const (
	Accepted  Verdict = iota
	Missing           // there is none
	Malformed         // no "Bearer TOKEN"
	Expired           // a token that was issued and whose time is over
	Unknown           // any other token
)

// Check judges an Authorization header.
func (t *Tokens) Check(header string, now time.Time) Verdict {
	if header == "" {
		return Missing
	}
	scheme, token, found := strings.Cut(header, " ")
	token = strings.TrimSpace(token)
	if !found || token == "" || !strings.EqualFold(scheme, "Bearer") {
		return Malformed
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	expires, issued := t.issued[token]
	switch {
	case issued && !now.Before(expires):
		return Expired
	case issued || t.open || t.static[token]:
		return Accepted
	default:
		return Unknown
	}
}

// Authentic tells whether this is the secret of a client that may have tokens.
func (t *Tokens) Authentic(client, secret string) bool {
	want, known := t.clients[client]
	return t.open || known && subtle.ConstantTimeCompare([]byte(want), []byte(secret)) == 1
}

// Knows tells whether a client has this id, whatever its secret is.
func (t *Tokens) Knows(client string) bool {
	_, known := t.clients[client]
	return known
}

// Issue gives out a token that is valid from now on for this long.
func (t *Tokens) Issue(now time.Time, lifetime time.Duration) string {
	token := "emulated." + rand.Text()
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.issued) >= maxTokens {
		maps.DeleteFunc(t.issued, func(_ string, expires time.Time) bool { return !now.Before(expires) })
	}
	t.issued[token] = now.Add(lifetime)
	return token
}

// Revoke makes all issued tokens expire now; the static ones stay valid.
func (t *Tokens) Revoke() {
	t.mu.Lock()
	defer t.mu.Unlock()
	for token := range t.issued {
		t.issued[token] = time.Time{}
	}
}
