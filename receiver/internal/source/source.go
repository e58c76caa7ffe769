// Package source is the contract between the engine, which decides when a log is read, hands its entries on and keeps
// the position, and a provider, which knows one vendor's API.
//
// A provider is a reader without memory: it keeps no position, starts no goroutine, logs nothing, and knows nothing of
// storage and consumers. What it must remember from one read to the next is in the Cursor that it hands out.
package source

import (
	"context"
	"iter"
	"time"

	"go.opentelemetry.io/collector/pdata/plog"
)

// Subject names one log of a source, such as the id of the user whose log it is. The empty subject is the log of the
// whole tenant.
type Subject string

// Cursor is a provider's position in one log, as UTF-8 text without NUL (databases behind storage extensions refuse
// anything else). Only the provider that wrote it reads it.
//
// A cursor is a claim: every entry that lies at or below a floor, and every entry that it names one by one, was
// accepted by the next consumer. A claim once true stays true, so storing an older cursor over a newer one costs
// repeats, never an entry.
type Cursor string

// Entry is one entry of a log.
type Entry interface {
	// Record writes the entry into an empty record. The same entry always makes the same record, but for the observed
	// time. It may be called again when a delivery is repeated, and never changes the entry.
	Record(plog.LogRecord)
	// Time is the entry's own time; zero if it has none that can be read.
	Time() time.Time
}

// Batch is a part of a log that is delivered at once.
type Batch struct {
	// Entries are those not delivered before, the oldest first. There may be none.
	Entries []Entry
	// Cursor is true once Entries were accepted. It equals the cursor that the read began with if nothing is new.
	Cursor Cursor
	// Repeats counts the entries that the read met again and left out.
	Repeats int
	// Filtered counts the entries that were left out because the configuration says so.
	Filtered int
	// Gap is set if the API no longer gives entries that lie before this batch and were never delivered.
	Gap *Gap
}

// Gap is a span of time in one log from which entries are missing for good.
type Gap struct {
	From, To time.Time
	// Reason says in a few words why the API cannot give them.
	Reason string
}

// Reader reads the logs of one source. Its methods may be called from several goroutines, for one subject by one at a
// time.
type Reader interface {
	// Start returns the cursor of a log of which nothing was read yet, for entries from the given time on (by the
	// local clock; the reader allows for a difference to the server's).
	Start(from time.Time) Cursor
	// Read returns what is new after the cursor, in batches whose order is the order of delivery. The engine delivers
	// a batch and stores its cursor before it asks for the next one, and may stop at any batch. An error ends the
	// sequence; it is an *Error unless ctx was done. Memory is bounded by the configuration, whatever the length of
	// the log.
	Read(ctx context.Context, subject Subject, after Cursor) iter.Seq2[Batch, error]
}

// Lister says which logs are to be read. List is called again and again, by one goroutine at a time. A slice that was
// returned is not changed afterwards; the same slice again says that nothing changed.
type Lister interface {
	// List returns every subject, each once. An error without subjects means that the engine goes on with the list
	// that it had; an error with subjects tells of some that had to be left out.
	List(ctx context.Context) ([]Subject, error)
}
