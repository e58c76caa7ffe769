// Package rest is the only code that opens a connection. A request goes through, from the outside in:
//
//	origin guard  requests go to the configured origin only, redirects are not followed
//	limit         own ceiling, the API's advertised limit less the reserve, and the waits that it asked for
//	http.Client   as configured: TLS, proxy, headers, authentication, a time-out for the whole request
//	body          bounded after decompression
//	error         status codes become kinds of source.Error, without a word of the answer's body; a provider that knows
//	              better what its API means by them says so (Refusal)
//
// Where the answer leads on to, Next says, without leaving the path that was asked for.
//
// Waiting for the API's limits happens here, shared by everyone who uses the client or another one of the same Budget, in
// the order in which they came. Repeating what failed does not: that is the scheduler's.
package rest

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"time"

	"github.com/userlog/userlog-otel/receiver/internal/source"
)

// Observer is told what goes over the wire. Its methods are called from several goroutines and must not block.
type Observer interface {
	// Answered is called once for every request: with the status code (0 if there was no answer; 429 also for a 403
	// that asks for a pause), the time it took, and the bytes of the body that were read, after decompression.
	Answered(ctx context.Context, status int, took time.Duration, bytes int)
	// Waited is called while a request is held back, for the API's limits or for our own ceiling: every ten seconds and
	// when that is over, with the time since the last call. The sum is the whole wait.
	Waited(ctx context.Context, wait time.Duration)
	// Throttled is called after the Answered of an answer that asked for a pause, and when a wait of more than five
	// seconds for the API's limit begins, whichever client of the budget used it up: once, however many of the client's
	// requests are held back by it. It is called again after an Answered that comes before that wait is over, so that it
	// has the last word. Our own ceiling is never told.
	Throttled(ctx context.Context, wait time.Duration)
}

// Settings are what a Client is made from.
type Settings struct {
	// HTTP does the requests; it must have a transport. Its redirect policy is replaced.
	HTTP *http.Client
	// Origin is the scheme and host that every request goes to.
	Origin *url.URL
	// UserAgent names this program to the API's operators.
	UserAgent string
	// MaxResponseSize bounds a body in bytes, after decompression.
	MaxResponseSize int64
	// Budget is shared with other clients whom the API counts together; nil means that there are none.
	Budget *Budget
	// RequestsPerSecond is a ceiling of our own; 0 means none. It is this client's and its other shards'.
	RequestsPerSecond float64
	// Shards is how many clients like this one, each in a collector of its own, keep to the limits together, without a word
	// between them: each takes its part, and no more if another one leaves some over. 0 and 1 mean that it is alone.
	Shards int
	// Reserve is the share of the advertised limit that is left to others, from 0 to below 1; where the API counts what
	// requests cost, of the most that it ever said to be left. The clients of a budget may have different ones: each stops
	// at its own, counting what all of them sent, so the smallest one is left in the end.
	Reserve  float64
	Observer Observer

	_ struct{}
}

// Client reads from one origin. It is safe for concurrent use.
type Client struct {
	http     *http.Client
	origin   *url.URL
	agent    string
	maxSize  int64
	limit    *limiter
	observer Observer
}

// New makes a client.
func New(s Settings) *Client {
	client := *s.HTTP
	client.Transport = GuardOrigin(s.Origin, s.HTTP.Transport)
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	budget := s.Budget
	if budget == nil {
		budget = newBudget()
	}
	return &Client{
		http:     &client,
		origin:   s.Origin,
		agent:    s.UserAgent,
		maxSize:  s.MaxResponseSize,
		limit:    newLimiter(budget, s.RequestsPerSecond, s.Reserve, s.Shards),
		observer: s.Observer,
	}
}

