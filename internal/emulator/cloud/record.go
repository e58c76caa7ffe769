package cloud

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"sync"
	"time"
)

// maxRequests is how many requests are remembered: enough for any test, bounded for the program that runs for days.
const maxRequests = 100_000

// Request is a request that the cloud was asked, of any kind, the token endpoint included.
type Request struct {
	// Time is when it came, by the cloud's clock.
	Time   time.Time
	Method string
	// Path is the path as it was sent, percent-encoding included.
	Path  string
	Query url.Values
	// Status is the HTTP status of the answer; 0 as long as there is none, or if the connection was cut instead.
	Status int
	// Remaining is what the answer said is left of the rate limit, cut to a whole number; -1 if it said nothing.
	Remaining int
	// User is whose log the path is about, decoded, in the vendor's own terms; "" if it is about none.
	User string
}

// recorder is a ring of the last requests.
type recorder struct {
	remaining string // name of the header

	mu   sync.Mutex
	next int // number of the next request since the last reset
	ring []Request
	// epoch counts resets, so that an answer that comes after one is not written into another request.
	epoch int
}

// begin records r and returns the writer that will record its status, before the first byte of the answer leaves.
func (c *recorder) begin(w http.ResponseWriter, r *http.Request, now time.Time, user string) http.ResponseWriter {
	entry := Request{
		Time: now, Method: r.Method, Path: r.URL.EscapedPath(), Query: r.URL.Query(), Remaining: -1, User: user,
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
		if left, err := strconv.ParseFloat(header.Get(c.remaining), 64); err == nil {
			request.Remaining = int(left)
		}
	}
}

func (c *recorder) all() []Request {
	c.mu.Lock()
	defer c.mu.Unlock()
	start := 0
	if c.next > len(c.ring) {
		start = c.next % maxRequests
	}
	return slices.Concat(c.ring[start:], c.ring[:start])
}

func (c *recorder) reset() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.next, c.ring = 0, nil
	c.epoch++
}
