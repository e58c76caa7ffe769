package oauth

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"golang.org/x/oauth2"

	"github.com/userlog/userlog-otel/receiver/internal/source"
)

// op names the request for a token in errors.
const op = "token request"

// minRetryAfter and maxRetryAfter bound what a token endpoint may ask us to wait.
const (
	minRetryAfter = time.Second
	maxRetryAfter = 15 * time.Minute
)

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
	return &source.Error{Kind: source.Transient, Op: op, Err: errors.New("the answer of the token endpoint holds no token that can be read: is token_url right?")}
}

// shown is what can be told of a failed request. net/http's errors may quote the head of an answer that they cannot
// read, so what is not known to be harmless is named by its type.
func shown(outer *url.Error) error {
	var network *net.OpError
	var certificate *tls.CertificateVerificationError
	switch {
	case outer.Timeout():
		return errors.New("no answer of the token endpoint within the time-out")
	case errors.As(outer, &certificate):
		return certificate
	case errors.As(outer, &network):
		return network
	case errors.Is(outer, http.ErrSchemeMismatch):
		return errors.New("the token endpoint speaks http, not https: is token_url right?")
	}
	return fmt.Errorf("no answer of the token endpoint that can be read (%T): is token_url right?", outer.Err)
}

func refusal(e *oauth2.RetrieveError) error {
	status := e.Response.StatusCode
	text := fmt.Sprintf("the token endpoint answered %d %s", status, http.StatusText(status))
	if isErrorCode(e.ErrorCode) {
		text += " (" + e.ErrorCode + ")"
	}
	result := &source.Error{Kind: source.Transient, Op: op, RetryAfter: retryAfter(e.Response.Header, time.Now())}
	switch {
	case status == http.StatusBadRequest, status == http.StatusUnauthorized, status == http.StatusForbidden:
		result.Kind = source.Unauthorized
		text += ": check client_id, client_secret, audience and token_url"
	case status == http.StatusNotFound, status == http.StatusMethodNotAllowed:
		text += ": is token_url right?"
	case status >= 300 && status < 400:
		text += ": the redirect was not followed, because the secret belongs to token_url only"
	case status == http.StatusTooManyRequests:
		result.RetryAfter = max(result.RetryAfter, minRetryAfter)
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

// retryAfter reads Retry-After in seconds or as a date (RFC 9110, 10.2.3); 0 if there is none that makes sense.
func retryAfter(h http.Header, now time.Time) time.Duration {
	value := h.Get("Retry-After")
	var wait time.Duration
	if n, err := strconv.ParseUint(value, 10, 64); err == nil || errors.Is(err, strconv.ErrRange) {
		wait = time.Duration(min(n, uint64(maxRetryAfter/time.Second))) * time.Second
	} else if at, err := http.ParseTime(value); err == nil {
		if date, err := http.ParseTime(h.Get("Date")); err == nil {
			now = date // the server's clock, which may be another than ours
		}
		wait = at.Sub(now)
	}
	if wait <= 0 {
		return 0
	}
	return max(minRetryAfter, min(wait, maxRetryAfter))
}