// Request is a GET of a path below the origin.
type Request struct {
	// Op names the request in errors, with placeholders for ids: "GET /api/v2/users/{id}/logs".
	Op string
	// Path is percent-encoded and begins with a slash.
	Path  string
	Query url.Values
	// RawQuery is sent as it is, if there is no Query. Next sets it; two requests of a walk with the same one ask for
	// the same page.
	RawQuery string
	// Refusal is asked what an answer with another status than 200 means; nil: the status alone says it.
	Refusal Refusal
	// LinkedAs tells whether the API calls Path so, in percent-encoded form, in the links of its answers; nil: it calls
	// it Path. APIs that know several names for one thing link to the one that they like best.
	LinkedAs func(path string) bool
}

// Response is an answer with status 200.
type Response struct {
	Body   []byte
	Header http.Header
	// Arrived is when the body was read, by the local clock.
	Arrived time.Time
	// Date is the server's clock when it answered, to the second; zero if it sent none that can be read.
	Date time.Time
}

// Get asks until the API neither throttles nor ctx is done. Its errors are *source.Error, or ctx's.
func (c *Client) Get(ctx context.Context, r Request) (Response, error) {
	for {
		place, err := c.acquire(ctx)
		if err != nil {
			return Response{}, err
		}
		resp, err := c.once(ctx, r, place)
		var t *throttled
		if !errors.As(err, &t) {
			c.limit.tellAgain()
			return resp, err
		}
		c.observer.Throttled(ctx, t.wait)
	}
}

// once does one request. Its place in the limit it gives back as soon as the head of the answer is there: that says all
// about the limit, and nobody else should wait for the body.
func (c *Client) once(ctx context.Context, r Request, p place) (Response, error) {
	began := time.Now()
	status, size := 0, 0
	defer func() { c.observer.Answered(ctx, status, time.Since(began), size) }()

	resp, err := c.send(ctx, r)
	if err != nil {
		c.limit.release(p, advertised{}, false)
		return Response{}, err
	}
	defer resp.Body.Close()
	status = resp.StatusCode
	now := time.Now()
	date, _ := http.ParseTime(resp.Header.Get("Date"))
	limits := readLimits(resp.Header, date, now)

	if isThrottle(resp) {
		status = http.StatusTooManyRequests
		wait := c.limit.throttle(p, RetryAfter(resp.Header, date, now), limits)
		_, _ = io.CopyN(io.Discard, resp.Body, maxDrain)
		return Response{}, &throttled{wait: wait}
	}
	c.limit.release(p, limits, status < http.StatusInternalServerError)
	if status != http.StatusOK {
		refused := statusError(r.Op, resp, RetryAfter(resp.Header, date, now))
		if r.Refusal != nil {
			size, err = r.Refusal.explain(ctx, resp, refused)
			return Response{}, err
		}
		_, _ = io.CopyN(io.Discard, resp.Body, maxDrain)
		return Response{}, refused
	}
	body, err := readBody(resp, c.maxSize)
	size = len(body)
	if err != nil {
		return Response{}, requestError(ctx, r.Op, err)
	}
	return Response{Body: body, Header: resp.Header, Arrived: time.Now(), Date: date}, nil
}

// send sends a request and returns when the head of the answer is there.
func (c *Client) send(ctx context.Context, r Request) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, c.url(r), nil)
	if err != nil {
		return nil, &source.Error{Op: r.Op, Err: errors.New("the request cannot be built from this path and query")}
	}
	req.Header.Set("Accept", "application/json")
	req.Header.Set("User-Agent", c.agent)
	resp, err := c.http.Do(req)
	if err != nil {
		return nil, requestError(ctx, r.Op, err)
	}
	return resp, nil
}

// maxDrain is what is read of an answer that is not wanted, so that its connection can be used again.
const maxDrain = 64 << 10

func (c *Client) url(r Request) string {
	s := c.origin.Scheme + "://" + c.origin.Host + r.Path
	query := r.RawQuery
	if len(r.Query) > 0 {
		query = r.Query.Encode()
	}
	if query != "" {
		s += "?" + query
	}
	return s
}
