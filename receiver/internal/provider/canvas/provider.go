// Package canvas reads the authentications log of a Canvas LMS, by user, account or login: which logs there are
// (subject.go), which span of time to ask for (read.go, span.go, times.go), how to walk through one (walk.go, second.go),
// what is delivered of it (deliver.go), what was delivered (position.go) and by which of the logs (beside.go, doubt.go),
// what an answer holds (answer.go, entry.go) and what a refusal means (refusal.go).
package canvas

import (
	"context"
	"net/url"
	"strconv"
	"sync/atomic"
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
	Logs   *Logs
	// LoginsPath is what the installation calls logins in its paths: logins, or pseudonyms.
	LoginsPath string
	// PageSize is the number of events asked for at once. A server may give fewer.
	PageSize int
	// Overlap is how late, counted from its date, an event may appear in the log and still be found.
	Overlap time.Duration
	// MaxHeld bounds the bytes of events that one read holds back until it has found the oldest that is new.
	MaxHeld int
	// CursorOf returns the present cursor of another log, false if it is not read. The engine keeps it; what it claims
	// was accepted.
	CursorOf func(source.Subject) (source.Cursor, bool)

	_ struct{}
}

// Provider reads authentications logs. It is safe for concurrent use.
type Provider struct {
	s Settings
	// turn is held from the look at the other logs' cursors until the own one is stored.
	turn chan struct{}
	// noted is for who has the turn.
	noted map[source.Subject]noted
	// fine is set once the server has shown that its links go on within a second: what it is able to do, and no position.
	fine atomic.Bool
}

var _ source.Reader = (*Provider)(nil)

// New makes a provider.
func New(s Settings) *Provider {
	return &Provider{s: s, turn: make(chan struct{}, 1), noted: map[source.Subject]noted{}}
}

// Start implements source.Reader.
func (p *Provider) Start(from time.Time) source.Cursor {
	return position{Claim: claim.Claim{Start: from}}.cursor()
}

// opOf names the requests for a log in errors.
func opOf(s source.Subject) string {
	kind, _ := parts(s)
	return "GET " + logsPath + kind + "/{id}"
}

// timeFormat is a time that Canvas can read. One that it cannot read it ignores without a word, and gives everything of
// the year: so it is in UTC, without an offset whose plus would have to be escaped.
const timeFormat = "2006-01-02T15:04:05Z"

// request is the first one for a span of time, whose ends belong to it (canvas-lms, event_stream: ">=" and "<="). A zero
// end means now.
func (p *Provider) request(s source.Subject, from, to time.Time, size int) rest.Request {
	query := url.Values{"per_page": {strconv.Itoa(size)}, "start_time": {from.UTC().Format(timeFormat)}}
	if !to.IsZero() {
		query.Set("end_time", to.UTC().Format(timeFormat))
	}
	return rest.Request{
		Op:       opOf(s),
		Path:     pathOf(s, p.s.LoginsPath),
		Query:    query,
		Refusal:  refusalOf(s),
		LinkedAs: linkedAs(s),
	}
}

// page is an answer, and the request for the one that follows.
type page struct {
	events []entry
	clocks claim.Clocks
	next   rest.Request
	more   bool
}

func (p *Provider) get(ctx context.Context, req rest.Request) (page, error) {
	resp, err := p.s.Client.Get(ctx, req)
	if err != nil {
		return page{}, err
	}
	events, err := decodeEvents(resp.Body, resp.Arrived, p.s.Codes)
	if err != nil {
		return page{}, &source.Error{Kind: source.Unreadable, Op: req.Op, Err: err}
	}
	pg := page{events: events}
	if pg.next, pg.more, err = p.s.Client.Next(req, resp); err != nil {
		return page{}, err
	}
	pg.clocks = claim.ClocksOf(resp.Date, resp.Arrived, func(yield func(time.Time) bool) {
		for i := range events {
			if !yield(events[i].time) {
				return
			}
		}
	})
	return pg, nil
}
