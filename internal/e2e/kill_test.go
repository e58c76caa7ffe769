//go:build e2e

package e2e

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// slowness are the sink's habits while collectors are stopped and killed: they are to meet deliveries that had not
// arrived, deliveries that had, and what is between two deliveries.
var slowness = [][2]time.Duration{
	{30 * time.Millisecond, 0}, {0, 30 * time.Millisecond}, {4 * time.Millisecond, 4 * time.Millisecond}, {0, 0},
}

// TestKilledAtRandomMomentsNothingIsLost kills collectors while they read a backlog and what is written meanwhile.
func TestKilledAtRandomMomentsNothingIsLost(t *testing.T) {
	t.Parallel()
	w := newWorld(t, all()...)
	kills, each := 12, 500
	if *long {
		kills = 120
	}
	bound := 0
	for _, s := range w.systems {
		bound += s.inFlight
	}
	w.backlog(each)
	stop, r := w.load(), w.random("kills")
	repeats, met, repeated := 0, 0, 0
	for range kills {
		habit := slowness[r.IntN(len(slowness))]
		w.sink.slow(habit[0], habit[1])
		c := w.start()
		target, patience := w.sink.distinct()+r.IntN(400), time.Duration(r.Int64N(int64(time.Second)))
		began := time.Now()
		c.until("the moment comes", waitLimit, func() bool { return w.sink.distinct() >= target || time.Since(began) > patience })
		if !w.sink.idle() {
			met++
		}
		c.kill()
		require.Eventually(t, w.sink.idle, waitLimit, pollPause, "the sink still answers")
		now := w.sink.repeats()
		assert.LessOrEqual(t, now-repeats, bound, "repeats after one kill")
		if now > repeats {
			repeated++
		}
		repeats = now
	}
	stop()
	w.sink.slow(0, 0)
	c := w.start()
	t.Logf("seed %d: %d kills, %d of them in a delivery; after %d of them something came again", *seed, kills, met, repeated)
	require.Positive(t, met, "kills in a delivery")
	w.settle(c, kills*bound)
	require.Positive(t, w.sink.repeats(), "a kill between a delivery and its cursor, or none was proven to be harmless")
}
