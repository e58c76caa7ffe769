package rest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"

	"github.com/userlog/userlog-otel/receiver/internal/source"
)

// StatusError is an answer with another status than 200. It holds nothing of the body, which may hold personal data or
// the token itself.
type StatusError struct {
	Status int
	// Location is the host that a redirect pointed to.
	Location string
}

func (e *StatusError) Error() string {
	text := fmt.Sprintf("the API answered %d %s", e.Status, http.StatusText(e.Status))
	if e.Location != "" {
		text += fmt.Sprintf("; the redirect to %s was not followed, because the token belongs to the configured endpoint only", e.Location)
	}
	return text
}

// ErrTooLarge is the refusal of a body above the configured size.
var ErrTooLarge = errors.New("the answer is larger than max_response_size")

// throttled is an answer that asks to wait; the limiter knows how long.
type throttled struct{ wait time.Duration }

func (*throttled) Error() string { return "the API asks to wait" }

// isThrottle tells whether the API asks for fewer requests: 429, or a 403 that says when to come back.
func isThrottle(resp *http.Response) bool {
	return resp.StatusCode == http.StatusTooManyRequests ||
		resp.StatusCode == http.StatusForbidden && resp.Header.Get("Retry-After") != ""
}

func statusError(op string, resp *http.Response, retryAfter time.Duration) error {
	status := &StatusError{Status: resp.StatusCode}
	kind := source.Transient
	switch resp.StatusCode {
	case http.StatusUnauthorized:
		kind = source.Unauthorized
	case http.StatusForbidden:
		kind = source.Forbidden
	case http.StatusNotFound, http.StatusGone:
		kind = source.Gone
	}
	if resp.StatusCode >= 300 && resp.StatusCode < 400 {
		if to, err := resp.Location(); err == nil {
			status.Location = to.Host
		}
	}
	return &source.Error{Kind: kind, Op: op, Err: status, RetryAfter: retryAfter}
}

// requestError is the failure of a request without a whole answer. net/http's own error quotes the URL, which holds
// the user's id; its cause does not.
func requestError(ctx context.Context, op string, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	var own *source.Error
	if errors.As(err, &own) { // from the authentication
		return own
	}
	var outer *url.Error
	if errors.As(err, &outer) {
		err = outer.Err
		if outer.Timeout() {
			err = errors.New("no whole answer within the time-out")
		}
	}
	if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
		err = errors.New("the connection was closed before the whole answer arrived")
	}
	kind := source.Transient
	if errors.Is(err, ErrTooLarge) {
		kind = source.Unreadable
	}
	return &source.Error{Kind: kind, Op: op, Err: err}
}
