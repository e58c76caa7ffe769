package kobil

import "context"

// enoughOld is how many dated rows in a row must be older than what a first read wants before it believes that those
// below are older, too: ids order the log, and a few dates may be wrong. A page of the usual size has as many, so only
// small pages cost more requests.
const enoughOld = 10

// judge tells whether a page is old: whether it and the rows below are older than what the first read wants. A page of
// few rows alone does not say that, so those below it are asked for. If one of them is wanted, its page is returned.
func (w *walk) judge(ctx context.Context, pg page) (page, error) {
	low, rows := pg, w.outdated(pg)
	for n := rows; n > 0; rows += max(n-1, 1) { // pages share a row
		if rows >= enoughOld {
			pg.old = true
			return pg, nil
		}
		if w.last(low) {
			return low, nil
		}
		var err error
		if low, err = w.get(ctx, below(low)); err != nil {
			return page{}, err
		}
		n = w.outdated(low)
	}
	return low, nil
}

// outdated is how many entries of a page have a date, if this is a first read and all of them are older than what it
// wants, by so much that no entry below is newer, as far as dates can be trusted; 0 if one is not.
func (w *walk) outdated(pg page) (dated int) {
	if w.based {
		return 0
	}
	for i := range pg.entries {
		if at := pg.entries[i].time; !at.IsZero() {
			if dated++; !at.Before(w.from.Add(-w.p.s.Overlap)) {
				return 0
			}
		}
	}
	return dated
}
