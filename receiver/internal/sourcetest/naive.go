package sourcetest

import (
	"context"
	"encoding/json"
	"iter"
	"net/http"
	"slices"
	"time"

	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/userlog/userlog-otel/receiver/internal/source"
)

// naive is a reader as one would write it: it goes down the pages until a rule says that the rest is known, and takes
// what it did not deliver yet.
type naive struct {
	p      Provider
	client *http.Client
	limits Limits
	known  rule
	// forgetful takes what moved down while it walks once more, hopeful takes a page that it did not get for the end.
	forgetful, hopeful bool
}

// rule tells whether everything from a row on is known, given what was delivered.
type rule func(past []Row, r Row) bool

// stopsAtKnown loses late entries, which lie below known ones.
func stopsAtKnown(past []Row, r Row) bool {
	return slices.ContainsFunc(past, func(o Row) bool { return o.UID == r.UID })
}

// onlyNewer loses late entries and those that share the newest date.
func onlyNewer(past []Row, r Row) bool {
	return slices.ContainsFunc(past, func(o Row) bool { return !r.Time.After(o.Time) })
}

// onlyGreater loses late entries.
func onlyGreater(past []Row, r Row) bool {
	return slices.ContainsFunc(past, func(o Row) bool {
		return len(r.UID) < len(o.UID) || len(r.UID) == len(o.UID) && r.UID <= o.UID
	})
}

// overlaps is a right rule, but does not help against rows that move from a page to the one before.
func overlaps(past []Row, r Row) bool {
	return slices.ContainsFunc(past, func(o Row) bool { return r.Time.Before(o.Time.Add(-Overlap)) })
}

// Start implements source.Reader.
func (naive) Start(time.Time) source.Cursor { return "[]" }

// Read implements source.Reader. The cursor is the list of all rows delivered.
func (n naive) Read(_ context.Context, _ source.Subject, after source.Cursor) iter.Seq2[source.Batch, error] {
	return func(yield func(source.Batch, error) bool) {
		var past []Row
		if err := json.Unmarshal([]byte(after), &past); err != nil {
			yield(source.Batch{}, &source.Error{Kind: source.BadCursor})
			return
		}
		fresh, err := n.walk(past)
		if err != nil {
			yield(source.Batch{}, &source.Error{Kind: source.Transient})
			return
		}
		slices.Reverse(fresh)
		for rows := range slices.Chunk(fresh, n.limits.PageSize) {
			past = append(past, rows...)
			text, _ := json.Marshal(past) // of text and times: cannot fail
			batch := source.Batch{Cursor: source.Cursor(text)}
			for _, r := range rows {
				batch.Entries = append(batch.Entries, naiveEntry{r})
			}
			if !yield(batch, nil) {
				return
			}
		}
	}
}

func (n naive) walk(past []Row) (fresh []Row, err error) {
	for page := ""; ; {
		var rows []Row
		if rows, page, err = n.p.Fetch(n.client, n.limits.PageSize, page); err != nil {
			if n.hopeful {
				err = nil
			}
			return fresh, err
		}
		for _, r := range rows {
			if n.known(past, r) {
				return fresh, nil
			}
			if !stopsAtKnown(past, r) && (n.forgetful || !stopsAtKnown(fresh, r)) {
				fresh = append(fresh, r)
			}
		}
		if page == "" {
			return fresh, nil
		}
	}
}

// naiveEntry is a row as an entry.
type naiveEntry struct{ row Row }

// Record implements source.Entry.
func (e naiveEntry) Record(record plog.LogRecord) {
	record.Attributes().PutStr("log.record.uid", e.row.UID)
}

// Time implements source.Entry.
func (e naiveEntry) Time() time.Time { return e.row.Time }
