package auth0

import (
	"strings"
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/userlog/userlog-otel/receiver/internal/record"
	"github.com/userlog/userlog-otel/receiver/internal/source"
)

var _ source.Entry = (*entry)(nil)

// entry is one entry of a log: its bytes, and the places of its fields in them. It is never changed once decoded.
type entry struct {
	// raw is the entry as it was sent, a view of the answer's body.
	raw      string
	time     time.Time
	observed pcommon.Timestamp
	codes    *record.Codes
	fields   [numKept]place
	// valid is set if raw is UTF-8; plain is set if, besides, nothing is written with escapes in the fields.
	valid, plain bool
}

// uid names the entry within its tenant: log_id, else _id, else a hash of the entry's bytes. It is UTF-8, but may hold
// any character that the API puts in it.
func (e *entry) uid() string {
	if id := e.logID(); id != "" {
		return id
	}
	return record.ContentID(e.raw)
}

// logID is log_id, else _id; "" if the entry has neither.
func (e *entry) logID() string { return e.text(fieldLogID) }

// Time is the entry's date; zero if it has none that can be read.
func (e *entry) Time() time.Time { return e.time }

// size is the number of bytes of the entry as it was sent.
func (e *entry) size() int { return len(e.raw) }

// detach returns the same entry over a copy of its own bytes, so that it no longer keeps the whole answer alive.
func (e *entry) detach() entry {
	alone := *e
	alone.raw = strings.Clone(e.raw)
	return alone
}

// text is the field's value as text, empty if it says nothing.
func (e *entry) text(f field) string {
	p := e.fields[f]
	if e.plain && p != nowhere && e.raw[p] == '"' {
		inner := e.raw[p+1:]
		return inner[:strings.IndexByte(inner, '"')]
	}
	return p.text(e.raw)
}
