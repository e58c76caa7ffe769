package sourcetest

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/userlog/userlog-otel/receiver/internal/source"
)

// cursors are one that begins, and those of the batches of a read.
func (w *world) cursors() ([]source.Cursor, error) {
	w.many(2*PageSize+5, time.Minute, time.Second)
	cursor := w.start()
	all := []source.Cursor{cursor}
	err := w.readBatches(context.Background(), &cursor, func(b source.Batch) error {
		all = append(all, b.Cursor)
		return nil
	})
	return all, err
}

// storesCursors: a cursor is text that every storage takes, and that says nothing of the token.
func storesCursors(p Provider) error {
	all, err := newWorld(p).cursors()
	for _, cursor := range all {
		text := string(cursor)
		encoded, _ := json.Marshal(text) // a string: cannot fail
		var back string
		switch {
		case !utf8.ValidString(text) || strings.ContainsRune(text, 0):
			return fmt.Errorf("the cursor %q is not UTF-8 without NUL", text)
		case json.Unmarshal(encoded, &back) != nil || back != text:
			return fmt.Errorf("the cursor %q becomes %q as JSON", text, back)
		case strings.Contains(text, canary):
			return fmt.Errorf("the cursor %q holds the token", text)
		}
	}
	return err
}

// refusesBadCursors: a cursor that is garbage, foreign or cut off is refused before any request. It never means "from
// now on" or "from the beginning".
func refusesBadCursors(p Provider) error {
	w := newWorld(p)
	bad := []source.Cursor{
		"", " ", "x", "null", "true", "{}", "[]", "[{}]", `""`, `{"":""}`, "\x00", "\xff", "-", "{", canary,
		`{"` + canary + `":1}`, `{"$schema":"` + canary + `"}`, "bookmark:" + canary, "<html>" + canary + "</html>",
	}
	good, err := w.cursors()
	if err != nil {
		return err
	}
	for _, cursor := range good {
		for n := range cursor {
			bad = append(bad, cursor[:n])
		}
		bad = append(bad, cursor+"x", cursor+cursor)
	}
	w.wire.forget()
	for _, cursor := range bad {
		after := cursor
		uids, err := w.read(&after)
		switch {
		case len(uids) > 0 || len(w.wire.requests) > 0:
			return fmt.Errorf("the cursor %q is read from", cursor)
		case err == nil:
			return fmt.Errorf("the cursor %q is accepted", cursor)
		}
		if err := w.isError(err, source.BadCursor); err != nil {
			return fmt.Errorf("the cursor %q: %w", cursor, err)
		}
	}
	return nil
}

// survivesFutureCursors: a cursor that somebody moved to the year 9999 does not hide what comes: the reader puts it
// right, or refuses it, so that the log is read again from the lookback.
func survivesFutureCursors(p Provider) error {
	w := newWorld(p)
	good, err := w.cursors()
	if err != nil {
		return err
	}
	for i, cursor := range good {
		moved := p.Future(cursor)
		if moved == cursor {
			return fmt.Errorf("cursor %d: the description does not move it: %q", i, cursor)
		}
		cursor = moved
		missing := ledger{}
		for range 3 {
			time.Sleep(2 * Overlap)
			next := w.many(2, time.Second, 0)
			uids, err := w.read(&cursor)
			if source.KindOf(err) == source.BadCursor { // the engine begins anew
				cursor = w.start()
				uids, err = w.read(&cursor)
			}
			if err != nil {
				return fmt.Errorf("cursor %d: %w", i, err)
			}
			for _, r := range next {
				missing[r.uid]++
			}
			for _, uid := range uids {
				delete(missing, uid)
			}
		}
		if len(missing) > 0 {
			return fmt.Errorf("cursor %d: %d of 6 entries that came later are lost", i, len(missing))
		}
	}
	return nil
}
