//go:build e2e

package e2e

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

// TestIdleLogsAreReadEverLessOftenAndBusyOnesAreNot compares two logs of each system, of which one grows.
func TestIdleLogsAreReadEverLessOftenAndBusyOnesAreNot(t *testing.T) {
	t.Parallel()
	const (
		interval = 100 * time.Millisecond
		longest  = time.Second
		duration = 6 * time.Second
	)
	w := newWorld(t, all()...)
	w.keys["collection_interval"], w.keys["max_collection_interval"] = interval.String(), longest.String()
	c := w.start()
	w.cycles(c, 1)
	began, next, r := time.Now(), time.Now(), w.random("entries")
	before := map[string]int{}
	for _, s := range w.systems {
		for _, log := range s.logs {
			before[s.name+log] = s.reads(log)
		}
	}
	busy := func(s *system) string { return s.logs[len(s.logs)-1] } // with Canvas one that shares no event
	c.until("the time has passed", 2*duration, func() bool {
		if time.Now().After(next) {
			next = next.Add(interval)
			for _, s := range w.systems {
				w.publish(s, busy(s), s.invent(r, busy(s), time.Now()))
			}
		}
		return time.Since(began) > duration
	})
	for _, s := range w.systems {
		for _, log := range s.logs {
			n := s.reads(log) - before[s.name+log]
			t.Logf("%s: %d reads of %s", s.name, n, log)
			if log == busy(s) {
				assert.Greater(t, n, int(duration/interval/3), "%s: a log that grows", s.name)
			} else {
				// Doubling takes four reads to the longest pause, which may be a quarter shorter than it is called.
				assert.Less(t, n, 4+int(duration*4/3/longest)+3, "%s: an idle log", s.name)
			}
		}
		w.publish(s, s.logs[0], s.invent(r, s.logs[0], time.Now()))
	}
	c.until("what is new in idle logs arrives", longest+10*time.Second, w.complete)
	w.settle(c, 0)
}
