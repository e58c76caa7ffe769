package oauth

import (
	"errors"
	"io"
	"net/http"

	"golang.org/x/oauth2"

	"github.com/userlog/userlog-otel/receiver/internal/source"
)

// Bearer adds tokens of a source to requests. When the API refuses a token that was in use for a while, the request
// is repeated once with a new one.
type Bearer struct {
	Tokens *Tokens
	Next   http.RoundTripper
}

// RoundTrip implements http.RoundTripper. Requests must have no body, so that they can be repeated.
func (b *Bearer) RoundTrip(req *http.Request) (*http.Response, error) {
	token, err := b.Tokens.get(req.Context())
	if err != nil {
		return nil, err
	}
	resp, err := b.Next.RoundTrip(withToken(req, token.value))
	if err != nil || resp.StatusCode != http.StatusUnauthorized || !b.Tokens.renewable(req.Context(), token) {
		return resp, err
	}
	_, _ = io.CopyN(io.Discard, resp.Body, 64<<10) // so that the connection can be used again
	_ = resp.Body.Close()
	if token, err = b.Tokens.get(req.Context()); err != nil {
		return nil, err
	}
	return b.Next.RoundTrip(withToken(req, token.value))
}

// Static adds one and the same token to requests.
type Static struct {
	Token string
	Next  http.RoundTripper
}

// RoundTrip implements http.RoundTripper.
func (s *Static) RoundTrip(req *http.Request) (*http.Response, error) {
	return s.Next.RoundTrip(withToken(req, s.Token))
}

// Explained stands over an authenticator of somebody else's, such as the Collector's oauth2client extension. A token
// that was refused to it becomes an error like those of Bearer, instead of one that quotes the token endpoint's answer
// and looks as if the API could not be reached.
type Explained struct{ Next http.RoundTripper }

// RoundTrip implements http.RoundTripper.
func (e *Explained) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := e.Next.RoundTrip(req)
	var refused *oauth2.RetrieveError
	if !errors.As(err, &refused) {
		return resp, err
	}
	err = tokenError(req.Context(), refused)
	var own *source.Error
	if errors.As(err, &own) {
		own.Op += " of the authenticator extension"
	}
	return nil, err
}

func withToken(req *http.Request, token string) *http.Request {
	req = req.Clone(req.Context())
	req.Header.Set("Authorization", "Bearer "+token)
	return req
}
