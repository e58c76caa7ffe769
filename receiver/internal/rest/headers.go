package rest

import (
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"
)

const (
	// MinPause is the least that an API may ask us to wait: below it, the steps of its own clock are larger.
	MinPause = time.Second
	// MaxPause is the most: beyond it the value is nonsense more often than meant, and asking again costs one request.
	MaxPause = 15 * time.Minute
	// maxWindow is the length of the longest window that makes sense: there are limits by the day. Until its end nothing
	// is spent of what is reserved, which can be that long.
	maxWindow = 25 * time.Hour
)

// advertised is what the head of an answer says of the API's limits.
type advertised struct {
	quota   quota
	draught draught
}

func readLimits(h http.Header, date, now time.Time) advertised {
	return advertised{quota: readQuota(h, date, now), draught: readDraught(h)}
}

// quota is what an API says of its limit in x-ratelimit-* headers.
type quota struct {
	known     bool
	limit     float64
	remaining float64
	// window is when the window ends, in Unix seconds of the server's clock: it tells windows apart.
	window float64
	// resets is when the window ends, by the local clock; zero if the API does not tell, or tells what cannot be.
	resets time.Time
}

// readQuota reads X-RateLimit-Limit, -Remaining and -Reset, as Auth0 sends them (auth0 docs, "Rate Limit Policy"):
// reset is in Unix seconds of the server's clock, which date is. The end of the window stands alone where the rest is
// missing, so that a 429 can say no more than that.
func readQuota(h http.Header, date, now time.Time) quota {
	var q quota
	limit, ok1 := number(h.Get("X-RateLimit-Limit"))
	remaining, ok2 := number(h.Get("X-RateLimit-Remaining"))
	if ok1 && ok2 && limit >= 1 {
		q = quota{known: true, limit: limit, remaining: remaining}
	}
	reset, ok := number(h.Get("X-RateLimit-Reset"))
	if !ok || reset < 0 {
		return q
	}
	if date.IsZero() {
		date = now
	}
	end := epoch(reset, date)
	left := end - float64(date.Unix())
	if math.Abs(left) > maxWindow.Seconds() {
		return q
	}
	q.window = end
	// One second more, because both the reset and the server's date may be cut to whole seconds, and a request too early
	// would be taken from the reserve. It costs nothing where tokens gather meanwhile, as in Auth0's buckets.
	q.resets = now.Add(time.Duration(max(left, 0)*float64(time.Second)) + time.Second)
	return q
}

// RetryAfter reads Retry-After in seconds or as a date (RFC 9110, 10.2.3), as a time from MinPause to MaxPause; 0 if there
// is none that makes sense. date is the server's clock, zero if it told none.
func RetryAfter(h http.Header, date, now time.Time) time.Duration {
	value := h.Get("Retry-After")
	if value == "" {
		return 0
	}
	if n, ok := number(value); ok {
		if n <= 0 {
			return 0
		}
		return clampPause(seconds(n))
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

// epoch reads the end of a window as a Unix time. A value below 10^9 is no time of this century but a number of seconds
// from now; one above 10^11 is in milliseconds.
func epoch(reset float64, date time.Time) float64 {
	switch {
	case reset < 1e9:
		return float64(date.Unix()) + reset
	case reset > 1e11:
		return reset / 1000
	}
	return reset
}

// seconds makes a Duration of a number of any size, from 0 to MaxPause.
func seconds(s float64) time.Duration {
	return time.Duration(max(0, min(s, MaxPause.Seconds())) * float64(time.Second))
}

func clampPause(d time.Duration) time.Duration { return max(MinPause, min(d, MaxPause)) }

func number(s string) (float64, bool) {
	f, err := strconv.ParseFloat(strings.TrimSpace(s), 64)
	return f, err == nil && !math.IsNaN(f) && !math.IsInf(f, 0)
}
