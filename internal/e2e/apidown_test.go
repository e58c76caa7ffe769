//go:build e2e

package e2e

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestTheCollectorStartsWithoutTheAPIsAndReadsWhenTheyAreThere: nothing listens at first, not even for tokens, and again
// for a while in the middle.
func TestTheCollectorStartsWithoutTheAPIsAndReadsWhenTheyAreThere(t *testing.T) {
	t.Parallel()
	w := newWorld(t, all()...)
	w.metrics = true
	w.backlog(120)
	var c *collector
	r := w.random("new entries")
	for range 2 {
		for _, s := range w.systems {
			s.close()
		}
		if c == nil {
			began := time.Now()
			c = w.start()
			t.Logf("ready without the APIs after %v", time.Since(began).Round(time.Millisecond))
		}
		tried := c.metric("requests")
		for _, s := range w.systems {
			before := len(c.stderr.lines(s.receiver(), `"level":"info"`, "again"))
			c.until(s.name+": a warning", waitLimit, func() bool { return len(c.stderr.warnings(s.receiver(), "refused")) > before })
		}
		c.until("several attempts fail", waitLimit, func() bool { return c.metric("requests") >= tried+8 })
		back := time.Now()
		for _, s := range w.systems {
			s.open()
			for _, log := range s.logs {
				w.publish(s, log, s.invent(r, log, time.Now()))
			}
		}
		c.until("everything arrives", time.Minute, w.complete)
		t.Logf("read %v after the APIs were there", time.Since(back).Round(time.Millisecond))
		for _, s := range w.systems {
			c.until(s.name+": the recovery is told", waitLimit, func() bool {
				return len(c.stderr.lines(s.receiver(), `"level":"info"`, "again")) > 0
			})
		}
	}
	for _, s := range w.systems {
		require.LessOrEqual(t, len(c.stderr.warnings(s.receiver(), "refused")), 2*(len(s.logs)+1),
			"each time one state, told once for each log and once for the source")
	}
	w.settle(c, 0)
}
