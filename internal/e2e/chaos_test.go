//go:build e2e

package e2e

import (
	"math/rand/v2"
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// mishap is something that happens to an API's answer, or to the sink.
type mishap struct {
	name string
	how  spoiler
}

// mishaps are what an API does on a bad day, all of which a client is to live with.
func mishaps() []mishap {
	return []mishap{
		{"503", answers(http.StatusServiceUnavailable, nil, "<html>busy</html>")},
		{"500 with Retry-After", answers(http.StatusInternalServerError, http.Header{"Retry-After": {"1"}}, "")},
		{"429 with Retry-After", answers(http.StatusTooManyRequests, http.Header{"Retry-After": {"1"}}, "")},
		{"a connection that breaks", func(http.ResponseWriter, *http.Request, http.Handler) { panic(http.ErrAbortHandler) }},
		{"an answer that ends early", altered(func(_ http.Header, body []byte) []byte { return body[:len(body)/2] })},
		{"a page of HTML", answers(http.StatusOK, nil, "<html>log in</html>")},
		{"no object", answers(http.StatusOK, nil, "null")},
		{"a moment without an answer", func(w http.ResponseWriter, r *http.Request, next http.Handler) {
			if wait(r.Context(), 300*time.Millisecond) {
				next.ServeHTTP(w, r)
			}
		}},
	}
}

// sometimes lets a mishap happen to some of the requests, and lets all others pass.
func sometimes(r *rand.Rand, percent int, happened *atomic.Int64, how spoiler) spoiler {
	choices := make([]bool, 64) // made beforehand, because requests come from several goroutines
	for i := range choices {
		choices[i] = r.IntN(100) < percent
	}
	var n atomic.Int64
	return func(w http.ResponseWriter, req *http.Request, next http.Handler) {
		if !choices[n.Add(1)%int64(len(choices))] {
			next.ServeHTTP(w, req)
			return
		}
		happened.Add(1)
		how(w, req, next)
	}
}

// TestOnABadDayNothingIsLost lets everything happen at once: APIs that fail in all ways, a sink that refuses, is slow and
// breaks off, entries that appear late and vanish, collectors that are stopped and killed. Then all is well, and the
// ledger is read.
func TestOnABadDayNothingIsLost(t *testing.T) {
	t.Parallel()
	w := newWorld(t, all()...)
	w.gaps = true // a log of Auth0 that cannot be read for minutes outgrows what the API gives
	rounds, bound := 8, 0
	if *long {
		rounds = 80
	}
	for _, s := range w.systems {
		bound += s.inFlight
	}
	w.backlog(300)
	stop, r := w.load(), w.random("rounds")
	var happened, refused, uncertain atomic.Int64
	kills := 0
	for round := range rounds {
		for _, s := range w.systems {
			m := mishaps()[r.IntN(len(mishaps()))]
			s.spoil("", sometimes(r, 10+r.IntN(60), &happened, m.how))
			t.Logf("round %d: %s has a day of %s", round+1, s.name, m.name)
		}
		w.sink.refuse(moody(r, &refused, &uncertain))
		habit := slowness[r.IntN(len(slowness))]
		w.sink.slow(habit[0], habit[1])
		c := w.start()
		began, patience := time.Now(), time.Second+time.Duration(r.Int64N(int64(2*time.Second)))
		c.until("the round ends", waitLimit, func() bool { return time.Since(began) > patience })
		if r.IntN(2) == 0 {
			kills++
			c.kill()
			require.Eventually(t, w.sink.idle, waitLimit, pollPause, "the sink still answers")
		} else {
			c.stopWell()
		}
	}
	stop()
	for _, s := range w.systems {
		s.spoil("", nil)
	}
	w.sink.refuse(nil)
	w.sink.slow(0, 0)
	t.Logf("seed %d: %d rounds, %d kills, %d answers spoiled, %d deliveries refused, %d broken off after they had arrived",
		*seed, rounds, kills, happened.Load(), refused.Load(), uncertain.Load())
	for name, count := range map[string]int64{"spoiled answers": happened.Load(), "refused deliveries": refused.Load(), "deliveries broken off": uncertain.Load()} {
		assert.Positive(t, count, name)
	}
	// A delivery that arrived and was broken off is repeated, as nobody can know.
	w.settle(w.start(), kills*bound+int(uncertain.Load())*50)
}

// moody is a sink that accepts most of the time, and otherwise refuses for now or breaks the connection, before or after
// it has taken what was sent.
func moody(r *rand.Rand, refused, uncertain *atomic.Int64) func([]string) int {
	moods := make([]int, 64)
	for i := range moods {
		moods[i] = []int{0, 0, 0, 0, 0, 0, 0, 503, 429, abort, takeAndAbort}[r.IntN(11)]
	}
	var n atomic.Int64
	return func([]string) int {
		mood := moods[n.Add(1)%int64(len(moods))]
		switch {
		case mood == takeAndAbort:
			uncertain.Add(1)
		case mood != 0:
			refused.Add(1)
		}
		return mood
	}
}
