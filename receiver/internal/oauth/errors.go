package oauth

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"golang.org/x/oauth2"

	"github.com/userlog/userlog-otel/receiver/internal/source"
)

// op names the request for a token in errors.
const op = "token request"

// maxRetryAfter bounds what a token endpoint may ask us to wait.
const maxRetryAfter = 15 * time.Minute

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
		cause := outer.Err
		if outer.Timeout() {
			cause = errors.New("no answer within the time-out")
		}
		return &source.Error{Kind: source.Transient, Op: op, Err: cause}
	}
	return &source.Error{Kind: source.Transient, Op: op, Err: errors.New("the answer of the token endpoint holds no token that can be read")}
}

func refusal(e *oauth2.RetrieveError) error {
	status := e.Response.StatusCode
	text := fmt.Sprintf("the token endpoint answered %d %s", status, http.StatusText(status))
	if isErrorCode(e.ErrorCode) {
		text += " (" + e.ErrorCode + ")"
	}
	result := &source.Error{Kind: source.Transient, Op: op}
	switch {
	case status == http.StatusBadRequest, status == http.StatusUnauthorized, status == http.StatusForbidden:
		result.Kind = source.Unauthorized
		text += ": check client_id, client_secret, audience and token_url"
	case status >= 300 && status < 400:
		text += ": the redirect was not followed, because the secret belongs to token_url only"
	case status == http.StatusTooManyRequests:
		seconds, _ := strconv.Atoi(e.Response.Header.Get("Retry-After"))
		result.RetryAfter = min(time.Duration(max(seconds, 1))*time.Second, maxRetryAfter)
	}
	result.Err = errors.New(text)
	return result
}

// isErrorCode tells whether a text is an error code as RFC 6749, 5.2 writes them, and not something that a server put
// in its place.
func isErrorCode(s string) bool {
	return s != "" && len(s) <= 40 && strings.Trim(s, "abcdefghijklmnopqrstuvwxyz_") == ""
}
