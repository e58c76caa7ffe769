package auth0

import (
	"cmp"
	"context"
	"errors"
	"iter"
	"net/http"
	"time"

	"github.com/userlog/userlog-otel/receiver/internal/claim"
	"github.com/userlog/userlog-otel/receiver/internal/rest"
	"github.com/userlog/userlog-otel/receiver/internal/source"
)

// climb is one read of a tenant's log: up from the position, page by page.
type climb struct {
	*Tenant
	at   position
	now  claim.Clocks // at the first answer: everything that is visible then is met
	next string       // the id on which the next page follows
	turn string       // one on which an earlier page followed, to notice pages that go round
	met  int          // pages
	gap  *source.Gap  // to be told with the next batch
	done bool         // the page at hand is the last one
	// limit is an id before those that arrive when nobody can have read them yet; "" until it is needed.
	limit string
	// undated are the marks of the entries met whose ids tell no time.
	undated map[claim.Mark]struct{}
	// fresh counts the entries that were not accepted before.
	fresh int
}

var (
	errNoProgress = errors.New("a page does not lead on from the one before: is the parameter from lost on the way to the API?")
	errNoIDs      = errors.New("a full page holds no entry with an id to go on from")
)

// pages are the pages of the log above the position. The log's end is a page that is not full: the link to a next page
// is in every answer, also of an empty one, and says nothing (auth0 docs, "Retrieve Logs Using the Management API").
func (c *climb) pages(ctx context.Context) iter.Seq2[answer, error] {
	return func(yield func(answer, error) bool) {
		page, err := c.first(ctx)
		for err == nil && page != nil {
			c.met++
			c.done = !page.more && len(page.entries) < c.s.PageSize
			follows, progress := c.follows(*page)
			if progress != nil {
				err = &source.Error{Kind: source.Unreadable, Op: tenantLogs, Err: progress}
				break
			}
			if c.met&(c.met-1) == 0 { // now and then is enough: a circle comes by again
				c.turn = follows
			}
			if !yield(*page, nil) || c.done {
				return
			}
			c.next = follows
			var a answer
			a, err = c.after(ctx, c.next)
			page = &a
		}
		if err != nil {
			yield(answer{}, explain(err))
		}
	}
}

// follows is the id on which the page after this one follows: that of the last entry that has one. Ids ascend. A page that
// descends is the list of the newest entries: somebody in between dropped a parameter, and to go on would pass over entries.
func (c *climb) follows(page answer) (string, error) {
	first, last := "", ""
	for i := range page.entries {
		if id := page.entries[i].logID(); id != "" && len(id) <= maxID {
			first, last = cmp.Or(first, id), id
		}
	}
	switch {
	case first != last && reaches(first, last):
		return "", errNoProgress
	case c.done:
		return last, nil
	case last == "":
		return "", errNoIDs
	case reaches(c.next, last) || last == c.turn:
		return "", errNoProgress
	}
	return last, nil
}

// first asks for the first page, and finds out what may be missing before it; nil if the log is empty.
func (c *climb) first(ctx context.Context) (*answer, error) {
	if !c.at.start.IsZero() {
		return c.begin(ctx)
	}
	page, err := c.after(ctx, c.at.from)
	if foreign(err) {
		return c.resume(ctx)
	}
	if err != nil {
		return nil, err
	}
	c.now, c.next = page.clocks(), c.at.from
	switch below, ok := c.at.clamped(c.now, c.s.Overlap); {
	case !ok:
		return nil, &source.Error{Kind: source.BadCursor, Op: tenantLogs, Err: claim.ErrFuture}
	case below.from != c.at.from: // a clock was set back: the page is not the one that is wanted
		c.at, c.next = below, below.from
		page, err = c.after(ctx, c.next)
		if err != nil {
			return nil, err
		}
	}
	return &page, c.missed(ctx, page)
}

// shortestRetention is, less an hour, the shortest time for which a tenant keeps its log (auth0 docs, "Log Data
// Retention": one day with the plan Starter).
const shortestRetention = 23 * time.Hour

// missed finds out, where the log was left so long ago, whether entries may have been deleted that were not read. The entry
// that was read last tells: those that followed it are deleted after it.
func (c *climb) missed(ctx context.Context, page answer) error {
	if c.at.last == "" || c.now.Server.Sub(c.at.left()) < shortestRetention {
		return nil
	}
	kept, err := c.keeps(ctx, c.at.last)
	if err != nil || kept {
		return err
	}
	c.tell(page.entries)
	return nil
}

// tell has a gap told, from where the log was left to the first of the entries that are still there.
func (c *climb) tell(entries []entry) {
	to := c.now.Server
	for i := range entries {
		at, timed := arrivalOf(entries[i].logID())
		if !timed {
			at = entries[i].Time()
		}
		if !at.IsZero() && at.Before(to) {
			to = at
		}
	}
	from := c.at.left()
	if from.After(to) {
		from = to
	}
	c.gap = &source.Gap{From: from, To: to, Reason: "the log was not read for longer than the tenant keeps its entries"}
}

// foreign tells whether the API refuses an id to go on from. What it says to one that was deleted is not documented.
func foreign(err error) bool {
	var status *rest.StatusError
	return errors.As(err, &status) && (status.Status == http.StatusBadRequest ||
		status.Status == http.StatusNotFound || status.Status == http.StatusGone)
}
