package userlogreceiver

import (
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync"
	"testing"
	"time"
)

// request is what a server was asked, and what it said of its limit.
type request struct {
	at        time.Time
	url       *url.URL
	header    http.Header
	form      url.Values
	remaining string
}

// recorder remembers the requests to a server.
type recorder struct {
	next     http.Handler
	mu       sync.Mutex
	requests []request
	open     map[net.Conn]struct{}
}

// recorded starts a server before a handler.
func recorded(t *testing.T, next http.Handler) (*recorder, string) {
	r := &recorder{next: next, open: map[net.Conn]struct{}{}}
	server := httptest.NewUnstartedServer(r)
	server.Config.ConnState = func(conn net.Conn, state http.ConnState) {
		r.mu.Lock()
		defer r.mu.Unlock()
		if r.open[conn] = struct{}{}; state == http.StateClosed {
			delete(r.open, conn)
		}
	}
	server.Start()
	t.Cleanup(server.Close)
	return r, server.URL
}

func (r *recorder) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	at, asked := time.Now(), *req.URL
	_ = req.ParseForm() // a handler that parses it again finds it
	answer := httptest.NewRecorder()
	r.next.ServeHTTP(answer, req)
	r.mu.Lock()
	r.requests = append(r.requests, request{
		at: at, url: &asked, header: req.Header, form: req.PostForm, remaining: answer.Header().Get("X-Ratelimit-Remaining"),
	})
	r.mu.Unlock()
	maps.Copy(w.Header(), answer.Header())
	w.WriteHeader(answer.Code)
	_, _ = w.Write(answer.Body.Bytes())
}

// connections is the number of connections that are open.
func (r *recorder) connections() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.open)
}

// of returns the requests of a path so far; an empty path means of all.
func (r *recorder) of(path string) (requests []request) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, request := range r.requests {
		if path == "" || request.url.EscapedPath() == path {
			requests = append(requests, request)
		}
	}
	return requests
}
