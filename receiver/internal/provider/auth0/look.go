package auth0

import (
	"context"
	"iter"
	"net/url"
	"strconv"
	"time"

	"github.com/userlog/userlog-otel/receiver/internal/rest"
	"github.com/userlog/userlog-otel/receiver/internal/source"
)

var (
	_ source.Looker  = (*Provider)(nil)
	_ source.Looker  = (*Tenant)(nil)
	_ source.Sampler = (*Directory)(nil)
)

// Look implements source.Looker.
func (p *Provider) Look(ctx context.Context, user source.Subject, since time.Time) (source.Glimpse, error) {
	a, err := p.page(ctx, user, pageSpan{perPage: p.s.PageSize})
	if err != nil {
		return source.Glimpse{}, err
	}
	return source.GlimpseOf(a.dates(), since, len(a.entries) >= p.s.PageSize), nil
}

// Position implements source.Looker.
func (*Provider) Position(cursor source.Cursor) (source.Position, error) {
	c, err := parseCursor(cursor)
	return source.Position{Start: c.Start, Newest: c.Newest, Marks: len(c.Seen)}, err
}

// Look implements source.Looker.
func (t *Tenant) Look(ctx context.Context, _ source.Subject, since time.Time) (source.Glimpse, error) {
	a, err := get(ctx, t.s.Client, t.s.Codes, tenantLogs, logsPath, url.Values{
		"page": {"0"}, "per_page": {strconv.Itoa(t.s.PageSize)},
	})
	if err != nil {
		return source.Glimpse{}, explain(err)
	}
	return source.GlimpseOf(a.dates(), since, len(a.entries) >= t.s.PageSize), nil
}

// Position implements source.Looker.
func (*Tenant) Position(cursor source.Cursor) (source.Position, error) {
	p, err := parsePosition(cursor)
	return source.Position{Start: p.start, Newest: p.left(), Marks: len(p.seen)}, err
}

// dates are those of the entries.
func (a answer) dates() iter.Seq[time.Time] {
	return func(yield func(time.Time) bool) {
		for i := range a.entries {
			if !yield(a.entries[i].Time()) {
				return
			}
		}
	}
}

// Sample implements source.Sampler: the users on the first page of the search.
func (d *Directory) Sample(ctx context.Context) (some []source.Subject, all int, err error) {
	l := newListing(d.narrowed())
	resp, err := d.s.Client.Get(ctx, rest.Request{Op: listUsers, Path: "/api/v2/users", Query: l.at.parameters()})
	if err != nil {
		return nil, -1, explainSearch(err)
	}
	page, err := decodeUsers(resp.Body)
	if err != nil {
		return nil, -1, &source.Error{Kind: source.Unreadable, Op: listUsers, Err: err}
	}
	for _, row := range page.rows {
		if row.id != "" {
			some = append(some, row.id)
		}
	}
	if len(some) == 0 && d.s.LastLogin == 0 {
		return nil, 0, errNobody
	}
	return some, page.total, nil
}
