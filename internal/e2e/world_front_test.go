//go:build e2e

package e2e

import (
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
)

// spoiler answers a request in the place of next, or lets next answer and changes that.
type spoiler func(w http.ResponseWriter, r *http.Request, next http.Handler)

// front stands before a system's API, and notes every secret that goes there. It is safe for concurrent use.
type front struct {
	next    http.Handler
	secrets *secrets

	mu      sync.Mutex
	spoiler spoiler
	spoiled int
	only    string
}

// spoil sets what happens to the requests for a log, of all logs if log is ""; nil lets them pass. Requests for tokens
// are left alone, unless log is anyToken.
func (s *system) spoil(log string, how spoiler) {
	s.front.mu.Lock()
	defer s.front.mu.Unlock()
	s.front.spoiler, s.front.only, s.front.spoiled = how, log, 0
}

// lastPart names one log as spoil knows it.
func (s *system) lastPart() string { return s.logs[len(s.logs)-1] }

// anyToken stands for the requests for tokens.
const anyToken = "the token endpoint"

// spoiled is how many requests were spoiled since the spoiler was set.
func (s *system) spoiled() int { s.front.mu.Lock(); defer s.front.mu.Unlock(); return s.front.spoiled }

func (f *front) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f.secrets.add(strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer "))
	f.mu.Lock()
	spoiler := f.spoiler
	if !f.concerned(r) {
		spoiler = nil
	}
	if spoiler != nil {
		f.spoiled++
	}
	f.mu.Unlock()
	if spoiler == nil {
		f.next.ServeHTTP(w, r)
		return
	}
	spoiler(w, r, f.next)
}

// concerned tells whether a request may be spoiled. The lock must be held.
func (f *front) concerned(r *http.Request) bool {
	if strings.HasSuffix(r.URL.Path, "/token") {
		return f.only == anyToken
	}
	return f.only == "" || strings.Contains(r.URL.Path, "/"+f.only+"/") || strings.HasSuffix(r.URL.Path, "/"+f.only)
}

// secrets are what may be found nowhere. It is safe for concurrent use.
type secrets struct {
	mu   sync.Mutex
	list []string
}

func (s *secrets) add(secrets ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, secret := range secrets {
		if secret != "" && !slices.Contains(s.list, secret) {
			s.list = append(s.list, secret)
		}
	}
}

func (s *secrets) all() []string { s.mu.Lock(); defer s.mu.Unlock(); return slices.Clone(s.list) }

func (s *secrets) assertAbsent(t *testing.T, where, text string) {
	t.Helper()
	for _, secret := range s.all() {
		assertAbsent(t, secret, where, text)
	}
}
