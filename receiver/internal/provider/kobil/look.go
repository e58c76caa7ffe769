package kobil

import (
	"context"
	"time"

	"github.com/userlog/userlog-otel/receiver/internal/source"
)

var _ source.Looker = (*Provider)(nil)

// Look implements source.Looker.
func (p *Provider) Look(ctx context.Context, user source.Subject, since time.Time) (source.Glimpse, error) {
	pg, err := p.get(ctx, user, 0)
	if err != nil {
		return source.Glimpse{}, err
	}
	dates := func(yield func(time.Time) bool) {
		for i := range pg.entries {
			if !yield(pg.entries[i].time) {
				return
			}
		}
	}
	full := len(pg.entries) >= max(p.s.PageSize, leastLimit) || pg.more && len(pg.entries) > 0 // a server may give fewer
	return source.GlimpseOf(dates, since, full && !pg.ended), nil
}

// Position implements source.Looker. A position is made of ids: what it knows of time is when its newest id was the newest.
func (*Provider) Position(cursor source.Cursor) (source.Position, error) {
	p, err := parseCursor(cursor)
	newest := p.floorAt
	if p.markAt.After(newest) {
		newest = p.markAt
	}
	return source.Position{Start: p.start, Newest: newest, Marks: len(p.seen) + len(p.odd)}, err
}
