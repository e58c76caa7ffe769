package auth0

import (
	"net/http"
	"strings"
)

// apiPrefix is the path of the Management API; everything below it needs a token and counts against the rate limit.
const apiPrefix = "/api/v2/"

// tokenPath is the path of the token endpoint (auth0 docs: "Get Management API access tokens").
const tokenPath = "/oauth/token"

func (t *Tenant) routes() *http.ServeMux {
	mux := http.NewServeMux()
	mux.HandleFunc("POST "+tokenPath, t.serveToken)
	mux.HandleFunc("GET /api/v2/users/{id}/logs", t.serveUserLogs)
	mux.HandleFunc("GET /api/v2/users/{id}", t.serveUser)
	mux.HandleFunc("GET /api/v2/users", t.serveUsers)
	mux.HandleFunc("GET /api/v2/logs/{id}", t.serveLog)
	mux.HandleFunc("GET /api/v2/logs", t.serveLogs)
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) { writeError(w, errNotFound) })
	return mux
}

// ServeHTTP records the request, lets the hooks act, checks rate limit and token, and answers.
func (t *Tenant) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	now := t.now()
	w = t.requests.begin(w, r, now)
	// net/http leaves a Date header alone that is already there.
	w.Header().Set("Date", now.UTC().Format(http.TimeFormat))

	switch {
	case r.URL.Path == tokenPath:
		t.tokens.requests.Add(1)
		if f := t.interceptToken.Load(); f != nil && (*f)(w, r) {
			return
		}
	case strings.HasPrefix(r.URL.Path, apiPrefix):
		n := int(t.apiRequests.Add(1))
		if f := t.onRequest.Load(); f != nil {
			(*f)(r, n)
		}
		if f := t.intercept.Load(); f != nil && (*f)(w, r) {
			return
		}
		if !t.admit(w, r) {
			return
		}
	}
	t.mux.ServeHTTP(w, r)
}

// admit applies the rate limit and checks the token; if it returns false, the answer is written.
func (t *Tenant) admit(w http.ResponseWriter, r *http.Request) bool {
	if !t.bucket.take(w.Header(), t.now()) {
		writeError(w, errTooManyRequests)
		return false
	}
	if e := t.tokens.check(r.Header.Get("Authorization"), t.now()); e != nil {
		writeError(w, *e)
		return false
	}
	return true
}

// Intercept sets f, which is called before the normal handling of every Management API request (rate limit and token
// check included); if it returns true, it has answered and nothing else happens. f may call any method of the tenant
// and is called concurrently. nil removes it.
func (t *Tenant) Intercept(f func(w http.ResponseWriter, r *http.Request) (handled bool)) {
	if f == nil {
		t.intercept.Store(nil)
		return
	}
	t.intercept.Store(&f)
}

// InterceptToken is [Tenant.Intercept] for requests to the token endpoint.
func (t *Tenant) InterceptToken(f func(w http.ResponseWriter, r *http.Request) (handled bool)) {
	if f == nil {
		t.interceptToken.Store(nil)
		return
	}
	t.interceptToken.Store(&f)
}

// OnRequest sets f, which sees every Management API request before it is handled, with its number counted from 1 since
// the tenant was made. It is for changing a log between two requests. nil removes it.
func (t *Tenant) OnRequest(f func(r *http.Request, n int)) {
	if f == nil {
		t.onRequest.Store(nil)
		return
	}
	t.onRequest.Store(&f)
}
