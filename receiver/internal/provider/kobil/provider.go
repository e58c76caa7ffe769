// Package kobil reads the logs of users of a KOBIL installation: which pages to ask for (walk.go, climb.go), how they
// fit together (join.go), where a first read stops (first.go), what is new on a page (rows.go), what was delivered
// (position.go, odd.go, cursor.go), which id the floor may follow (trust.go), what shows that it is wrong (anew.go), what
// an answer holds (answer.go, entry.go), and where the two products serve it (ssms.go, shift.go).
package kobil

import (
	"context"
	"errors"
	"fmt"
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

// Settings are what a Provider is made from.
type Settings struct {
	Client *rest.Client
	Codes  *record.Codes
	// Path is that of a user's log, with {userName} and, if need be, {tenantId}.
	Path     string
	TenantID string
	// PageSize is the number of entries asked for at once. A server may give fewer.
	PageSize int
	// Overlap is how late an entry may appear in the log, after others that were numbered later, and still be found.
	Overlap time.Duration

	_ struct{}
}

// Provider reads the logs of users. It is safe for concurrent use.
type Provider struct {
	s  Settings
	op string
}

var _ source.Reader = (*Provider)(nil)

// New makes a provider.
func New(s Settings) *Provider { return &Provider{s: s, op: "GET " + s.Path} }

// Start implements source.Reader.
func (p *Provider) Start(from time.Time) source.Cursor { return position{start: from}.cursor() }

// Read implements source.Reader. It looks for the floor from the newest page down, and then climbs back, page by page,
// handing on what is new.
func (p *Provider) Read(ctx context.Context, user source.Subject, after source.Cursor) iter.Seq2[source.Batch, error] {
	return func(yield func(source.Batch, error) bool) {
		from, err := parseCursor(after)
		if err != nil {
			yield(source.Batch{}, p.fail(source.BadCursor, err))
			return
		}
		w := &walk{p: p, user: user, position: from, cursor: after}
		bottom, err := w.seek(ctx)
		if err == nil {
			err = w.climb(ctx, bottom, func(b source.Batch) bool { return yield(b, nil) })
		}
		if err != nil && !errors.Is(err, errStopped) {
			yield(source.Batch{}, err)
		}
	}
}

func (p *Provider) fail(kind source.Kind, err error) error {
	return &source.Error{Kind: kind, Op: p.op, Err: err}
}

// page is a part of a log, the newest entry first.
type page struct {
	offset  int
	entries []entry
	// ended and more are what the answer says of the rows below: that there are none, and that there are some.
	ended, more bool
	// old says that nothing on the page and below is wanted by the first read.
	old    bool
	clocks claim.Clocks
}

// get asks for one page of a user's log.
func (p *Provider) get(ctx context.Context, user source.Subject, offset int) (page, error) {
	resp, err := p.s.Client.Get(ctx, rest.Request{
		Op:   p.op,
		Path: pathOf(p.s.Path, p.s.TenantID, string(user)),
		Query: url.Values{
			"limit":  {strconv.Itoa(max(p.s.PageSize, leastLimit))},
			"offset": {strconv.Itoa(offset)},
		},
		Refusal: refusal,
	})
	if err != nil {
		return page{}, p.explain(err)
	}
	l, err := decodeList(resp.Body, resp.Arrived, p.s.Codes)
	switch {
	case len(l.entries) == 0 && isGone(resp.Body): // with a status of success
		return page{}, p.fail(source.Gone, errors.New("the API answered USER_NOT_FOUND: "+unknownUser))
	case err != nil:
		return page{}, p.fail(source.Unreadable, err)
	}
	return page{offset: offset, entries: l.entries, ended: l.ended, more: l.more, clocks: clocksOf(resp, l.entries)}, nil
}

func clocksOf(resp rest.Response, entries []entry) claim.Clocks {
	return claim.ClocksOf(resp.Date, resp.Arrived, func(yield func(time.Time) bool) {
		for i := range entries {
			if !yield(entries[i].time) {
				return
			}
		}
	})
}

const (
	unknownUser = "does the user exist in this tenant?"
	unknownPath = "does this installation have the API, and is path right? The vendor says that not all installations of SHIFT do"
)

// refusal tells a user whom the API does not know from a path that it does not have.
func refusal(status int, _ http.Header, body []byte) (source.Kind, string, bool) {
	switch {
	case status == http.StatusNotFound && isGone(body):
		return source.Gone, unknownUser, true
	case status == http.StatusNotFound:
		return source.Gone, unknownPath, true
	case status == http.StatusNotImplemented:
		return source.Transient, unknownPath, true
	}
	return 0, "", false
}

// explain adds the cure where the user has one.
func (p *Provider) explain(err error) error {
	var e *source.Error
	if !errors.As(err, &e) || e.Op != p.op { // the request for a token has its own
		return err
	}
	var cure string
	switch e.Kind {
	case source.Unauthorized:
		cure = "is the token expired, or made for another realm?"
	case source.Forbidden:
		cure = "may the client read user logs?"
	case source.Gone, source.Transient, source.Unreadable, source.BadCursor:
		return err
	}
	explained := *e
	explained.Err = fmt.Errorf("%w: %s", e.Err, cure)
	return &explained
}
