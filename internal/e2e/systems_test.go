//go:build e2e

package e2e

import (
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/userlog/userlog-otel/internal/emulator/cloud"
)

// refusals are the requests that were answered with this status.
func refusals(requests []cloud.Request, status int) int {
	n := 0
	for _, r := range requests {
		if r.Status == status {
			n++
		}
	}
	return n
}

// publishing publishes in both systems while a collector reads: now and then nothing, then several entries of one time.
// Their numbers go on from first. It returns a channel that is closed when it is done.
func (s *systems) publishing(first, rounds int) <-chan struct{} {
	done := make(chan struct{})
	go func() {
		defer close(done)
		tick := time.NewTicker(50 * time.Millisecond)
		defer tick.Stop()
		n := first
		for round := range rounds {
			burst := round % 5
			if round%20 == 10 {
				burst = 120 // more than two pages of one second
			}
			for at := time.Now(); burst > 0; burst-- {
				s.publish(n, at)
				n++
			}
			select {
			case <-tick.C:
			case <-s.Context().Done():
				return
			}
		}
	}()
	return done
}

func TestKOBILAndCanvasArriveExactlyOnceWhileOthersAreWritten(t *testing.T) {
	t.Parallel()
	const backlog, rounds = 200, 60
	s := newSystems(t, backlog)
	c := s.start()
	done := s.publishing(backlog, rounds)
	c.until("publishing ends", waitLimit, func() bool { return isClosed(done) })
	c.until("everything arrives", waitLimit, s.complete)
	s.read(c)
	c.stopWell()
	s.settle(0)
	assert.Greater(t, s.kobil.TokenRequests(), 1, "a token that ends is replaced while the collector runs")
	t.Logf("%d tokens, %d requests of KOBIL, %d of Canvas", s.kobil.TokenRequests(), len(s.kobil.Requests()), len(s.canvas.Requests()))
}

func TestKOBILAndCanvasStoppedAndStartedRepeatNothing(t *testing.T) {
	t.Parallel()
	const each = 600
	s := newSystems(t, each)
	for stop := range 4 {
		c := s.start()
		c.until("part of it arrives", waitLimit, func() bool { return s.sink.distinct() >= (stop+1)*200 })
		for n := range 20 {
			s.publish(each+20*stop+n, time.Now())
		}
		c.stopWell()
	}
	c := s.start()
	c.until("everything arrives", waitLimit, s.complete)
	s.read(c)
	c.stopWell()
	s.settle(0)
}

func TestKOBILAndCanvasKilledInABacklogLoseNothing(t *testing.T) {
	t.Parallel()
	const each, most = 600, 3 * 50 // a page of each of the three logs
	s := newSystems(t, each)
	s.sink.slow(5*time.Millisecond, 5*time.Millisecond)
	const kills = 5
	before := 0
	for kill := range kills {
		c := s.start()
		c.until("part of it arrives", waitLimit, func() bool { return s.sink.distinct() >= 2*each*(kill+1)/8 })
		c.kill()
		require.Eventually(t, s.sink.idle, waitLimit, pollPause)
		require.Less(t, s.sink.distinct(), 2*each, "the kill was meant to be in the middle of the backlog")
		assert.LessOrEqual(t, s.sink.repeats()-before, most, "repeats after one kill")
		before = s.sink.repeats()
	}
	c := s.start()
	c.until("everything arrives", waitLimit, s.complete)
	s.read(c)
	c.stopWell()
	s.settle(kills * most)
	t.Logf("%d kills, %d repeats of %d", kills, s.sink.repeats(), 2*each)
}

func TestCanvasThrottledWhileReadingLosesNothing(t *testing.T) {
	t.Parallel()
	s := newSystems(t, 300)
	var asked atomic.Int64
	s.canvas.Intercept(func(w http.ResponseWriter, _ *http.Request) bool {
		if n := asked.Add(1); n != 1 && n != 4 && n != 5 { // the first request, and two in a row within a walk
			return false
		}
		// What is sent when other users of the token have filled the bucket (canvas-lms, request_throttle.rb).
		w.Header().Set("X-Rate-Limit-Remaining", "0.0")
		cloud.WriteBody(w, http.StatusForbidden, "text/plain; charset=utf-8", []byte("403 Forbidden (Rate Limit Exceeded)\n"))
		return true
	})
	c := s.start()
	c.until("everything arrives", waitLimit, s.complete)
	s.read(c)
	c.stopWell()
	require.Equal(t, 3, refusals(s.canvas.Requests(), http.StatusForbidden))
	s.settle(0)
}
