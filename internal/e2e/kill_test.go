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
	kills := 12
	if *long {
		kills = 120
	}
	bound := 0
	for _, s := range w.systems {
		bound += s.inFlight
	}
	w.backlog(500)
	stop := w.load()
	w.kills(kills, bound)
	stop()
	w.settle(w.start(), kills*bound)
	require.Positive(t, w.sink.repeats(), "a kill between a delivery and its cursor, or none was proven to be harmless")
}

// kills starts collectors and kills them at random moments. After each not more than so many records may come again.
func (w *world) kills(n, bound int) {
	w.Helper()
	r := w.random("kills")
	repeats, met, repeated := w.sink.repeats(), 0, 0
	for range n {
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
		require.Eventually(w, w.sink.idle, waitLimit, pollPause, "the sink still answers")
		now := w.sink.repeats()
		assert.LessOrEqual(w, now-repeats, bound, "repeats after one kill")
		if now > repeats {
			repeated++
		}
		repeats = now
	}
	w.sink.slow(0, 0)
	w.Logf("seed %d: %d kills, %d of them in a delivery; after %d of them something came again", *seed, n, met, repeated)
	require.Positive(w, met+repeated, "kills in a delivery, or right after one")
}

// TestAQueueOnDiskKeepsThePromiseToTheEnd is the README's second recipe: records that the exporter's queue has taken
// outlive the process. What the queue had in hand may come again, too.
func TestAQueueOnDiskKeepsThePromiseToTheEnd(t *testing.T) {
	t.Parallel()
	w := newWorld(t, all()...)
	kills := 6
	if *long {
		kills = 60
	}
	w.exporter["sending_queue"] = object{"storage": "file_storage/queue", "block_on_overflow": true}
	w.exporter["retry_on_failure"] = object{"max_elapsed_time": 0}
	bound := 0
	for _, s := range w.systems {
		bound += s.inFlight + exporterWorkers*s.block["page_size"].(int)
	}
	w.backlog(500)
	stop := w.load()
	w.kills(kills, bound)
	stop()
	w.anyOrder = true // several workers empty the queue
	w.settle(w.start(), kills*bound)
}

// exporterWorkers is how many requests an exporter with a queue has under way (exporterhelper, sending_queue: num_consumers).
const exporterWorkers = 10

// TestAQueueInMemoryDoesNotKeepThePromise shows where the promise ends, and that the ledger notices.
func TestAQueueInMemoryDoesNotKeepThePromise(t *testing.T) {
	t.Parallel()
	w := newWorld(t, all()...)
	w.exporter["sending_queue"] = object{"enabled": true}
	w.backlog(300)
	w.sink.slow(time.Minute, 0)
	c := w.start()
	c.until("all is in the queue", waitLimit, func() bool { return !w.sink.idle() })
	w.cycles(c, 3)
	c.kill()
	w.sink.slow(0, 0)
	c = w.start()
	w.cycles(c, 3)
	c.stopWell()
	v := w.book.compare(w.sink)
	v.log(t)
	require.NotEmpty(t, v.missing, "what an exporter has said yes to and not sent is lost with its process")
}
