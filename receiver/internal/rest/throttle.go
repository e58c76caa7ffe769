package rest

import (
	"bytes"
	"io"
	"mime"
	"net/http"
	"time"
)

// throttled is an answer that asks to wait; the limiter knows how long.
type throttled struct{ wait time.Duration }

func (*throttled) Error() string { return "the API asks to wait" }

// isThrottle tells whether the API asks for fewer requests: 429, or a 403 that says when to come back, that nothing is
// left, or that this is what it means. Every other 403 is about rights.
func isThrottle(resp *http.Response) bool {
	switch resp.StatusCode {
	case http.StatusTooManyRequests:
		return true
	case http.StatusForbidden:
		left, ok := number(resp.Header.Get("X-Rate-Limit-Remaining"))
		return resp.Header.Get("Retry-After") != "" || ok && left <= 0 || saysRateLimit(resp)
	}
	return false
}

// saysRateLimit tells whether a body is Canvas's refusal, "403 Forbidden (Rate Limit Exceeded)" as text/plain
// (instructure/canvas-lms, app/middleware/request_throttle.rb). Its X-Rate-Limit-Remaining may be up to 50: what the
// refused request was charged has been given back when that is written.
func saysRateLimit(resp *http.Response) bool {
	const enough = 1 << 10
	if media, _, _ := mime.ParseMediaType(resp.Header.Get("Content-Type")); media != "text/plain" {
		return false
	}
	return bytes.Contains(bytes.ToLower(peek(resp, enough)), []byte("rate limit exceeded"))
}

// peek reads the beginning of a body, and leaves it there.
func peek(resp *http.Response, limit int64) []byte {
	start, _ := io.ReadAll(io.LimitReader(resp.Body, limit)) // what fails here fails again for who reads all
	resp.Body = struct {
		io.Reader
		io.Closer
	}{io.MultiReader(bytes.NewReader(start), resp.Body), resp.Body}
	return start
}
