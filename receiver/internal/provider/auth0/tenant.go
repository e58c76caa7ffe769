package auth0

import (
	"context"
	"iter"
	"net/url"
	"strconv"
	"time"

	"github.com/userlog/userlog-otel/receiver/internal/claim"
	"github.com/userlog/userlog-otel/receiver/internal/record"
	"github.com/userlog/userlog-otel/receiver/internal/rest"
	"github.com/userlog/userlog-otel/receiver/internal/source"
)

// tenantLogs names the requests in errors (auth0 docs, Management API, "Search log events").
const (
	tenantLogs = "GET /api/v2/logs"
	tenantLog  = "GET /api/v2/logs/{id}"
	logsPath   = "/api/v2/logs"
)

// TenantSettings are what a Tenant is made from.
type TenantSettings struct {
	Client *rest.Client
	Codes  *record.Codes
	// PageSize is the number of entries asked for at once, 1 to 100.
	PageSize int
	// Overlap is how late, counted from the time in its id, an entry may appear below others and still be found. Auth0
	// says that none does: the log is ordered by log_id "to prevent skipping past records due to Auth0 system delays"
	// (auth0 docs, "Retrieve Logs Using the Management API"). With 0 that is relied on, and no entry is read twice.
	Overlap time.Duration
	// Filter says which entries are kept.
	Filter *Filter

	_ struct{}
}

// Tenant reads the one log of a tenant, by checkpoint: pages follow on the id of the last entry read, the oldest first. It
// is safe for concurrent use.
type Tenant struct{ s TenantSettings }

var _ source.Reader = (*Tenant)(nil)

// NewTenant makes a reader.
func NewTenant(s TenantSettings) *Tenant { return &Tenant{s: s} }

// Start implements source.Reader.
func (*Tenant) Start(from time.Time) source.Cursor { return position{start: from}.cursor() }

// Read implements source.Reader. Of the subject it takes no notice, because a tenant has one log.
func (t *Tenant) Read(ctx context.Context, _ source.Subject, after source.Cursor) iter.Seq2[source.Batch, error] {
	return func(yield func(source.Batch, error) bool) {
		at, err := parsePosition(after)
		if err != nil {
			yield(source.Batch{}, &source.Error{Kind: source.BadCursor, Op: tenantLogs, Err: err})
			return
		}
		c := climb{Tenant: t, at: at, undated: map[claim.Mark]struct{}{}}
		for page, err := range c.pages(ctx) {
			if err != nil {
				yield(source.Batch{}, err)
				return
			}
			if !yield(c.take(page), nil) {
				return
			}
		}
	}
}

// after asks for the page that follows on an id.
func (t *Tenant) after(ctx context.Context, id string) (answer, error) {
	return get(ctx, t.s.Client, t.s.Codes, tenantLogs, logsPath, url.Values{
		"from": {id}, "take": {strconv.Itoa(t.s.PageSize)},
	})
}

// newest asks for some of the newest entries.
func (t *Tenant) newest(ctx context.Context) (answer, error) {
	return get(ctx, t.s.Client, t.s.Codes, tenantLogs, logsPath, url.Values{"page": {"0"}, "per_page": {"10"}})
}

const (
	// logSearchPage and logSearchPages are the largest page of a search, and how many of them it gives (auth0 docs, "Retrieve Logs
	// Using the Management API": 100 a page, 1,000 in all).
	logSearchPage  = 100
	logSearchPages = 10
)

// since searches for the entries that are dated at a time or later, the oldest of them: as many as it takes for the first
// of the log to be among them.
func (t *Tenant) since(ctx context.Context, from time.Time) (found answer, err error) {
	for page := range logSearchPages {
		a, err := get(ctx, t.s.Client, t.s.Codes, tenantLogs, logsPath, url.Values{
			"q":    {"date:[" + from.UTC().Format("2006-01-02T15:04:05.000Z") + " TO *]"},
			"sort": {"date:1"}, "page": {strconv.Itoa(page)}, "per_page": {strconv.Itoa(logSearchPage)},
		})
		if err != nil {
			return answer{}, err
		}
		full := len(a.entries) == logSearchPage
		a.entries = append(found.entries, a.entries...)
		if found = a; !full || found.holdsFirst() {
			break
		}
	}
	return found, nil
}

// holdsFirst tells whether the first entry of the log is among those that a search gave, of which more follow. No entry is
// dated after it arrives; so those that follow arrive later than the last date.
func (a answer) holdsFirst() bool {
	lowest, ok := a.lowest()
	if !ok {
		return false
	}
	arrived, timed := arrivalOf(lowest.entries[0].logID())
	return timed && a.entries[len(a.entries)-1].Time().After(arrived)
}

// keeps tells whether the log still has an entry.
func (t *Tenant) keeps(ctx context.Context, id string) (bool, error) {
	_, err := t.s.Client.Get(ctx, rest.Request{Op: tenantLog, Path: logsPath + "/" + url.PathEscape(id)})
	if foreign(err) {
		return false, nil
	}
	return true, err
}
