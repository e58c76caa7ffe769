//go:build e2e

package e2e

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestEachEntryArrivesExactlyOnceWhileOthersAreWritten is normal running: entries appear in time, late, many at once and
// at the same time, and vanish, while a backlog is read.
func TestEachEntryArrivesExactlyOnceWhileOthersAreWritten(t *testing.T) {
	t.Parallel()
	w := newWorld(t, all()...)
	duration := 10 * time.Second // in which the floor of KOBIL, which waits for the overlap, rises twice
	if *long {
		duration = 2 * time.Minute
	}
	w.metrics = true
	w.backlog(300)
	stop, c := w.load(), w.start()
	began := time.Now()
	c.until("the load has lasted", 2*duration, func() bool { return time.Since(began) > duration })
	stop()
	w.arrive(c)
	page := c.metricsPage()
	for _, s := range w.systems {
		assert.Contains(t, page, `receiver="`+s.receiver()+`"`)
		for _, log := range s.logs {
			if strings.Contains(page, `"`+log+`"`) {
				assert.Fail(t, "a log in a metric", log)
			}
		}
	}
	w.settle(c, 0)
	assert.Empty(t, c.stderr.warnings(), "warnings while all is well")
}

// TestStoppedAtRandomMomentsNothingIsLostOrRepeated ends collectors with SIGTERM while they read a backlog and what is
// written meanwhile.
func TestStoppedAtRandomMomentsNothingIsLostOrRepeated(t *testing.T) {
	t.Parallel()
	w := newWorld(t, all()...)
	stops := 8
	if *long {
		stops = 60
	}
	w.backlog(500)
	stop, r := w.load(), w.random("stops")
	met, longest := 0, time.Duration(0)
	for range stops {
		habit := slowness[r.IntN(len(slowness))]
		w.sink.slow(habit[0], habit[1])
		c := w.start()
		c.until("it can be stopped", waitLimit, c.stoppable)
		target, patience := w.sink.distinct()+r.IntN(300), time.Duration(r.Int64N(int64(time.Second)))
		began := time.Now()
		c.until("the moment comes", waitLimit, func() bool { return w.sink.distinct() >= target || time.Since(began) > patience })
		if !w.sink.idle() {
			met++
		}
		longest = max(longest, c.stopWell())
	}
	stop()
	w.sink.slow(0, 0)
	t.Logf("seed %d: %d stops, %d of them in a delivery; SIGTERM to exit took %v at most", *seed, stops, met, longest.Round(time.Millisecond))
	require.Positive(t, met, "stops in a delivery")
	w.settle(w.start(), 0)
}
