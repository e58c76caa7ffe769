package rest

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
)

// errForeign is the refusal to send a request, which carries the token, anywhere but to the configured origin.
var errForeign = errors.New("a request to another origin than the configured one was refused")

// originGuard lets requests to one origin pass. The layers below it add the credentials to whatever they are given, on
// every hop of a redirect too, so this stands above them.
type originGuard struct {
	origin *url.URL
	next   http.RoundTripper
}

// GuardOrigin returns a transport that refuses every request to another origin.
func GuardOrigin(origin *url.URL, next http.RoundTripper) http.RoundTripper {
	return &originGuard{origin: origin, next: next}
}

// RoundTrip implements http.RoundTripper.
func (g *originGuard) RoundTrip(req *http.Request) (*http.Response, error) {
	if !SameOrigin(g.origin, req.URL) || req.URL.User != nil {
		if req.Body != nil {
			_ = req.Body.Close() // as RoundTripper promises
		}
		return nil, errForeign
	}
	resp, err := g.next.RoundTrip(req)
	if err == nil && resp != nil {
		dropBadLocation(req, resp)
	}
	return resp, err
}

// dropBadLocation keeps http.Client, which looks at it before it asks whether to follow, from putting a Location that
// it cannot parse into an error in place of the answer.
func dropBadLocation(req *http.Request, resp *http.Response) {
	if location := resp.Header.Get("Location"); location != "" {
		if _, err := req.URL.Parse(location); err != nil {
			resp.Header.Del("Location")
		}
	}
}

// SameOrigin tells whether two URLs have the same scheme, host and port.
func SameOrigin(a, b *url.URL) bool {
	return strings.EqualFold(a.Scheme, b.Scheme) && strings.EqualFold(a.Hostname(), b.Hostname()) && port(a) == port(b)
}

func port(u *url.URL) string {
	if p := u.Port(); p != "" {
		return p
	}
	if strings.EqualFold(u.Scheme, "http") {
		return "80"
	}
	return "443"
}
