//go:build e2e

package e2e

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/userlog/userlog-otel/internal/emulator/auth0"
)

var trio = []string{"auth0|63d1c0ffee01", "google-oauth2|1234567890", "samlp|acme|o'neil/ünï?#%"}

// publishing publishes in the logs of the users while a collector reads: now and then nothing, then several entries at
// once, some dated now, some late by up to nine minutes, some of one and the same time. It returns a channel that is
// closed when it is done.
func (r *rig) publishing(users []string, rounds int, pause time.Duration) <-chan struct{} {
	done := make(chan struct{})
	go func() {
		defer close(done)
		tick := time.NewTicker(pause)
		defer tick.Stop()
		for round := range rounds {
			for _, user := range users {
				r.publishRound(user, round)
			}
			select {
			case <-tick.C:
			case <-r.t.Context().Done():
				return
			}
		}
	}()
	return done
}

func (r *rig) publishRound(user string, round int) {
	now := time.Now()
	switch {
	case round%20 == 10: // more than two pages of one time
		r.publish(user, newEntries(user, 45, now, 0)...)
	case round%3 == 0: // late
		r.publish(user, newEntries(user, 1+rand.N(4), now.Add(-rand.N(9*time.Minute)), 7*time.Millisecond)...)
	default:
		r.publish(user, newEntries(user, rand.N(8), now, 0)...)
	}
}

func TestEachEntryArrivesExactlyOnceWhileOthersAreWritten(t *testing.T) {
	t.Parallel()
	r := newRig(t, auth0.Options{})
	r.users(trio...)
	r.auth0["page_size"] = 20
	c := r.start()
	done := r.publishing(trio, 60, 50*time.Millisecond)
	c.until("publishing ends", waitLimit, func() bool { return isClosed(done) })
	c.until("everything arrives", waitLimit, r.complete)
	r.cycles(c, 5, trio...)
	r.settle(0)
	t.Logf("%d reads of %s", r.reads(trio[0]), trio[0])
	c.stopWell()
}

func TestStoppedAtAnyMomentNothingIsLostOrRepeated(t *testing.T) {
	t.Parallel()
	r := newRig(t, auth0.Options{})
	r.users(trio...)
	r.auth0["page_size"] = 20
	r.sink.slow(10*time.Millisecond, 10*time.Millisecond) // so that most stops meet a delivery under way
	done := r.publishing(trio, 80, 50*time.Millisecond)
	stops, met := 0, 0
	for ; !isClosed(done); stops++ {
		c := r.start()
		c.until("it can be stopped", waitLimit, c.stoppable)
		target := r.sink.distinct() + rand.N(60)
		c.until("some entries arrive", waitLimit, func() bool { return r.sink.distinct() >= target || isClosed(done) })
		if !r.sink.idle() {
			met++
		}
		took := c.stopWell()
		t.Logf("stop %d: %d of %d entries had arrived, it took %v; repeats so far: %d",
			stops+1, r.sink.distinct(), r.ledger.size(), took.Round(time.Millisecond), r.sink.repeats())
	}
	t.Logf("%d of %d stops met a delivery under way", met, stops)
	require.Positive(t, met, "stops in a delivery")
	c := r.start()
	c.until("everything arrives", waitLimit, r.complete)
	r.cycles(c, 5, trio...)
	c.stopWell()
	r.settle(0)
}

func isClosed(c <-chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}
