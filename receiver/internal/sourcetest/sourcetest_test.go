package sourcetest

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// everything is a provider of which every check can be asked.
func everything() Provider { return Provider{Vanish: true, CountsRows: true} }

func TestEveryCheckRejectsAWrongReader(t *testing.T) {
	t.Parallel()
	var names, rejecting []string
	for _, c := range checks(everything()) {
		names = append(names, c.name)
	}
	for _, m := range models() {
		names = append(names, m.name)
	}
	for _, w := range wrongs(everything()) {
		require.NotEmpty(t, w.by, w.name)
		rejecting = append(rejecting, w.by...)
	}
	slices.Sort(rejecting)
	assert.ElementsMatch(t, names, slices.Compact(rejecting))
}

func TestJudge(t *testing.T) {
	t.Parallel()
	w := &world{
		rows:     []row{{uid: "a"}, {uid: "b"}, {uid: "b"}},
		appeared: map[string]int{"a": 1, "b": 2, "gone": 1},
	}
	for name, c := range map[string]struct {
		delivered ledger
		allowed   int
		want      string
	}{
		"each once":              {ledger{"a": 1, "b": 2}, 0, ""},
		"one that vanished, too": {ledger{"a": 1, "b": 2, "gone": 1}, 0, ""},
		"a repeat":               {ledger{"a": 2, "b": 2}, 0, "1 entries were delivered again, with 0 allowed"},
		"a repeat that may be":   {ledger{"a": 2, "b": 2}, 1, ""},
		"one missing":            {ledger{"b": 2}, 0, "1 of the 3 entries are lost"},
		"one of two alike":       {ledger{"a": 1, "b": 1}, 0, "1 of the 3 entries are lost"},
		"a repeat is no excuse":  {ledger{"a": 2, "b": 1}, 9, "1 of the 3 entries are lost"},
		"one made up":            {ledger{"a": 1, "b": 2, "c": 1}, 9, `the entry "c" was made up`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			err := w.judge(c.delivered, c.allowed)
			if c.want == "" {
				assert.NoError(t, err)
			} else {
				assert.EqualError(t, err, c.want)
			}
		})
	}
}

// A model proves little if its scenarios are tame.
func TestScenariosHaveItAll(t *testing.T) {
	t.Parallel()
	const seeds = 100
	found := map[string]int{}
	for seed := range seeds {
		has := map[string]bool{}
		see := func(what string, is bool) { has[what] = has[what] || is }
		s := scenarios(everything(), 2).Example(seed)
		see("clocks differ", s.Skew != 0)
		see("little may be held", s.MaxHeld < 1<<20)
		for _, one := range s.Polls {
			see("a reader dies", one.Dies > 0)
			see("another one reads", one.Reader > 0)
			see("memory is lost", one.Reloads)
			for _, c := range one.During {
				see("a row vanishes during a read", len(c.Vanish) > 0)
				see("a request fails", c.Fails)
				see("the log is idle", c.Pass > int(Overlap/time.Millisecond))
				for _, h := range c.Happens {
					see("as late as may be", h.Late == latest)
					see("dates are shared", h.Tied)
					see("a burst longer than a page", h.Count > PageSize)
				}
			}
		}
		for what, is := range has {
			if is {
				found[what]++
			}
		}
	}
	assert.Len(t, found, 11)
	for what, n := range found {
		assert.Greater(t, n, seeds/10, what)
	}
}
