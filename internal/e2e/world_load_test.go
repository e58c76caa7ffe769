//go:build e2e

package e2e

import (
	"flag"
	"hash/fnv"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var (
	long = flag.Bool("long", false, "run the long form of the tests that have one")
	// raced is for what the race detector costs: five to ten times the memory, and two to twenty times the time.
	raced = flag.Bool("raced", false, "the collector under test has the race detector built in")
	seed  = flag.Uint64("seed", rand.Uint64(), "of what is chosen at random")
)

// random is what a part of a test chooses with. The same seed makes the same choices; what they meet is up to the clock.
func (w *world) random(part string) *rand.Rand {
	h := fnv.New64a()
	_, _ = h.Write([]byte(w.Name() + part)) // never fails
	return rand.New(rand.NewPCG(*seed, h.Sum64()))
}

// publish makes entries of a log visible, after they are in the book.
func (w *world) publish(s *system, log string, facts ...*fact) {
	w.book.enter(facts...)
	assert.NoError(w, s.publish(log, facts...))
}

// backlog fills every log with so many entries of the last hour.
func (w *world) backlog(each int) {
	w.Helper()
	first, step := time.Now().Add(-time.Hour), 59*time.Minute/time.Duration(each)
	for _, s := range w.systems {
		for _, log := range s.logs {
			r := w.random("backlog of " + s.name + log)
			facts := make([]*fact, each)
			for i := range facts {
				facts[i] = s.invent(r, log, first.Add(time.Duration(i)*step))
			}
			w.book.enter(facts...)
			require.NoError(w, s.publish(log, facts...))
		}
	}
}

// crowd adds so many entries of one time, a while ago, to a log.
func (w *world) crowd(s *system, log string, n int) {
	w.Helper()
	r, at := w.random("crowd of "+log), time.Now().Add(-30*time.Minute)
	facts := make([]*fact, n)
	for i := range facts {
		facts[i] = s.invent(r, log, at)
	}
	w.publish(s, log, facts...)
}

// load makes all logs grow, until the function that it returns is called: by some entries at once, now and then by many
// of one time; some appear late, and some vanish again.
func (w *world) load() (stop func()) {
	var (
		writers sync.WaitGroup
		end     = make(chan struct{})
		once    sync.Once
	)
	for _, s := range w.systems {
		for _, log := range s.logs {
			g := &growth{w: w, s: s, log: log, r: w.random("load of " + s.name + log)}
			writers.Go(func() { g.run(end) })
		}
	}
	stop = func() { once.Do(func() { close(end) }); writers.Wait() }
	w.Cleanup(stop)
	return stop
}

// growth writes one log.
type growth struct {
	w    *world
	s    *system
	log  string
	r    *rand.Rand
	held []heldFact
	old  []*fact // published lately
}

// heldFact is an entry that appears late.
type heldFact struct {
	*fact
	due time.Time
}

func (g *growth) run(end <-chan struct{}) {
	tick := time.NewTicker(300 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			g.step(time.Now())
		case <-end:
			g.appear(time.Now().Add(lateness))
			return
		}
	}
}

func (g *growth) step(now time.Time) {
	n := g.r.IntN(3)
	if g.r.IntN(100) == 0 {
		n = 60 // more than a page, of one time
	}
	var facts []*fact
	for range n {
		f := g.s.invent(g.r, g.log, now)
		if g.r.IntN(8) == 0 {
			g.held = append(g.held, heldFact{f, now.Add(time.Duration(g.r.Int64N(int64(lateness))))})
		} else {
			facts = append(facts, f)
		}
	}
	g.w.publish(g.s, g.log, facts...)
	g.old = append(g.old, facts...)
	g.appear(now)
	if len(g.old) > 50 {
		g.old = g.old[len(g.old)-50:]
		if g.r.IntN(4) == 0 {
			f := g.old[g.r.IntN(len(g.old))]
			g.w.book.spare(f)
			g.s.vanish(g.log, f)
		}
	}
}

// appear publishes what was held back until now.
func (g *growth) appear(now time.Time) {
	var later []heldFact
	for _, h := range g.held {
		if h.due.After(now) {
			later = append(later, h)
		} else {
			g.w.publish(g.s, g.log, h.fact)
		}
	}
	g.held = later
}
