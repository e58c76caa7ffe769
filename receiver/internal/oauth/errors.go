package oauth

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"time"

	"golang.org/x/oauth2"

	"github.com/userlog/userlog-otel/receiver/internal/rest"
	"github.com/userlog/userlog-otel/receiver/internal/source"
)

// op names the request for a token in errors.
const op = "token request"

// rightURL asks for what is most often wrong: Auth0's token_url is seldom set.
const rightURL = "is token_url right, or endpoint, of which it is made by default?"

// tokenError says what went wrong without repeating the answer, which x/oauth2's own error quotes in full.
func tokenError(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	var refused *oauth2.RetrieveError
	if errors.As(err, &refused) && refused.Response != nil {
		return refusal(refused)
	}
	var outer *url.Error
	if errors.As(err, &outer) {
		return &source.Error{Kind: source.Transient, Op: op, Err: shown(outer)}
	}
	return &source.Error{Kind: source.Transient, Op: op, Err: errors.New("the answer of the token endpoint holds no token that can be read: " + rightURL)}
}

// shown is what can be told of a failed request. net/http's errors may quote the head of an answer that they cannot
// read, so what is not known to be harmless is named by its type.
func shown(outer *url.Error) error {
	var network *net.OpError
	var certificate *tls.CertificateVerificationError
	if proxy, ok := rest.ProxyRefusal(outer); ok {
		return proxy
	}
	switch {
	case outer.Timeout():
		return errors.New("no answer of the token endpoint within the time-out")
	case errors.As(outer, &certificate):
		return certificate
	case errors.As(outer, &network):
		return network
	case errors.Is(outer, io.EOF), errors.Is(outer, io.ErrUnexpectedEOF):
		return errors.New("the token endpoint closed the connection before the whole answer arrived")
	case errors.Is(outer, http.ErrSchemeMismatch):
		return errors.New("the token endpoint speaks http, not https: " + rightURL)
	}
	return fmt.Errorf("no answer of the token endpoint that can be read (%T): %s", outer.Err, rightURL)
}

func refusal(e *oauth2.RetrieveError) error {
	status := e.Response.StatusCode
	text := fmt.Sprintf("the token endpoint answered %d %s", status, http.StatusText(status))
	if isErrorCode(e.ErrorCode) {
		text += " (" + e.ErrorCode + ")"
	}
	date, _ := http.ParseTime(e.Response.Header.Get("Date"))
	wait := rest.RetryAfter(e.Response.Header, date, time.Now())
	result := &source.Error{Kind: source.Transient, Op: op, RetryAfter: wait}
	switch {
	case status == http.StatusBadRequest, status == http.StatusUnauthorized, status == http.StatusForbidden:
		result.Kind = source.Unauthorized
		text += ": check client_id, client_secret, audience and token_url"
	case status == http.StatusNotFound, status == http.StatusMethodNotAllowed:
		text += ": " + rightURL
	case status >= 300 && status < 400:
		text += ": the redirect was not followed, because the secret belongs to token_url only"
	case status == http.StatusTooManyRequests:
		result.RetryAfter = max(result.RetryAfter, rest.MinPause)
	}
	result.Err = errors.New(text)
	return result
}

// isErrorCode tells whether a text is an error code of RFC 6749 (5.2, and 4.1.2.1, which token endpoints use too) or of
// Auth0, and not something that a server put in its place.
func isErrorCode(s string) bool {
	switch s {
	case "invalid_request", "invalid_client", "invalid_grant", "unauthorized_client", "unsupported_grant_type",
		"invalid_scope", "access_denied", "server_error", "temporarily_unavailable", "too_many_requests", "invalid_target":
		return true
	}
	return false
}
