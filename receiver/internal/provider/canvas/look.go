package canvas

import (
	"context"
	"time"

	"github.com/userlog/userlog-otel/receiver/internal/source"
)

var _ source.Looker = (*Provider)(nil)

// glance is how much further back than wanted a look goes for the newest event: over a weekend and a short holiday, and
// not through the whole year that Canvas searches for a log in which nothing happens.
const glance = 7 * 24 * time.Hour

// Look implements source.Looker.
func (p *Provider) Look(ctx context.Context, subject source.Subject, since time.Time) (source.Glimpse, error) {
	pg, err := p.get(ctx, p.request(subject, beginning(since.Add(-glance)), time.Time{}, p.s.PageSize))
	if err != nil {
		return source.Glimpse{}, err
	}
	dates := func(yield func(time.Time) bool) {
		for i := range pg.events {
			if !yield(pg.events[i].time) {
				return
			}
		}
	}
	return source.GlimpseOf(dates, since, pg.more), nil
}

// Position implements source.Looker.
func (*Provider) Position(cursor source.Cursor) (source.Position, error) {
	p, err := parseCursor(cursor)
	return source.Position{Start: p.Start, Newest: p.Newest, Marks: len(p.Seen)}, err
}
