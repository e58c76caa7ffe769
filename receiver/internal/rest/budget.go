package rest

import (
	"math/rand/v2"
	"sync"
	"time"
)

const (
	// patience is how long a request that finds out goes alone. It is the time for which a log that does not answer may
	// hold up the others, and no less than most answers take.
	patience = time.Second
	// longestOwnPause bounds the pauses that we choose where the API asks for one without saying how long.
	longestOwnPause = time.Minute
)

// Budget is what is known of an API's limit, and what of it is under way: all that clients whom the API counts together
// have to share. Their own ceilings and reserves are not part of it. It is safe for concurrent use.
//
// APIs limit in two ways: so many requests in a window (window.go), and so much of what requests cost (bucket.go).
type Budget struct {
	mu       sync.Mutex
	line     []*ticket     // who waits, in the order in which they came
	wake     chan struct{} // closed when a waiter should look again
	inFlight int           // requests without an answer
	until    time.Time     // the API asked for a pause until then
	pause    time.Duration // the last pause chosen by ourselves

	blind  bool
	probe  int       // the request that finds out, the last if there are several; 0: none is under way
	probed time.Time // when it went
	quota  quota
	limit  float64       // of the last window that was heard of; 0: none was
	length time.Duration // what was left of that window when it was heard of

	bucket leakyBucket

	// Answers overtake each other. What happened after what is told by this clock, which ticks at every event.
	clock   int
	blinded int // when it became blind last; the answer to an earlier request does not end that
	began   int // when the quota's window was first heard of
	learned int // when the quota was last heard of
}

func newBudget() *Budget {
	return &Budget{blind: true, wake: make(chan struct{}), bucket: newLeakyBucket()}
}

// release gives a place back with what the answer said of the limit. Any answer that is no failure of the API's ends
// the blindness, unless it was asked for before. A request that failed without a word on the limit counts as spent.
func (b *Budget) release(p place, said advertised, answered bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.end(p, said.draught)
	if answered && p.tick > b.blinded {
		b.blind, b.pause = false, 0
	}
	switch {
	case said.quota.known:
		b.learn(p, said.quota)
	case !answered:
		b.quota.remaining--
	}
	b.wakeAll()
}

// end takes a request out of those without an answer. The lock must be held.
func (b *Budget) end(p place, d draught) {
	b.inFlight--
	if b.probe == p.tick {
		b.probe = 0
	}
	b.bucket.giveBack(p, d, time.Now(), b.tick())
}

// stop holds everybody back, for as long as the API asked in Retry-After or by the end of its window, MaxPause at most, else for a pause
// that doubles from a second to a minute; but no shorter than its bucket needs, for this reserve and number of shards. It returns the pause.
// Nothing else is believed of the answer: when the pause is over, another one is to say what is left of the window. The
// lock must be held.
func (b *Budget) stop(p place, asked time.Duration, said quota, reserve, shards float64) time.Duration {
	now := time.Now()
	if !said.resets.IsZero() {
		asked = max(asked, min(said.resets.Sub(now), MaxPause))
	}
	if asked == 0 {
		if p.tick > b.blinded { // else it was sent before the last pause, and does not say that this was too short
			b.pause = min(2*b.pause, longestOwnPause)
		}
		b.pause = max(b.pause, MinPause)
		asked = b.pause
	}
	_, missing := b.bucket.wait(now, reserve, shards)
	asked = max(asked, missing)
	asked += rand.N(asked/10 + 1) //nolint:gosec // jitter needs no secrecy
	if until := now.Add(asked); until.After(b.until) {
		b.until = until
	}
	b.forget()
	b.wakeAll()
	return asked
}

// alone tells until when the request that finds out goes alone, or until when that is worth another look. The lock must
// be held.
func (b *Budget) alone(room bool) time.Time {
	until := b.probed.Add(patience)
	if room {
		return until
	}
	until = until.Add(b.length) // not before the window of those without an answer is over
	if b.quota.known && b.quota.resets.Before(until) {
		return b.quota.resets // the next window may have room
	}
	return until
}

// forget makes it blind. The lock must be held, as for the two below.
func (b *Budget) forget() {
	b.quota, b.blind, b.probe, b.blinded = quota{}, true, 0, b.tick()
}

func (b *Budget) tick() int {
	b.clock++
	return b.clock
}

func (b *Budget) wakeAll() {
	close(b.wake)
	b.wake = make(chan struct{})
}
