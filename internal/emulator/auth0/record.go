package auth0

import (
	"bufio"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"
)

// maxRequests is how many requests are remembered: enough for any test, bounded for the program that runs for days.
const maxRequests = 100_000

// Request is a request that the tenant was asked, of any kind, the token endpoint included.
type Request struct {
	// Time is when it came, by the tenant's clock.
	Time   time.Time
	Method string
	// Path is the path as it was sent, percent-encoding included.
	Path  string
	Query url.Values
	// Status is the HTTP status of the answer; 0 as long as there is none, or if the connection was cut instead.
	Status int
	// Remaining is what the answer said is left of the rate limit; -1 if it said nothing.
	Remaining int
	// User is the decoded id in /api/v2/users/{id} and /api/v2/users/{id}/logs, else "".
	User string
}

// recorder is a ring of the last requests.
type recorder struct {
	mu   sync.Mutex
	next int // number of the next request since the last reset
	ring []Request
	// epoch counts resets, so that an answer that comes after one is not written into another request.
	epoch int
}

// begin records r and returns the writer that will record its status, before the first byte of the answer leaves.
func (c *recorder) begin(w http.ResponseWriter, r *http.Request, now time.Time) http.ResponseWriter {
	entry := Request{
		Time: now, Method: r.Method, Path: r.URL.EscapedPath(), Query: r.URL.Query(), Remaining: -1,
		User: userOf(r.URL.EscapedPath()),
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	n := c.next
	c.next++
	if len(c.ring) < maxRequests {
		c.ring = append(c.ring, entry)
	} else {
		c.ring[n%maxRequests] = entry
	}
	return &recordingWriter{ResponseWriter: w, recorder: c, number: n, epoch: c.epoch}
}

func (c *recorder) answered(number, epoch, status int, header http.Header) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if epoch == c.epoch && number >= c.next-len(c.ring) {
		request := &c.ring[number%maxRequests]
		request.Status = status
		if left, err := strconv.Atoi(header.Get("X-Ratelimit-Remaining")); err == nil {
			request.Remaining = left
		}
	}
}

// Requests returns the last requests, up to 100,000, in the order in which they came.
func (t *Tenant) Requests() []Request {
	c := &t.requests
	c.mu.Lock()
	defer c.mu.Unlock()
	start := 0
	if c.next > len(c.ring) {
		start = c.next % maxRequests
	}
	return append(append([]Request(nil), c.ring[start:]...), c.ring[:start]...)
}

// ResetRequests forgets all requests and sets the count of token requests to 0.
func (t *Tenant) ResetRequests() {
	t.tokens.requests.Store(0)
	c := &t.requests
	c.mu.Lock()
	defer c.mu.Unlock()
	c.next, c.ring = 0, nil
	c.epoch++
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

// recordingWriter tells the recorder the status. It unwraps for http.ResponseController, so that an interceptor can
// flush or hijack.
type recordingWriter struct {
	http.ResponseWriter
	recorder      *recorder
	number, epoch int
	answered      bool
}

func (w *recordingWriter) WriteHeader(status int) {
	if !w.answered && status >= http.StatusOK {
		w.answered = true
		w.recorder.answered(w.number, w.epoch, status, w.Header())
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *recordingWriter) Write(p []byte) (int, error) {
	if !w.answered {
		w.WriteHeader(http.StatusOK)
	}
	return w.ResponseWriter.Write(p)
}

// Flush sends what is written so far, where the server can.
func (w *recordingWriter) Flush() {
	if !w.answered {
		w.WriteHeader(http.StatusOK)
	}
	_ = http.NewResponseController(w.ResponseWriter).Flush() // a server that cannot flush sends later
}

// Hijack takes the connection over, for interceptors that cut it; the status of such a request stays 0.
func (w *recordingWriter) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	return http.NewResponseController(w.ResponseWriter).Hijack()
}

// Unwrap lets http.ResponseController reach the server's own writer.
func (w *recordingWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
