//go:build e2e

package e2e

import (
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

// paceLimit is how long an entry of a log that is well may take to arrive while another log of its system misbehaves. It
// is many of the intervals between two reads, and far less than the shortest time in which a reader that waits for the bad
// log would be done with it.
const paceLimit = 5 * time.Second

// misbehaviour is what an API does to the requests for one log, and what the operator is told of it.
type misbehaviour struct {
	name string
	// systems are those that do it, all if none is named.
	systems []string
	// told is a part of the warning. "" means that the entries arrive nevertheless, without a word.
	told string
	// how makes the spoiler of a system.
	how func(s *system) spoiler
	// over is what follows on it; nil: the API as it is.
	over spoiler
}

// alike is a misbehaviour that is the same for all systems.
func alike(how spoiler) func(*system) spoiler { return func(*system) spoiler { return how } }

// round is what systems do at one time.
type round map[*system]misbehaviour

// forAll makes a round of each misbehaviour, in all of its systems at once: for what each provider has to see for itself.
func (w *world) forAll(all []misbehaviour) []round {
	w.Helper()
	var rounds []round
	for _, m := range all {
		r := round{}
		for _, s := range w.systems {
			if m.systems == nil || slices.Contains(m.systems, s.name) {
				r[s] = m
			}
		}
		rounds = append(rounds, r)
	}
	return rounds
}

// dealt deals the misbehaviours out to the systems: for what is noticed before a provider sees it. In the long form all
// systems get all.
func (w *world) dealt(all []misbehaviour) []round {
	w.Helper()
	if *long {
		return w.forAll(all)
	}
	var rounds []round
	for some := range slices.Chunk(all, len(w.systems)) {
		r := round{}
		for i, m := range some {
			r[w.systems[(i+len(rounds))%len(w.systems)]] = m
		}
		rounds = append(rounds, r)
	}
	return rounds
}

// String names the round in messages.
func (r round) String() string {
	var names []string
	for _, m := range r {
		if !slices.Contains(names, m.name) {
			names = append(names, m.name)
		}
	}
	slices.Sort(names)
	return strings.Join(names, " · ")
}

// endure lets one log of each system misbehave until the collector has met it twice, while entries appear in all logs,
// and then behave again. Whatever it is: the other logs keep their pace, the operator is told once, and everything has
// arrived in the end.
func (w *world) endure(c *collector, r round) {
	w.Helper()
	warnings, ends := map[*system]int{}, map[*system]int{}
	for s, m := range r {
		warnings[s], ends[s] = len(c.stderr.warnings(s.receiver())), len(recoveries(c, s))
		s.spoil(s.lastPart(), m.how(s))
	}
	well := w.grow(r.String(), func(s *system, log string) bool { return r[s].told != "" && log == s.lastPart() })
	c.until(r.String()+": the entries of the other logs arrive", paceLimit, func() bool { return w.arrived(well) })
	for s, m := range r {
		c.until(m.name+": "+s.name+" meets it twice", waitLimit, func() bool { return s.spoiled() >= 2 })
		c.until(m.name+": the operator is told of "+s.name, waitLimit, func() bool {
			return m.told == "" || len(c.stderr.warnings(s.receiver())) > warnings[s]
		})
	}
	for s, m := range r {
		s.spoil("", m.over)
	}
	c.until(r.String()+": everything arrives once it is over", waitLimit, w.complete)
	for s, m := range r {
		if m.told != "" {
			c.until(m.name+": the end is told of "+s.name, waitLimit, func() bool { return len(recoveries(c, s)) > ends[s] })
		}
		w.assertTold(s, m, c.stderr.warnings(s.receiver())[warnings[s]:])
	}
}

// recoveries are the lines that tell of a log that can be read again.
func recoveries(c *collector, s *system) []logLine {
	return c.stderr.lines(`"level":"info"`, s.receiver()+`"`, "the log can be read again")
}

// assertTold wants one warning of the log that misbehaves, or none.
func (w *world) assertTold(s *system, m misbehaviour, lines []logLine) {
	w.Helper()
	if m.told == "" {
		assert.Empty(w, lines, "%s: warnings of %s", m.name, s.name)
		return
	}
	if !assert.Len(w, lines, 1, "%s: warnings of %s", m.name, s.name) {
		for _, line := range lines {
			w.Log(line.Message)
		}
		return
	}
	assert.Contains(w, lines[0].Message, m.told, "%s: warning of %s", m.name, s.name)
	assert.Equal(w, s.lastPart(), lines[0].User, "%s: the log that the warning of %s names", m.name, s.name)
}

// grow publishes an entry in every log, and returns those that are not left out.
func (w *world) grow(part string, leftOut func(s *system, log string) bool) []*fact {
	w.Helper()
	var wanted []*fact
	for _, s := range w.systems {
		for _, log := range s.logs {
			f := s.invent(w.random(part+s.name+log), log, time.Now())
			w.publish(s, log, f)
			if !leftOut(s, log) {
				wanted = append(wanted, f)
			}
		}
	}
	return wanted
}

// arrived tells whether all of some entries have.
func (w *world) arrived(facts []*fact) bool {
	return !slices.ContainsFunc(facts, func(f *fact) bool { return !w.sink.has(f.uid) })
}

// endureAll lets a collector live through many misbehaviours, one round after the other, and measures its memory. The
// bound is in MiB above what the collector needed at its peak before.
func (w *world) endureAll(rounds []round, bound int) {
	w.Helper()
	w.backlog(120) // several pages
	c := w.start()
	c.until("the backlog arrives", settleLimit, w.complete)
	w.cycles(c, 1)
	base := peakOf(w.T, c)
	for _, r := range rounds {
		began := time.Now()
		w.endure(c, r)
		w.Logf("%5d ms, peak %+3d MiB: %s", time.Since(began).Milliseconds(), (peakOf(w.T, c)-base)>>10, r)
	}
	peak := peakOf(w.T, c)
	w.Logf("%d rounds; the peak of the memory rose from %d to %d MiB", len(rounds), base>>10, peak>>10)
	assert.True(w, *raced || (peak-base)>>10 < bound, "%d MiB of memory more than without misbehaviour", (peak-base)>>10)
	w.settle(c, 0)
}

// peakOf is the most memory in kB that a collector has needed so far, 0 where nothing tells.
func peakOf(t *testing.T, c *collector) int {
	t.Helper()
	if runtime.GOOS != "linux" {
		return 0 // the memory of a process is read from /proc
	}
	return memoryOf(t, c.cmd.Process.Pid, "VmHWM:")
}
