package sourcetest

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/userlog/userlog-otel/receiver/internal/source"
)

// findsLate: an entry that appears less than the overlap after its date, below entries that were delivered, is found.
func findsLate(p Provider) error {
	w := newWorld(p)
	cursor := w.start()
	var rows, prompt []row
	for i := range 16 {
		rows = append(rows, w.happens(w.now().Add(time.Duration(i-15)*time.Second)))
		if i != 2 && i != 7 && i != 12 && i != 14 {
			prompt = append(prompt, rows[i])
		}
	}
	w.appears(prompt...)
	err1 := w.delivers(&cursor, prompt...)
	w.appears(rows[2])
	err2 := w.delivers(&cursor, rows[2])
	time.Sleep(4 * time.Second)
	w.appears(rows[14], rows[7]) // in the wrong order, too
	err3 := w.delivers(&cursor, rows[7], rows[14])
	w.appears(rows[12])
	next := w.many(1, 0, 0)
	err4 := w.delivers(&cursor, rows[12], next[0])

	last := w.happens(w.now()) // appears as late as it may
	for _, wait := range []time.Duration{time.Second, 7 * time.Second, 11 * time.Second} {
		time.Sleep(wait)
		err4 = errors.Join(err4, w.delivers(&cursor, w.many(1, 0, 0)...))
	}
	w.appears(last)
	return errors.Join(err1, err2, err3, err4, w.delivers(&cursor, last), findsLateAfterRest(p))
}

// findsLateAfterRest: that a log of which much was read is idle for a while settles nothing too early.
func findsLateAfterRest(p Provider) error {
	w := newWorld(p)
	cursor := w.start()
	err1 := w.delivers(&cursor, w.many(4*PageSize+5, 0, time.Second)...)
	time.Sleep(time.Second)
	last := w.happens(w.now())
	time.Sleep(Overlap - time.Second)
	err2 := w.delivers(&cursor)
	w.appears(last)
	return errors.Join(err1, err2, w.delivers(&cursor, last))
}

// findsTied: hundreds of entries of one date, across the borders of pages, come once each.
func findsTied(p Provider) error {
	w := newWorld(p)
	cursor, delivered := w.start(), ledger{}
	for _, n := range []int{25 * PageSize, 3*PageSize + 1, 1} {
		at := Begin()
		rows := make([]row, n)
		for i := range rows {
			rows[i] = w.happens(at)
		}
		w.appears(rows...)
		if err := w.completes(&cursor, delivered, 2); err != nil {
			return fmt.Errorf("after %d more: %w", n, err)
		}
	}
	return nil
}

// bearsShifts: entries that appear at the head of a log while it is read are not missed, cost no others, and come after
// those that are older.
func bearsShifts(p Provider) error {
	for _, n := range []int{1, 2, PageSize - 1, PageSize, 2*PageSize + 5} {
		w := newWorld(p)
		w.many(4*PageSize+5, time.Minute, time.Second)
		cursor, delivered := w.start(), ledger{}
		w.wire.before = func(i int) {
			if i <= 4 {
				time.Sleep(time.Second)
				w.many(n, 0, 0)
			}
		}
		entries, err := w.entries(&cursor)
		if err != nil {
			return err
		}
		if !slices.IsSortedFunc(entries, func(a, b source.Entry) int { return a.Time().Compare(b.Time()) }) {
			return fmt.Errorf("with %d entries before each request, an older one comes after a newer one", n)
		}
		delivered.add(p.uidsOf(entries)...)
		if err := w.completes(&cursor, delivered, 2); err != nil {
			return fmt.Errorf("%d entries before each request: %w", n, err)
		}
	}
	return nil
}

// bearsVanishing: rows that vanish from pages read before do not cost those that move up in their place.
func bearsVanishing(p Provider) error {
	for _, n := range []int{1, 3, PageSize} {
		for request := 2; request <= 4; request++ {
			w := newWorld(p)
			w.many(4*PageSize+5, time.Minute, time.Second)
			cursor := w.start()
			w.wire.before = func(i int) {
				for range n {
					if i == request {
						w.vanishes(1)
					}
				}
			}
			delivered := ledger{}
			if err := w.completes(&cursor, delivered, 3); err != nil {
				return fmt.Errorf("%d rows vanish before request %d: %w", n, request, err)
			}
		}
	}
	return nil
}

// bearsFuture: an entry dated in the year 9999 comes once at most, and does not hide what comes after it.
func bearsFuture(p Provider) error {
	w := newWorld(p)
	w.many(3, time.Minute, time.Second)
	cursor := w.start()
	delivered := ledger{}
	if err := w.completes(&cursor, delivered, 1); err != nil {
		return err
	}
	far := w.happens(time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC))
	w.appears(far)
	for range 5 {
		time.Sleep(time.Hour)
		next := w.many(2, time.Second, 30*time.Minute)
		uids, err := w.read(&cursor)
		if err != nil {
			return err
		}
		delivered.add(uids...)
		for _, r := range next {
			if delivered[r.uid] != 1 {
				return fmt.Errorf("an entry after it was delivered %d times", delivered[r.uid])
			}
		}
	}
	if delivered[far.uid] > 1 {
		return fmt.Errorf("it was delivered %d times", delivered[far.uid])
	}
	return nil
}
