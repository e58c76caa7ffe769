package sourcetest

import (
	"net/http"
	"time"

	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/userlog/userlog-otel/receiver/internal/source"
)

const (
	// PageSize is that of all checks but the model: small, so that short logs have many pages, and not below 9, where
	// Auth0's pages cannot always overlap.
	PageSize = 10
	// Overlap is that of all checks. Every entry appears at least a second earlier than this after its date.
	Overlap = 20 * time.Second
	// Lookback is where the checks begin to read, unless they say otherwise: so long before now.
	Lookback = 24 * time.Hour

	// SeveralPages is the length of the log in Requests.SeveralPages.
	SeveralPages = 25
)

// Begin is the local time at which every check begins.
func Begin() time.Time { return time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC) }

// Provider describes a provider to the suite. Checks run in parallel, so its functions are called by several
// goroutines: what changes belongs to what they make.
//
// A log has numbered entries. Numbers ascend in the order in which entries happen, from 1 on; the order in which they
// appear in the log is another one. An entry that appears after others with higher numbers is late.
type Provider struct {
	// Serve makes a server, with the given clock, that holds one empty log.
	Serve func(now func() time.Time) Server
	// Reader makes the reader to check, whose requests go to the given transport. The transport adds a token to them.
	Reader func(http.RoundTripper, Limits) source.Reader
	// Subject names the log. Those of its parts between / and | that have six characters or more must be in no error.
	Subject source.Subject
	// Kind is a part of Subject that may be in errors, because it names no log but the kind of it; "" if there is none.
	Kind string

	// UID is the log.record.uid of an entry, or what Identity makes of its record. Entries without an id may share one;
	// then they are told apart by count.
	UID func(n int, at time.Time) string
	// Identity is set where an entry's log.record.uid depends on the others that look like it; nil: it is that.
	Identity func(plog.LogRecord) string
	// Entry is an entry as the API writes it, with further members at its end: "" or like `,"more":1`.
	Entry func(n int, at time.Time, more string) string
	// Page is the body of an answer that holds these entries, and after which no page follows.
	Page func(newestFirst ...string) string
	// Odd are entries that are wrong in a member which the reader looks at: of another JSON type, or without sense. None
	// has a date that can be read and is far from Begin.
	Odd []string

	// Requests are the requests that a reader is to make.
	Requests Requests
	// Fetch asks for one page of at most so many rows, newest first, for readers that are wrong on purpose. The first
	// page is "", next names the one that follows, "" if there is none.
	Fetch func(client *http.Client, size int, page string) (rows []Row, next string, err error)
	// Future is the cursor with every time in it, and every other mark that ascends, moved beyond all that will come, as
	// if somebody had edited it: to the year 9999.
	Future func(source.Cursor) source.Cursor
	// Kinds are the kinds of errors for statuses of the API's own; the others are those of the suite.
	Kinds map[int]source.Kind

	// Resolution is what the dates of the API are cut to: time.Millisecond or time.Second.
	Resolution time.Duration
	// Vanish says that rows vanish from the middle of a log: by retention, or because somebody deletes them. Unset where
	// entries are told apart by count, since there a row that vanishes can hide another one.
	Vanish bool
	// MostTied is how many entries of one date the API can give; 0: any number. Of more, the suite dates some earlier.
	MostTied int
	// CountsRows says that the API's pages are counted in rows, so that those below a row which vanishes move up, to a
	// page that was read.
	CountsRows bool
}

// Server is an API with one log. It is used by one goroutine at a time.
type Server interface {
	http.Handler
	// Publish makes an entry appear in the log, at the place that its date and number give it.
	Publish(n int, at time.Time)
	// Remove takes an entry out of the log.
	Remove(n int, at time.Time)
}

// Limits bound a reader.
type Limits struct {
	// PageSize is the number of entries to ask for at once, and the most that a batch may hold.
	PageSize int
	// Overlap is how late, counted from its date, an entry may appear.
	Overlap time.Duration
	// MaxHeld is how many bytes of entries a reader may hold back, for providers that have to.
	MaxHeld int
}

// Requests are paths with queries, as sent, of reads from a new cursor, at Begin, in pages of PageSize. The entries are
// a minute apart, and the newest of them is a minute old.
type Requests struct {
	// EmptyLog is asked of a log without entries, OnePage of one with 5, SeveralPages of one with 25.
	EmptyLog, OnePage, SeveralPages []string
}

// Row is an entry as a wrong reader sees it.
type Row struct {
	UID  string
	Time time.Time
}
