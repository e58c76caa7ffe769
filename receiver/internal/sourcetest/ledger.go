package sourcetest

import (
	"fmt"
	"time"

	"github.com/userlog/userlog-otel/receiver/internal/source"
)

// ledger counts what was delivered, by uid.
type ledger map[string]int

func (l ledger) add(uids ...string) {
	for _, uid := range uids {
		l[uid]++
	}
}

// judge tells what is wrong: an entry that the log holds was not delivered, one was that never was in it, or more were
// delivered again than allowed.
func (w *world) judge(delivered ledger, allowed int) error {
	holds, lost, repeats := ledger{}, 0, 0
	holds.add(uidsOfRows(w.rows)...)
	for uid, n := range holds {
		lost += max(0, n-delivered[uid])
	}
	for uid, n := range delivered {
		if w.appeared[uid] == 0 {
			return fmt.Errorf("the entry %q was made up", uid)
		}
		repeats += max(0, n-w.appeared[uid])
	}
	if lost > 0 {
		return fmt.Errorf("%d of the %d entries are lost", lost, len(w.rows))
	}
	if repeats > allowed {
		return fmt.Errorf("%d entries were delivered again, with %d allowed", repeats, allowed)
	}
	return nil
}

// completes reads so many times, a second apart. With what was delivered before, everything that the log holds in the
// end is to be delivered once.
func (w *world) completes(cursor *source.Cursor, delivered ledger, reads int) error {
	for range reads {
		uids, err := w.read(cursor)
		delivered.add(uids...)
		if err != nil {
			return err
		}
		time.Sleep(time.Second)
	}
	return w.judge(delivered, 0)
}
