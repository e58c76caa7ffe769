package auth0

import (
	"context"
	"slices"
	"time"

	"github.com/userlog/userlog-otel/receiver/internal/claim"
	"github.com/userlog/userlog-otel/receiver/internal/source"
)

// searchMargin is how much earlier than wanted a search begins. An entry's date lies before the time in its id, by less
// than six seconds in all that were collected.
const searchMargin = time.Minute

// begin finds the place in the log at which a position begins of which nothing was read yet.
//
// It is made from the time: an id that no entry has, but that stands before those of all entries that arrive from then on.
// This takes no search, which knows dates only: the entry with the first date is not the first in the log. The newest
// entry shows, beside what the server's clock is, that ids have the form that it takes; if they have not, or if the API
// refuses such an id, the place is searched for. An empty log says nothing of that, and there is nothing to read.
func (c *climb) begin(ctx context.Context) (*answer, error) {
	newest, err := c.newest(ctx)
	if err != nil {
		return nil, err
	}
	c.now = newest.clocks()
	if !(claim.Claim{Start: c.at.start}).Possible(c.now) {
		return nil, &source.Error{Kind: source.BadCursor, Op: tenantLogs, Err: claim.ErrFuture}
	}
	if len(newest.entries) == 0 {
		return nil, nil
	}
	from := c.at.start.Add(c.now.Skew())
	c.at = position{from: idBefore(from), read: from}
	if !slices.ContainsFunc(newest.entries, func(e entry) bool { return usual(e.logID()) }) {
		return c.search(ctx, from, newest)
	}
	page, err := c.after(ctx, c.at.from)
	if foreign(err) {
		return c.search(ctx, from, newest)
	}
	c.next = c.at.from
	return &page, err
}

// search begins as place does. If there is nothing since then, it begins after the newest entry.
func (c *climb) search(ctx context.Context, from time.Time, newest answer) (*answer, error) {
	page, _, err := c.place(ctx, from)
	if err != nil {
		return nil, err
	}
	if id := newest.highest(); len(page.entries) == 0 && id != "" {
		c.at.from = id
	}
	return &page, nil
}

// place searches for the page with which to go on at a time: the entry that is known and followed by those that are
// wanted, if the API still has one, or else the first that it has; known tells which of the two.
func (c *climb) place(ctx context.Context, from time.Time) (page answer, known bool, err error) {
	found, err := c.since(ctx, from.Add(-searchMargin))
	if err != nil {
		return answer{}, false, err
	}
	if page, ok := found.highestUpTo(c.at.from); ok {
		return page, true, nil
	}
	if page, ok := found.lowest(); ok {
		if !usual(page.entries[0].logID()) && c.at.last == "" {
			c.at.from = "" // the one that was made says nothing
		}
		return page, false, nil
	}
	found.entries = nil
	return found, false, nil
}

// resume goes on although the API refuses the id at which the log was left. If what was read last is gone, entries may be
// missing.
func (c *climb) resume(ctx context.Context) (*answer, error) {
	from, timed := arrivalOf(c.at.from)
	if !timed {
		from = c.at.read
	}
	page, known, err := c.place(ctx, from)
	if err != nil {
		return nil, err
	}
	c.now = page.clocks()
	if !known {
		if err := c.missed(ctx, page); err != nil {
			return nil, err
		}
	}
	if len(page.entries) == 0 && c.at.last != "" && c.at.last != c.at.from {
		if page, err := c.after(ctx, c.at.last); !foreign(err) {
			c.next = c.at.last
			return &page, err
		}
	}
	if len(page.entries) == 0 { // nothing is left: all that comes is wanted
		c.at = position{start: c.now.Local.Add(c.at.left().Sub(c.now.Server))}
	}
	return &page, nil
}

// lowest is the entry of an answer with the lowest id, as a page of its own.
func (a answer) lowest() (answer, bool) {
	return a.only(func(id, best string) bool { return best == "" || lower(id, best) })
}

// highest is the id of the first entry of an answer, newest first, that has one, or of the first with one of the usual form.
func (a answer) highest() (id string) {
	for i := range a.entries {
		switch other := a.entries[i].logID(); {
		case usual(other):
			return other
		case id == "":
			id = other
		}
	}
	return id
}

// highestUpTo is the entry of an answer with the highest id that is not above a limit, as a page of its own.
func (a answer) highestUpTo(limit string) (answer, bool) {
	return a.only(func(id, best string) bool {
		return len(id) == len(limit) && id <= limit && (best == "" || lower(best, id))
	})
}

// only is the best entry of an answer that has an id.
func (a answer) only(better func(id, best string) bool) (answer, bool) {
	best := -1
	id := ""
	for i := range a.entries {
		if other := a.entries[i].logID(); other != "" && better(other, id) {
			best, id = i, other
		}
	}
	if best < 0 {
		return answer{}, false
	}
	a.entries, a.more = a.entries[best:best+1], true
	return a, true
}

// lower compares ids. Those of one tenant have one length; any of the usual form go before others.
func lower(a, b string) bool {
	if usual(a) != usual(b) {
		return usual(a)
	}
	return len(a) < len(b) || len(a) == len(b) && a < b
}
