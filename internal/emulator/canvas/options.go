package canvas

import (
	"time"

	"github.com/userlog/userlog-otel/internal/emulator/cloud"
)

const (
	// DefaultPerPage is how many events come if per_page is not sent (Canvas docs: pagination).
	DefaultPerPage = 10
	// DefaultMaxPerPage is how many events come at most unless [Options.MaxPerPage] says otherwise. The documentation
	// leaves it open; 100 is what clients use.
	DefaultMaxPerPage = 100
)

// Bookmarks is what the bookmark of a next page remembers.
type Bookmarks int

// The two kinds of bookmarks (canvas-lms, event_stream: index strategy).
const (
	// BookmarkTimeAndID remembers time and id of the last event. Nothing is lost at a page border.
	BookmarkTimeAndID Bookmarks = iota
	// BookmarkTime remembers the second only, and the next page begins below it: events of that second that did not fit
	// on the page are skipped.
	BookmarkTime
)

// Shape is the form of an answer.
type Shape int

// The shapes.
const (
	// ShapeCompound is what servers send: an object with links, events and linked.
	ShapeCompound Shape = iota
	// ShapeArray is what the documentation's object suggests: an array of events that name pseudonym_id, account_id and
	// user_id and have no id.
	ShapeArray
)

// Options describe an installation. The zero value is a new server without limits that accepts every token.
type Options struct {
	// Now is the installation's clock. It stamps the Date header and the rate limit, so that a test can shift the server
	// against the client. Called concurrently. Default: time.Now.
	Now func() time.Time
	// Tokens are the bearer tokens that are accepted. If there are none, every bearer is.
	Tokens []string
	// MaxPerPage is how many events come at most, whatever per_page says; nothing tells the client. Default:
	// [DefaultMaxPerPage].
	MaxPerPage int
	// Bookmarks is what the link to the next page remembers.
	Bookmarks Bookmarks
	// Shape is the form of the answers.
	Shape Shape
	// StringIDs makes ids strings in every answer; otherwise they are only if the request accepts
	// application/json+canvas-string-ids.
	StringIDs bool
	// LoginsPath is the name of logins in the path: "logins", or "pseudonyms" on old servers; the other one is not found.
	// Default: "logins".
	LoginsPath string
	// Zone is the time zone of created_at. Default: UTC, written as Z.
	Zone *time.Location
	// LinkHeader is the name of the Link header as it goes over a connection; its case differs between servers. In process
	// it is always "Link", which is what net/http makes of it on the other side of a connection. Default: "Link".
	LinkHeader string
	// Bucket limits the requests of each token. The zero value means no limit and no rate-limit headers.
	Bucket Bucket
}

// Bucket is a leaky bucket for each token: every request pours its cost in, and when the bucket is full, requests are
// refused (canvas-lms, request_throttle.rb, whose defaults are these).
type Bucket struct {
	// Cost is what a request pours in. 0 switches the limit off.
	Cost float64
	// HighWater is the level from which on requests are refused. Default: 600.
	HighWater float64
	// Leak is how much flows out in a second. Default: 10.
	Leak float64
	// UpFront is what a request pours in while it runs; it is given back at its end. Default: 50.
	UpFront float64
	// Status is the status of a refusal. Default: 403 (source code of all versions read); the documentation says 429.
	Status int
	// RefusalTellsRest makes X-Rate-Limit-Remaining of a refusal what is left, which is up to UpFront, instead of 0.0: the
	// source writes 0.0 at first, and overwrites it for clients with a token.
	RefusalTellsRest bool
}

// Request is a request that the installation was asked; its User is the subject of the path, such as "users/3".
type Request = cloud.Request
