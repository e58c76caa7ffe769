package schedule

import (
	"errors"
	"math/rand/v2"
	"time"

	"github.com/userlog/userlog-otel/receiver/internal/source"
)

const (
	// firstPause and maxPause bound the pauses after failures that go away by themselves: an API that is back is
	// noticed within half a minute.
	firstPause = time.Second
	maxPause   = 30 * time.Second
	// refusedPause is the pause of a source whose credentials were refused: what refuses one token refuses the next,
	// and counts the attempts.
	refusedPause = 30 * time.Second
	// goneIntervals bounds the pauses of a log that is gone, in intervals: at a minute an interval it is looked at
	// again every hour, because users come back.
	goneIntervals = 60
	// forbiddenIntervals bounds those of a log that is forbidden: whoever grants the right waits for the log.
	forbiddenIntervals = 10
	// breakAfter is the number of different logs that fail in a row after which only one log at a time tries. One log
	// that fails again and again says nothing of the others.
	breakAfter = 5
)

// pauseAfter is the time until a log is read again after its n-th failure in a row.
func pauseAfter(err error, n int, interval time.Duration) time.Duration {
	var asked time.Duration
	var e *source.Error
	if errors.As(err, &e) {
		asked = e.RetryAfter
	}
	switch source.KindOf(err) {
	case source.Forbidden:
		return max(asked, jitter(min(interval<<min(n, 6), forbiddenIntervals*interval)))
	case source.Gone:
		return max(asked, jitter(min(interval<<min(n, 6), goneIntervals*interval)))
	case source.Unauthorized:
		return asked // the breaker holds the whole source
	case source.Transient, source.Unreadable, source.BadCursor:
	}
	return max(asked, backoff(n, interval))
}

// backoff doubles from the first pause, or a shorter interval, to the longest.
func backoff(n int, interval time.Duration) time.Duration {
	return jitter(min(min(firstPause, interval)<<min(n-1, 20), maxPause))
}

// jitter keeps many logs that failed at once from coming back at once: up to a quarter less.
func jitter(d time.Duration) time.Duration {
	return d - rand.N(d/4+1) //nolint:gosec // needs no secrecy
}

// breaker holds a whole source back when what fails is not one log: credentials refused, or several logs in a row
// without a success between them. After each pause one log tries alone.
type breaker struct {
	interval time.Duration
	failed   map[source.Subject]struct{} // in a row, until there are enough
	pauses   int                         // in a row
	probing  bool
	until    time.Duration
}

func newBreaker(interval time.Duration) *breaker {
	return &breaker{interval: interval, failed: map[source.Subject]struct{}{}}
}

// open tells whether nothing may be read now.
func (b *breaker) open(now time.Duration) bool { return now < b.until }

// ended takes the end of a read, and tells whether it failed with what holds the whole source back.
func (b *breaker) ended(subject source.Subject, err error, now time.Duration) bool {
	var e *source.Error
	if err != nil && !errors.As(err, &e) {
		return false // the next consumer or the storage: nothing is known of the API
	}
	switch {
	case err != nil && e.Kind == source.Unauthorized:
		b.hold(now, max(refusedPause, e.RetryAfter))
	case err != nil && (e.Kind == source.Transient || e.Kind == source.Unreadable):
		if len(b.failed) < breakAfter {
			b.failed[subject] = struct{}{}
		}
		if !b.probing && len(b.failed) < breakAfter {
			return false
		}
		if now >= b.until { // else it began before the pause did, and says nothing new
			b.pauses++
		}
		b.hold(now, max(backoff(max(b.pauses, 1), b.interval), e.RetryAfter))
	default: // a success, or an answer about one log: the API works
		clear(b.failed)
		b.pauses, b.probing = 0, false
		return false
	}
	return true
}

func (b *breaker) hold(now, pause time.Duration) {
	b.probing = true
	b.until = max(b.until, now+pause)
}
