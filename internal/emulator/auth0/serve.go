package auth0

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/userlog/userlog-otel/internal/emulator/cloud"
)

// apiPrefix is the path of the Management API; everything below it needs a token and counts against the rate limit.
const apiPrefix = "/api/v2/"

// tokenPath is the path of the token endpoint (auth0 docs: "Get Management API access tokens").
const tokenPath = "/oauth/token"

// Request is a request that the tenant was asked, of any kind, the token endpoint included. Its User is the decoded id
// in /api/v2/users/{id} and /api/v2/users/{id}/logs, else "".
type Request = cloud.Request

// newServer records requests and calls the hooks before the tenant answers.
func (t *Tenant) newServer() *cloud.Server {
	return cloud.NewServer(cloud.Vendor{
		Now:       t.now,
		Token:     func(path string) bool { return path == tokenPath },
		API:       isAPI,
		Subject:   userOf,
		Remaining: remainingHeader,
		Answer:    t.answers(),
	})
}

func isAPI(path string) bool { return strings.HasPrefix(path, apiPrefix) }

// answers checks rate limit and token, and answers.
func (t *Tenant) answers() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST "+tokenPath, t.serveToken)
	mux.HandleFunc("GET /api/v2/users/{id}/logs", t.serveUserLogs)
	mux.HandleFunc("GET /api/v2/users/{id}", t.serveUser)
	mux.HandleFunc("GET /api/v2/users", t.serveUsers)
	mux.HandleFunc("GET /api/v2/logs/{id}", t.serveLog)
	mux.HandleFunc("GET /api/v2/logs", t.serveLogs)
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) { writeError(w, errNotFound) })
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !isAPI(r.URL.Path) || t.admit(w, r) {
			mux.ServeHTTP(w, r)
		}
	})
}

// admit applies the rate limit and checks the token; if it returns false, the answer is written.
func (t *Tenant) admit(w http.ResponseWriter, r *http.Request) bool {
	if !t.bucket.take(w.Header(), t.now()) {
		writeError(w, errTooManyRequests)
		return false
	}
	if e := errorForToken(t.tokens.Check(r.Header.Get("Authorization"), t.now())); e != nil {
		writeError(w, *e)
		return false
	}
	return true
}

func userOf(escapedPath string) string {
	rest, ok := strings.CutPrefix(escapedPath, "/api/v2/users/")
	if !ok {
		return ""
	}
	id, err := url.PathUnescape(strings.TrimSuffix(rest, "/logs"))
	if err != nil {
		return ""
	}
	return id
}
