// Package auth0 reads the logs of an Auth0 tenant through its Management API. Of the log of a user: which page to ask for and
// when to stop (walk.go, plan.go), what was delivered (claim.go, batches.go). Of that of the whole tenant: where to begin, and
// how to go on (tenant_begin.go, tenant_climb.go), what was delivered (tenant_take.go, tenant_position.go). Whose logs there
// are (directory.go). Of all: what an answer holds (decode.go, entry.go), what its event codes
// mean (codes.go), and how an entry becomes a record (record.go).
package auth0

import (
	"context"
	"errors"
	"iter"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/userlog/userlog-otel/receiver/internal/claim"
	"github.com/userlog/userlog-otel/receiver/internal/record"
	"github.com/userlog/userlog-otel/receiver/internal/rest"
	"github.com/userlog/userlog-otel/receiver/internal/source"
)

// Service is what Auth0 is called in records: service.name, and the first word of event names.
const Service = "auth0"

// userLogs names the request in errors (auth0 docs, Management API, "Get user's log events").
const userLogs = "GET /api/v2/users/{id}/logs"

// Settings are what a Provider is made from.
type Settings struct {
	Client *rest.Client
	Codes  *record.Codes
	// PageSize is the number of entries asked for at once, 1 to 100.
	PageSize int
	// Overlap is how late, counted from its date, an entry may appear in the log and still be found.
	Overlap time.Duration
	// MaxHeld bounds the bytes of entries that one read holds back until it has found the oldest that is new.
	MaxHeld int

	_ struct{}
}

// Provider reads the logs of users. It is safe for concurrent use.
type Provider struct{ s Settings }

var _ source.Reader = (*Provider)(nil)

// New makes a provider.
func New(s Settings) *Provider { return &Provider{s: s} }

// Start implements source.Reader.
func (p *Provider) Start(from time.Time) source.Cursor { return cursorOf(claim.Claim{Start: from}) }

// Read implements source.Reader. It walks from the newest entry down to the cursor's floor and hands on what is new,
// the oldest first.
func (p *Provider) Read(ctx context.Context, user source.Subject, after source.Cursor) iter.Seq2[source.Batch, error] {
	return func(yield func(source.Batch, error) bool) {
		for more := true; more; {
			from, err := parseCursor(after)
			if err != nil {
				yield(source.Batch{}, &source.Error{Kind: source.BadCursor, Op: userLogs, Err: err})
				return
			}
			found, err := p.walkWhole(ctx, user, from)
			if err != nil {
				yield(source.Batch{}, err)
				return
			}
			for batch := range found.batches(after, p.s.PageSize, p.s.Overlap) {
				if !yield(batch, nil) {
					return
				}
				after = batch.Cursor
			}
			more = found.leftOut
		}
	}
}

// answer is one page of a user's log.
type answer struct {
	entries []entry
	bytes   int
	server  time.Time // its clock; zero if it told none
	local   time.Time
	refused bool // the API gives no such page
	more    bool // it was cut to a part of what follows
}

// clocks is what the answer tells of time.
func (a answer) clocks() claim.Clocks {
	return claim.ClocksOf(a.server, a.local, func(yield func(time.Time) bool) {
		for i := range a.entries {
			if !yield(a.entries[i].Time()) {
				return
			}
		}
	})
}

// page asks for one page of a user's log, newest first.
func (p *Provider) page(ctx context.Context, user source.Subject, s pageSpan) (answer, error) {
	path := "/api/v2/users/" + url.PathEscape(string(user)) + "/logs"
	a, err := get(ctx, p.s.Client, p.s.Codes, userLogs, path, url.Values{
		"page":     {strconv.Itoa(s.page)},
		"per_page": {strconv.Itoa(s.perPage)},
		"sort":     {"date:-1"}, // the default order is not documented
	})
	var status *rest.StatusError
	if errors.As(err, &status) && status.Status == http.StatusBadRequest && s.page > 0 {
		return answer{refused: true}, nil
	}
	return a, explain(err)
}

// get asks for a list of entries.
func get(ctx context.Context, client *rest.Client, codes *record.Codes, op, path string, query url.Values) (answer, error) {
	resp, err := client.Get(ctx, rest.Request{Op: op, Path: path, Query: query})
	if err != nil {
		return answer{}, err
	}
	entries, err := decodePage(resp.Body, resp.Arrived, codes)
	if err != nil {
		return answer{}, &source.Error{Kind: source.Unreadable, Op: op, Err: err}
	}
	return answer{entries: entries, bytes: len(resp.Body), server: resp.Date, local: resp.Arrived}, nil
}
