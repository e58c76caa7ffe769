package canvas

import (
	"cmp"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

const (
	costHeader      = "X-Request-Cost"
	remainingHeader = "X-Rate-Limit-Remaining"

	// Defaults of canvas-lms (app/middleware/request_throttle.rb).
	defaultHighWater = 600
	defaultLeak      = 10
	defaultUpFront   = 50
	// maximum is the level that a bucket never exceeds, there.
	maximum = 800
)

// buckets are the leaky buckets of all tokens.
type buckets struct {
	settings Bucket

	mu     sync.Mutex
	levels map[string]*level
}

type level struct {
	level float64
	at    time.Time
}

func newBuckets(b Bucket) *buckets {
	b.HighWater = cmp.Or(b.HighWater, defaultHighWater)
	b.Leak = cmp.Or(b.Leak, defaultLeak)
	b.UpFront = cmp.Or(b.UpFront, defaultUpFront)
	b.Status = cmp.Or(b.Status, http.StatusForbidden)
	return &buckets{settings: b, levels: map[string]*level{}}
}

// enter pours what the request costs into the bucket of its token, and sets the headers. If the bucket is full, ok is
// false and the request costs nothing. done must be called at the end of the request. Without a limit it does nothing.
func (b *buckets) enter(h http.Header, token string, now time.Time) (done func(), ok bool) {
	if b.settings.Cost <= 0 {
		return func() {}, true
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	l := b.levels[token]
	if l == nil {
		l = &level{at: now}
		b.levels[token] = l
	}
	l.leak(now, b.settings.Leak)
	l.pour(b.settings.UpFront)
	done = func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		l.pour(-b.settings.UpFront)
	}
	if l.level >= b.settings.HighWater {
		h.Set(remainingHeader, b.remainingAtRefusal(l))
		return done, false
	}
	l.pour(b.settings.Cost)
	h.Set(costHeader, float(b.settings.Cost))
	h.Set(remainingHeader, float(b.settings.HighWater-l.level+b.settings.UpFront))
	return done, true
}

// remainingAtRefusal is what a refusal says is left: 0.0, which it was made with, or what is left once its place in front
// is given back, with which newer versions overwrite it.
func (b *buckets) remainingAtRefusal(l *level) string {
	if b.settings.RefusalTellsRest {
		return float(b.settings.HighWater - l.level + b.settings.UpFront)
	}
	return float(0)
}

// leak lets flow out what has flowed out since the last time, at this rate a second.
func (l *level) leak(now time.Time, rate float64) {
	if past := now.Sub(l.at).Seconds(); past > 0 {
		l.level = max(0, l.level-past*rate)
		l.at = now
	}
}

func (l *level) pour(amount float64) { l.level = min(max(0, l.level+amount), maximum) }

// float is a number as Ruby writes it: 600.0.
func float(f float64) string {
	s := strconv.FormatFloat(f, 'f', -1, 64)
	if !strings.Contains(s, ".") {
		s += ".0"
	}
	return s
}
