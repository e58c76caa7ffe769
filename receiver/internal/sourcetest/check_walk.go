package sourcetest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/userlog/userlog-otel/receiver/internal/source"
)

// walksToTheEnd: a backlog of several pages comes whole, the oldest entry first, each once, in batches of a page at
// most.
func walksToTheEnd(p Provider) error {
	for _, entries := range []int{0, 1, PageSize, 4*PageSize + 5} {
		w := newWorld(p)
		rows := w.many(entries, time.Minute, time.Minute)
		cursor := w.start()
		if err := w.delivers(&cursor, rows...); err != nil {
			return fmt.Errorf("a log of %d entries: %w", entries, err)
		}
		if err := w.delivers(&cursor); err != nil {
			return fmt.Errorf("a log of %d entries, once more: %w", entries, err)
		}
	}
	return nil
}

// resumes: whoever stops after a batch and goes on from its cursor gets what follows, and nothing of the batch again.
func resumes(p Provider) error {
	for stop := range 5 {
		w := newWorld(p)
		rows := w.many(4*PageSize+5, time.Minute, time.Second)
		cursor := w.start()
		var got []string
		left := stop
		err := w.readBatches(context.Background(), &cursor, func(b source.Batch) error {
			if left--; left < 0 {
				return errStop
			}
			got = append(got, p.uidsOf(b.Entries)...)
			return nil
		})
		if err != nil {
			return err
		}
		if err := w.delivers(&cursor, rows[len(got):]...); err != nil {
			return fmt.Errorf("after %d batches with %d entries: %w", stop, len(got), err)
		}
		if want := uidsOfRows(rows[:len(got)]); !slices.Equal(got, want) {
			return fmt.Errorf("in the first %d batches %s", stop, difference(got, want))
		}
	}
	return nil
}

// startsWhereItShould: a new cursor takes what is dated from its time on and nothing older, whatever the server's clock
// shows.
func startsWhereItShould(p Provider) error {
	for _, skew := range []time.Duration{0, -time.Hour, time.Hour} {
		w := newWorld(p)
		w.skew = skew
		rows := w.many(10, time.Minute, time.Hour)
		recent, none := w.reader().Start(time.Now().Add(-150*time.Minute)), w.reader().Start(time.Now())
		err1 := w.delivers(&recent, rows[7:]...)
		err2 := w.delivers(&none)
		time.Sleep(time.Minute)
		next := w.many(1, 0, 0)
		err3 := w.delivers(&none, next...)
		if err := errors.Join(err1, err2, err3); err != nil {
			return fmt.Errorf("with the server's clock off by %v: %w", skew, err)
		}
	}
	return nil
}
