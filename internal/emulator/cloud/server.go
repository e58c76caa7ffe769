package cloud

import (
	"net/http"
	"sync/atomic"
	"time"
)

// Vendor is what is special to the cloud of one vendor.
type Vendor struct {
	// Now is the cloud's clock. It stamps the requests and the Date header. Called concurrently.
	Now func() time.Time
	// Token tells whether a path, without percent-encoding, is that of the token endpoint. nil: there is none.
	Token func(path string) bool
	// API tells whether a path, without percent-encoding, is one of the API; those requests are what hooks are for.
	// nil: all but the token endpoint are.
	API func(path string) bool
	// Subject is whose log a path, percent-encoded as it was sent, is about: the value of [Request.User].
	Subject func(escapedPath string) string
	// Remaining is the name of the header that says what is left of the rate limit, in canonical form.
	Remaining string
	// Answer answers what no hook has answered.
	Answer http.Handler
}

// Interceptor sees a request before the normal handling. If it returns true, it has answered and nothing else happens.
type Interceptor = func(w http.ResponseWriter, r *http.Request) (handled bool)

// Server records the requests to an emulated cloud and lets hooks act on them. Its methods are safe for concurrent use.
type Server struct {
	vendor   Vendor
	requests recorder

	tokenRequests atomic.Int64
	apiRequests   atomic.Int64

	intercept      atomic.Pointer[Interceptor]
	interceptToken atomic.Pointer[Interceptor]
	onRequest      atomic.Pointer[func(*http.Request, int)]
}

// NewServer returns a server for the cloud of this vendor.
func NewServer(v Vendor) *Server {
	s := &Server{vendor: v}
	s.requests.remaining = v.Remaining
	return s
}

// ServeHTTP records the request, lets the hooks act, and answers.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	now := s.vendor.Now()
	w = s.requests.begin(w, r, now, s.vendor.Subject(r.URL.EscapedPath()))
	// net/http leaves a Date header alone that is already there.
	w.Header().Set("Date", now.UTC().Format(http.TimeFormat))
	if !s.hooked(w, r) {
		s.vendor.Answer.ServeHTTP(w, r)
	}
}

// hooked lets the hooks act; true means that one of them has answered.
func (s *Server) hooked(w http.ResponseWriter, r *http.Request) bool {
	if s.vendor.Token != nil && s.vendor.Token(r.URL.Path) {
		s.tokenRequests.Add(1)
		f := s.interceptToken.Load()
		return f != nil && (*f)(w, r)
	}
	if s.vendor.API != nil && !s.vendor.API(r.URL.Path) {
		return false
	}
	n := int(s.apiRequests.Add(1))
	if f := s.onRequest.Load(); f != nil {
		(*f)(r, n)
	}
	f := s.intercept.Load()
	return f != nil && (*f)(w, r)
}

// Intercept sets f, which is called before the normal handling of every API request (rate limit and token check
// included); if it returns true, it has answered and nothing else happens. f may call any method of the emulator and is
// called concurrently. nil removes it.
func (s *Server) Intercept(f Interceptor) { set(&s.intercept, f, f == nil) }

// InterceptToken is [Server.Intercept] for requests to the token endpoint.
func (s *Server) InterceptToken(f Interceptor) { set(&s.interceptToken, f, f == nil) }

// OnRequest sets f, which sees every API request before it is handled, with its number counted from 1 since the emulator
// was made. It is for changing a log between two requests. nil removes it.
func (s *Server) OnRequest(f func(r *http.Request, n int)) { set(&s.onRequest, f, f == nil) }

func set[F any](hook *atomic.Pointer[F], f F, none bool) {
	if none {
		hook.Store(nil)
		return
	}
	hook.Store(&f)
}

// TokenRequests is how many requests the token endpoint has had since the emulator was made or [Server.ResetRequests]
// was called, refused ones included.
func (s *Server) TokenRequests() int { return int(s.tokenRequests.Load()) }

// Requests returns the last requests, up to 100,000, in the order in which they came.
func (s *Server) Requests() []Request { return s.requests.all() }

// ResetRequests forgets all requests and sets the count of token requests to 0.
func (s *Server) ResetRequests() {
	s.tokenRequests.Store(0)
	s.requests.reset()
}
