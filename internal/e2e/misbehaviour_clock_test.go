//go:build e2e

package e2e

import (
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/userlog/userlog-otel/internal/emulator/auth0"
	"github.com/userlog/userlog-otel/internal/emulator/canvas"
	"github.com/userlog/userlog-otel/internal/emulator/kobil"
)

// shifted are the three systems by a clock of their own. Their tokens do not end by it.
func shifted(now func() time.Time) []*system {
	systems := []*system{newAuth0With(auth0.Options{Now: now}), newKOBILWith(kobil.Options{Now: now}), newCanvasWith(canvas.Options{Now: now, StringIDs: true})}
	for _, s := range systems {
		s.block["token"] = "canary-" + s.name + "-60aa"
		s.secrets = []string{"canary-" + s.name + "-60aa"}
	}
	return systems
}

// TestMisbehaviourOfTheServersClockMattersNot reads from servers whose clock is wrong all the time: initial_lookback counts
// by their dates.
func TestMisbehaviourOfTheServersClockMattersNot(t *testing.T) {
	t.Parallel()
	for name, skew := range map[string]time.Duration{"an hour ahead": time.Hour, "an hour behind": -time.Hour, "a day ahead": 24 * time.Hour} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			now := func() time.Time { return time.Now().Add(skew) }
			w := newWorld(t, shifted(now)...)
			w.keys["initial_lookback"] = "10m"
			for _, s := range w.systems {
				for _, log := range s.logs {
					r := w.random(s.name + log)
					old := s.invent(r, log, now().Add(-12*time.Minute))
					require.NoError(t, s.publish(log, old)) // not in the book: it must not arrive
					for n := range 60 {                     // more than a page
						w.publish(s, log, s.invent(r, log, now().Add(-8*time.Minute+time.Duration(n)*time.Second)))
					}
				}
			}
			c := w.start()
			c.until("what is within the lookback arrives", waitLimit, w.complete)
			for n := range 5 {
				w.growAt(fmt.Sprint("new ", n), now())
				w.growAt(fmt.Sprint("late ", n), now().Add(-lateness))
				c.until("new entries arrive", paceLimit, w.complete)
			}
			for _, s := range w.systems {
				assert.Empty(t, c.stderr.warnings(s.receiver()))
			}
			w.settle(c, 0)
		})
	}
}

// TestMisbehaviourOfAClockThatJumpsCostsNoEntry lets the servers' clocks, and with them the dates of new entries, jump while
// a collector runs. One that is set back by more than the overlap is not among them: what is dated before everything that
// was read is late by more than the promise says.
func TestMisbehaviourOfAClockThatJumpsCostsNoEntry(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		jumps      []time.Duration
		maxRepeats int
	}{
		// Nobody remembers what lay in the overlap before the clock went ahead: the entries of the second jump there, one
		// of each log.
		"ahead and back":     {[]time.Duration{time.Hour, 0, time.Hour, 0}, 3 * 3},
		"within the overlap": {[]time.Duration{overlap / 2, 0, -overlap / 2, 0}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var skew atomic.Int64
			now := func() time.Time { return time.Now().Add(time.Duration(skew.Load())) }
			w := newWorld(t, shifted(now)...)
			w.backlog(60)
			c := w.start()
			c.until("the backlog arrives", waitLimit, w.complete)
			for n, jump := range test.jumps {
				skew.Store(int64(jump))
				w.cycles(c, 1)
				w.growAt(fmt.Sprint("jump ", n), now())
				c.until(fmt.Sprintf("entries arrive after jump %d, to %v", n, jump), paceLimit, w.complete)
				w.cycles(c, 1)
			}
			w.settle(c, test.maxRepeats)
		})
	}
}

// growAt publishes an entry of a time in every log.
func (w *world) growAt(part string, at time.Time) {
	w.Helper()
	for _, s := range w.systems {
		for _, log := range s.logs {
			w.publish(s, log, s.invent(w.random(part+s.name+log), log, at))
		}
	}
}
