package sourcetest

import (
	"context"
	"errors"
	"fmt"
	"math"
	"net/http"
	"slices"
	"time"

	"github.com/userlog/userlog-otel/receiver/internal/source"
)

// driver is when an engine stores the cursor of a batch.
type driver int

const (
	savesAfter  driver = iota // after the delivery, as package poll does
	savesBefore               // before it, which is wrong
)

// maxEntries is the most that a log gets in a scenario: what Auth0 gives by paging, so that there is no gap to tell.
const maxEntries = 1000

// errDied is the end of a reader's process.
var errDied = errors.New("the reader died")

// stage is where a scenario is played.
type stage struct {
	*world
	driver    driver
	waiting   []waiting // entries that happened and did not appear yet
	delivered ledger
	stored    source.Cursor
	memory    map[int]source.Cursor // by reader
	doubtful  int                   // entries delivered whose cursor was not stored, because a reader died
}

type waiting struct {
	row
	visible time.Time
}

// play plays the scenario, lets everything come to rest, and reads the rest. It returns what was lost, made up, told
// as a gap without reason, or delivered again: of a single reader, no more than the batch in whose middle it died. Of
// two readers who know nothing of each other, any number may come again.
func (s scenario) play(p Provider, d driver) error {
	st := &stage{world: newWorld(p), driver: d, delivered: ledger{}, memory: map[int]source.Cursor{}}
	st.skew, st.limits.PageSize, st.limits.MaxHeld = s.Skew, s.PageSize, s.MaxHeld
	st.stored = st.start()
	st.apply(change{Happens: s.Backlog})
	several := false
	for i, one := range s.Polls {
		several = several || one.Reader > 0
		st.apply(one.Before)
		if err := st.poll(one); err != nil {
			return fmt.Errorf("read %d: %w", i, err)
		}
	}
	for range 3 {
		st.apply(change{Pass: int(Overlap / time.Millisecond)})
		if err := st.poll(poll{Reloads: true}); err != nil {
			return fmt.Errorf("at rest: %w", err)
		}
	}
	allowed := st.doubtful
	if several {
		allowed = math.MaxInt
	}
	return st.judge(st.delivered, allowed)
}

// apply lets time pass and entries happen, appear and vanish.
func (st *stage) apply(c change) {
	time.Sleep(time.Duration(c.Pass) * time.Millisecond)
	now := st.now()
	for _, h := range c.Happens {
		at := now
		if h.Tied {
			at = at.Truncate(2 * time.Second)
		}
		for range min(h.Count, maxEntries-st.n) {
			r := st.happens(at)
			st.waiting = append(st.waiting, waiting{r, r.at.Add(time.Duration(h.Late) * time.Second)})
		}
	}
	st.waiting = slices.DeleteFunc(st.waiting, func(e waiting) bool {
		if e.visible.After(now) {
			return false
		}
		st.appears(e.row)
		return true
	})
	for _, i := range c.Vanish {
		st.vanishes(i)
	}
}

// poll lets a reader read once, from its memory of the cursor or, if it has none, from the stored one.
func (st *stage) poll(one poll) error {
	st.wire.forget()
	during := func(n int) change {
		if n > len(one.During) {
			return change{}
		}
		return one.During[n-1]
	}
	st.wire.before = func(n int) { st.apply(during(n)) }
	st.wire.spoil = func(n int, a *answer) {
		if during(n).Fails {
			a.status, a.body = http.StatusServiceUnavailable, nil
		}
	}
	if one.Reloads {
		delete(st.memory, one.Reader)
	}
	cursor, ok := st.memory[one.Reader]
	if !ok {
		cursor = st.stored
	}
	failed := false
	err := st.readBatches(context.Background(), &cursor, st.engine(one))
	for n := range st.wire.requests {
		failed = failed || during(n+1).Fails
	}
	st.memory[one.Reader] = cursor
	if errors.Is(err, errDied) {
		delete(st.memory, one.Reader)
		return nil
	}
	if failed && source.KindOf(err) == source.Transient {
		return nil
	}
	return err
}

// engine is what is done with a batch, step by step.
func (st *stage) engine(one poll) func(source.Batch) error {
	left := one.Dies
	dies := func() bool { left--; return left == 0 }
	return func(b source.Batch) error {
		deliver := func() { st.delivered.add(st.p.uidsOf(b.Entries)...) }
		store := func() { st.stored = b.Cursor }
		first, second := deliver, store
		if st.driver == savesBefore {
			first, second = store, deliver
		}
		if dies() {
			return errDied
		}
		first()
		if dies() {
			st.doubtful += len(b.Entries)
			return errDied
		}
		second()
		if dies() {
			return errDied
		}
		return nil
	}
}
