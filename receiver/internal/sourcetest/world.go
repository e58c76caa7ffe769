package sourcetest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/userlog/userlog-otel/receiver/internal/source"
)

// world is a server with one log, the wire to it, and what is known of the log.
type world struct {
	p      Provider
	limits Limits
	skew   time.Duration // of the server's clock
	server Server
	wire   *wire

	n        int               // number of the last entry that happened
	tied     map[time.Time]int // how many entries happened, by date
	rows     []row             // what the log holds, in the order of appearance
	appeared map[string]int    // how many entries ever appeared, by uid
}

// row is an entry of the log.
type row struct {
	n   int
	at  time.Time
	uid string
}

func newWorld(p Provider) *world {
	w := &world{
		p: p, limits: Limits{PageSize: PageSize, Overlap: Overlap, MaxHeld: 1 << 20},
		tied: map[time.Time]int{}, appeared: map[string]int{},
	}
	w.server = p.Serve(w.now)
	w.wire = &wire{server: w.server, origins: map[string]bool{}}
	return w
}

// now is the server's clock.
func (w *world) now() time.Time { return time.Now().Add(w.skew).UTC() }

// happens gives an entry its number. It is not in the log yet.
func (w *world) happens(at time.Time) row {
	w.n++
	at = at.Truncate(w.p.Resolution)
	for w.p.MostTied > 0 && w.tied[at] >= w.p.MostTied {
		at = at.Add(-w.p.Resolution)
	}
	w.tied[at]++
	return row{n: w.n, at: at, uid: w.p.UID(w.n, at)}
}

// appears puts entries into the log.
func (w *world) appears(rows ...row) {
	for _, r := range rows {
		w.server.Publish(r.n, r.at)
		w.rows = append(w.rows, r)
		w.appeared[r.uid]++
	}
}

// many are n entries that appear now; the last one is of the given age, each of the others a step older than the next.
func (w *world) many(n int, age, step time.Duration) []row {
	rows := make([]row, n)
	for i := range rows {
		rows[i] = w.happens(w.now().Add(-age - time.Duration(n-1-i)*step))
	}
	w.appears(rows...)
	return rows
}

// vanishes takes the entry out of the log that is the i-th of those which it holds, counted from the last to appear.
func (w *world) vanishes(i int) {
	if i >= len(w.rows) {
		return
	}
	i = len(w.rows) - 1 - i
	w.server.Remove(w.rows[i].n, w.rows[i].at)
	w.rows = slices.Delete(w.rows, i, i+1)
}

func (w *world) reader() source.Reader { return w.p.Reader(w.wire, w.limits) }

// start is a cursor of which nothing was read yet.
func (w *world) start() source.Cursor { return w.reader().Start(time.Now().Add(-Lookback)) }

// entries reads to the end, with a new reader, and moves the cursor.
func (w *world) entries(cursor *source.Cursor) (entries []source.Entry, err error) {
	err = w.readBatches(context.Background(), cursor, func(b source.Batch) error {
		entries = append(entries, b.Entries...)
		return nil
	})
	return entries, err
}

// read is entries by their uids.
func (w *world) read(cursor *source.Cursor) ([]string, error) {
	entries, err := w.entries(cursor)
	return w.p.uidsOf(entries), err
}

var errStop = errors.New("enough")

// readBatches calls f with each batch until that returns an error; errStop is none. It checks what is true of all
// reads: a batch is bounded, no gap is told (there is none in the suite), and nothing follows an error.
func (w *world) readBatches(ctx context.Context, cursor *source.Cursor, f func(source.Batch) error) error {
	var failed error
	for batch, err := range w.reader().Read(ctx, w.p.Subject, *cursor) {
		switch {
		case failed != nil:
			return fmt.Errorf("the read goes on after its error: %w", failed)
		case err != nil:
			failed = err
			continue
		case len(batch.Entries) > w.limits.PageSize:
			return fmt.Errorf("a batch has %d entries, with pages of %d", len(batch.Entries), w.limits.PageSize)
		case batch.Gap != nil:
			return fmt.Errorf("a gap is told that is none: %q", batch.Gap.Reason)
		}
		if err := f(batch); err != nil {
			if errors.Is(err, errStop) {
				return nil
			}
			return err
		}
		*cursor = batch.Cursor
	}
	if len(w.wire.requests) > maxRequests {
		return errEndless
	}
	return failed
}

// delivers reads to the end and wants exactly these entries, in this order.
func (w *world) delivers(cursor *source.Cursor, want ...row) error {
	got, err := w.read(cursor)
	if err != nil {
		return err
	}
	if wanted := uidsOfRows(want); !slices.Equal(got, wanted) {
		return fmt.Errorf("%d entries were delivered instead of %d: %s", len(got), len(want), difference(got, wanted))
	}
	return nil
}

// difference tells the first place at which two lists differ.
func difference(got, want []string) string {
	at := func(list []string, i int) string {
		if i < len(list) {
			return list[i]
		}
		return "the end"
	}
	i := 0
	for i < len(got) && i < len(want) && got[i] == want[i] {
		i++
	}
	return fmt.Sprintf("after %d comes %s, not %s", i, at(got, i), at(want, i))
}

func uidsOfRows(rows []row) []string {
	uids := make([]string, len(rows))
	for i, r := range rows {
		uids[i] = r.uid
	}
	return uids
}

func (p Provider) uidsOf(entries []source.Entry) []string {
	uids := make([]string, len(entries))
	for i, e := range entries {
		uids[i] = p.uidOf(recordOf(e))
	}
	return uids
}

func recordOf(e source.Entry) plog.LogRecord {
	record := plog.NewLogRecord()
	e.Record(record)
	return record
}

func (p Provider) uidOf(record plog.LogRecord) string {
	if p.Identity != nil {
		return p.Identity(record)
	}
	uid, _ := record.Attributes().Get("log.record.uid")
	return uid.AsString()
}
