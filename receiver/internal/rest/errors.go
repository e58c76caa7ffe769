package rest

import (
	"compress/flate"
	"compress/gzip"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
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
	text := strings.TrimSpace(fmt.Sprintf("the API answered %d %s", e.Status, http.StatusText(e.Status)))
	if e.Location != "" {
		text += fmt.Sprintf("; its redirect to %s was not followed, because the token belongs to the configured endpoint only", e.Location)
	}
	return text
}

// ErrTooLarge is the refusal of a body above the configured size.
var ErrTooLarge = errors.New("the answer is larger than max_response_size")

func statusError(op string, resp *http.Response, retryAfter time.Duration) *source.Error {
	status := &StatusError{Status: resp.StatusCode}
	kind := source.Transient
	switch code := resp.StatusCode; {
	case code == http.StatusUnauthorized:
		kind = source.Unauthorized
	case code == http.StatusForbidden:
		kind = source.Forbidden
	case code == http.StatusNotFound, code == http.StatusGone:
		kind = source.Gone
	case code >= 200 && code < 300: // a success that is not the answer
		kind = source.Unreadable
	case code >= 300 && code < 400:
		if to, err := resp.Location(); err == nil {
			status.Location = shownHost(to.Host)
		}
	}
	return &source.Error{Kind: kind, Op: op, Err: status, RetryAfter: retryAfter}
}

// shownHost is a host as an error may show it. A server may put anything in its place.
func shownHost(host string) string {
	const maxHost = 255 // RFC 1035, 2.3.4
	strange := func(r rune) bool { return r <= ' ' || r >= 0x7f }
	if len(host) > maxHost || strings.ContainsFunc(host, strange) {
		return "a host of no sensible name"
	}
	return host
}

// requestError is the failure of a request without a whole answer.
func requestError(ctx context.Context, op string, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	var own *source.Error
	if errors.As(err, &own) { // from the authentication
		return own
	}
	kind := source.Transient
	if errors.Is(err, ErrTooLarge) || corrupt(err) {
		kind = source.Unreadable
	}
	return &source.Error{Kind: kind, Op: op, Err: shown(err)}
}

// shown is what can be told of a failure. net/http's errors quote the URL, which holds the user's id, and the head of
// an answer that they cannot read, which may hold anything; so what is not known to be harmless is named by its type.
func shown(err error) error {
	var timeout interface{ Timeout() bool }
	var network *net.OpError
	var certificate *tls.CertificateVerificationError
	if proxy, ok := ProxyRefusal(err); ok {
		return proxy
	}
	switch {
	case errors.Is(err, ErrTooLarge):
		return err
	case errors.Is(err, errForeign):
		return errForeign
	case errors.As(err, &timeout) && timeout.Timeout():
		return errors.New("no whole answer within the time-out")
	case errors.As(err, &certificate):
		return certificate
	case errors.As(err, &network):
		return network
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return errors.New("the connection was closed before the whole answer arrived")
	case errors.Is(err, http.ErrSchemeMismatch):
		return errors.New("the server speaks http, not https: is this the right port?")
	case corrupt(err):
		return errors.New("the answer cannot be decompressed")
	}
	for inner := errors.Unwrap(err); inner != nil; inner = errors.Unwrap(err) {
		err = inner
	}
	return fmt.Errorf("no answer that can be read (%T; its text is left out because it may quote the answer)", err)
}

// corrupt tells whether a compressed body is broken.
func corrupt(err error) bool {
	var data flate.CorruptInputError
	return errors.Is(err, gzip.ErrHeader) || errors.Is(err, gzip.ErrChecksum) || errors.As(err, &data)
}
