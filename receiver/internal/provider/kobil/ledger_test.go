package kobil

import (
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	"github.com/userlog/userlog-otel/receiver/internal/sourcetest"
)

// player plays a life and keeps the ledger.
type player struct {
	*shelf
	life
	last      int
	waiting   []shelved
	visible   map[int]time.Time
	wanted    map[string]bool
	delivered map[string]int
}

func (p *player) happens(b burst, at time.Time, wanted bool) {
	for range b.Count {
		p.last++
		row := numberedRow(p.last, at)
		if b.Odd {
			row = oddRow(p.last, at)
		}
		row.hidden = p.Hides && p.last%7 == 0
		p.wanted[row.uid()] = wanted && !row.hidden
		p.visible[row.n] = at.Add(time.Duration(b.Late) * time.Second)
		p.waiting = append(p.waiting, row)
	}
}

func (p *player) apply(c turn) {
	time.Sleep(time.Duration(c.Pass) * time.Second)
	for _, b := range c.Adds {
		p.happens(b, time.Now(), true)
	}
	p.waiting = slices.DeleteFunc(p.waiting, func(r shelved) bool {
		if p.visible[r.n].After(time.Now()) {
			return false
		}
		p.put(r)
		return true
	})
	for _, i := range c.Vanish {
		if i < len(p.rows) {
			p.rows = slices.Delete(p.rows, i, i+1)
		}
	}
	// A page in which nothing is left would be the end of the log.
	p.rows = slices.CompactFunc(p.rows, func(a, b shelved) bool { return a.hidden && b.hidden })
}

// expect lets happen what happens before and during the next read.
func (p *player) expect(r reading) {
	p.apply(r.Before)
	p.offsets = nil
	p.before = func(n int) {
		if n <= len(r.During) {
			p.apply(r.During[n-1])
		}
	}
}

// lifeOverlap is above the latest that an entry appears.
const lifeOverlap = 20 * time.Second

func (l life) player(t testing.TB) *player {
	p := &player{
		shelf: newShelf(t, l.PageSize, lifeOverlap), life: l, visible: map[int]time.Time{},
		wanted: map[string]bool{}, delivered: map[string]int{},
	}
	p.more = l.More
	if l.Cuts {
		p.cut = func(n int) int {
			if len(p.offsets)%3 == 0 {
				return max(n-1, min(n, 1))
			}
			return n
		}
	}
	for _, b := range l.Old {
		p.happens(b, time.Now().Add(-48*time.Hour), false)
	}
	return p
}

// play returns what is wrong.
func (l life) play(t testing.TB) error {
	p := l.player(t)
	cursor := p.Start(time.Now().Add(-24 * time.Hour))
	rest := reading{Before: turn{Pass: int(lifeOverlap/time.Second) + 1}}
	for i, r := range slices.Concat(l.Reads, []reading{rest, rest, rest}) {
		p.expect(r)
		uids, err := p.read(t, &cursor, r.Stops)
		if err != nil {
			return fmt.Errorf("read %d: %w", i, err)
		}
		for _, uid := range uids {
			if p.delivered[uid]++; p.delivered[uid] > 1 || !p.wanted[uid] {
				return fmt.Errorf("read %d: %s comes once too often", i, uid)
			}
		}
	}
	for _, r := range p.rows {
		if p.wanted[r.uid()] && p.delivered[r.uid()] == 0 {
			return fmt.Errorf("%s is lost", r.uid())
		}
	}
	return nil
}

// Entries without a number, at every border of pages and of the floor, cost nothing and come once, whatever comes and
// goes meanwhile, and whether pages are short or not.
func TestEntriesWithoutANumberComeOnce(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		l := lives().Draw(rt, "life")
		var err error
		synctest.Test(t, func(t *testing.T) {
			time.Sleep(time.Until(sourcetest.Begin()))
			err = l.play(t)
		})
		if err != nil {
			rt.Fatal(err)
		}
	})
}
