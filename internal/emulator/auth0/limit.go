package auth0

import (
	"net/http"
	"strconv"
	"sync"
	"time"
)

// remainingHeader says how many requests are left until the next refill.
const remainingHeader = "X-Ratelimit-Remaining"

// bucket counts requests against a [RateLimit].
type bucket struct {
	limit  RateLimit
	mu     sync.Mutex
	left   int
	window time.Time // top of the window of the last refill
}

func newBucket(l RateLimit, now time.Time) *bucket {
	if l.Window <= 0 {
		l.Window = time.Second
	}
	if l.Refill <= 0 {
		l.Refill = l.Limit
	}
	return &bucket{limit: l, left: l.Limit, window: now.Truncate(l.Window)}
}

// take spends one request and sets the rate-limit headers (names and meaning as recorded: limit, what remains, and the
// Unix second of the next refill). If the bucket is empty it returns false and sets Retry-After, in seconds, too.
// Without a limit it does nothing.
func (b *bucket) take(h http.Header, now time.Time) bool {
	if b.limit.Limit <= 0 {
		return true
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.refill(now)
	ok := b.left > 0
	if ok {
		b.left--
	}
	reset := ceilSecond(b.window.Add(b.limit.Window))
	h.Set("X-Ratelimit-Limit", strconv.Itoa(b.limit.Limit))
	h.Set(remainingHeader, strconv.Itoa(b.left))
	h.Set("X-Ratelimit-Reset", strconv.FormatInt(reset.Unix(), 10))
	if !ok {
		wait := (reset.Sub(now) + time.Second - 1) / time.Second
		h.Set("Retry-After", strconv.Itoa(max(int(wait), 1)))
	}
	return ok
}

// refill adds what the windows since the last refill brought. The lock must be held.
func (b *bucket) refill(now time.Time) {
	top := now.Truncate(b.limit.Window)
	windows := top.Sub(b.window) / b.limit.Window
	if windows <= 0 {
		return
	}
	b.window = top
	need := time.Duration((b.limit.Limit - b.left + b.limit.Refill - 1) / b.limit.Refill)
	b.left = min(b.limit.Limit, b.left+int(min(windows, need))*b.limit.Refill)
}

func ceilSecond(t time.Time) time.Time {
	if s := t.Truncate(time.Second); s.Before(t) {
		return s.Add(time.Second)
	}
	return t
}
