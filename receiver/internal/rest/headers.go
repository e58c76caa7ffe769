package rest

import (
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"
)

const (
	// minPause and maxPause bound what an API may ask us to wait: below a second, its own clock's steps are larger;
	// beyond 15 minutes the value is nonsense more often than meant, and asking again costs one request.
	minPause = time.Second
	maxPause = 15 * time.Minute
)

// quota is what an API says of its limit in x-ratelimit-* headers.
type quota struct {
	known     bool
	limit     float64
	remaining float64
	// window tells answers of the same window apart from others; it is the reset value as sent.
	window float64
	// resets is when the window ends, by the local clock.
	resets time.Time
}

// readQuota reads X-RateLimit-Limit, -Remaining and -Reset, as Auth0 sends them (auth0 docs, "Rate Limit Policy"):
// reset is in Unix seconds of the server's clock, which date is.
func readQuota(h http.Header, date, now time.Time) quota {
	limit, ok1 := number(h.Get("X-RateLimit-Limit"))
	remaining, ok2 := number(h.Get("X-RateLimit-Remaining"))
	if !ok1 || !ok2 || limit < 1 {
		return quota{}
	}
	q := quota{known: true, limit: limit, remaining: remaining}
	if reset, ok := number(h.Get("X-RateLimit-Reset")); ok {
		q.window = reset
		// One second more, because both the reset and the server's date are cut to whole seconds.
		q.resets = now.Add(min(untilEpoch(reset, date, now)+time.Second, maxPause))
	}
	return q
}

// retryAfter reads Retry-After in seconds or as a date (RFC 9110, 10.2.3); 0 if there is none that makes sense.
func retryAfter(h http.Header, date, now time.Time) time.Duration {
	value := h.Get("Retry-After")
	if value == "" {
		return 0
	}
	if seconds, ok := number(value); ok {
		if seconds <= 0 {
			return 0
		}
		return clampPause(time.Duration(min(seconds, maxPause.Seconds()) * float64(time.Second)))
	}
	at, err := http.ParseTime(value)
	if err != nil {
		return 0
	}
	if date.IsZero() {
		date = now
	}
	if wait := at.Sub(date); wait > 0 {
		return clampPause(wait)
	}
	return 0
}

// untilEpoch is the time from the server's now to a Unix time. A value below 10^9 is no time of this century but a
// number of seconds; one above 10^11 is in milliseconds.
func untilEpoch(epoch float64, date, now time.Time) time.Duration {
	if epoch < 1e9 {
		return time.Duration(max(0, min(epoch, maxPause.Seconds())) * float64(time.Second))
	}
	if epoch > 1e11 {
		epoch /= 1000
	}
	if date.IsZero() {
		date = now
	}
	seconds := epoch - float64(date.Unix())
	return time.Duration(max(0, min(seconds, maxPause.Seconds())) * float64(time.Second))
}

func clampPause(d time.Duration) time.Duration { return max(minPause, min(d, maxPause)) }

func number(s string) (float64, bool) {
	f, err := strconv.ParseFloat(strings.TrimSpace(s), 64)
	return f, err == nil && !math.IsNaN(f) && !math.IsInf(f, 0)
}
