package auth0

import (
	"context"
	"time"

	"github.com/userlog/userlog-otel/receiver/internal/claim"
	"github.com/userlog/userlog-otel/receiver/internal/source"
)

// maxWalks is how often a walk is begun anew because rows vanished under it, before what was seen is handed on
// without the claim that it was all.
const maxWalks = 3

// detachBelow is the part of an answer below which entries are copied out of it instead of keeping it in memory.
const detachBelow = 2

// walkRow is one entry as met on a walk.
type walkRow struct {
	entry *entry
	mark  claim.Mark
	// at is the entry's date; for an entry without one, that of the row above it, so that it keeps its place.
	at      time.Time
	undated bool
}

// walk goes down one list, page by page. Rows that shift down while it does are met twice and taken once.
type walk struct {
	from    claim.Claim
	now     claim.Clocks // at the first answer: everything visible then is met
	pages   int
	met     map[claim.Mark]struct{}
	fresh   []walkRow    // not accepted before; newest first
	again   []claim.Mark // of undated ones accepted; they must not age
	held    int          // bytes of fresh
	repeats int
	oldest  time.Time // date of the last row met
	knows   bool      // a row accepted before was met, so nothing is missing between it and the rows above

	bottom  bool      // the floor or the end of the list was reached
	capped  bool      // the API gives no more rows
	torn    bool      // rows vanished in between: one may have slipped past
	refused bool      // the API refused a page that it should give
	leftOut bool      // fresh outgrew its bound, rows were dropped for another walk
	dropped time.Time // the oldest date of a row that was dropped
}

// walkWhole walks until no rows vanished meanwhile, but not for ever. A page that is refused is asked for once more: one
// refusal may come from something in between, two are taken for the end of what the API gives.
func (p *Provider) walkWhole(ctx context.Context, user source.Subject, from claim.Claim) (*walk, error) {
	refusals := 0
	for n := 1; ; n++ {
		w, err := p.walk(ctx, user, from)
		if err != nil {
			return nil, err
		}
		if w.refused {
			refusals++
		}
		if n == maxWalks || !w.torn && (!w.refused || refusals > 1) {
			return w, nil
		}
	}
}

func (p *Provider) walk(ctx context.Context, user source.Subject, from claim.Claim) (*walk, error) {
	w := &walk{from: from, met: map[claim.Mark]struct{}{}}
	page, ok, read := pageSpan{perPage: p.s.PageSize}, true, 0
	for ; ok; page, ok = nextSpan(read, p.s.PageSize) {
		a, err := p.page(ctx, user, page)
		if err != nil {
			return nil, err
		}
		if a.refused {
			w.refused = true
			break
		}
		if w.pages++; w.pages == 1 {
			w.now = a.clocks()
			if !from.Possible(w.now) {
				return nil, &source.Error{Kind: source.BadCursor, Op: userLogs, Err: claim.ErrFuture}
			}
			w.from = from.At(w.now, p.s.Overlap)
		}
		if page.start() < read && !w.joins(a.entries) {
			w.torn = true
			return w, nil
		}
		w.take(a)
		w.bound(p.s.MaxHeld)
		if w.bottom = w.bottom || len(a.entries) < page.perPage; w.bottom {
			return w, nil
		}
		read = page.start() + len(a.entries)
	}
	w.capped = true
	return w, nil
}

// joins tells whether a page follows on the rows met before without a hole: a row on it was met before, or all of it
// is newer, because more rows than a page were added above.
func (w *walk) joins(entries []entry) bool {
	for i := range entries {
		if _, ok := w.met[claim.MarkOf(entries[i].uid())]; ok {
			return true
		}
	}
	return len(entries) > 0 && entries[0].Time().After(w.oldest)
}

// take sorts the rows of a page into fresh ones, repeats, and those below the floor.
func (w *walk) take(a answer) {
	first, size := len(w.fresh), 0
	for i := range a.entries {
		e := &a.entries[i]
		r := walkRow{entry: e, mark: claim.MarkOf(e.uid()), at: e.Time()}
		if r.undated = r.at.IsZero(); r.undated {
			r.at = w.oldest
		}
		if _, ok := w.met[r.mark]; ok {
			continue
		}
		w.met[r.mark] = struct{}{}
		if !r.undated {
			w.oldest = r.at
		}
		if !r.undated && r.at.Before(w.from.Floor) {
			w.bottom = true
			continue
		}
		if _, ok := w.from.Seen[r.mark]; ok {
			w.knows = w.knows || !r.undated && !r.at.After(w.from.Newest)
			w.repeats++
			if r.undated {
				w.again = append(w.again, r.mark)
			}
			continue
		}
		w.fresh = append(w.fresh, r)
		size += e.size()
	}
	w.held += size
	if size*detachBelow < a.bytes {
		for i := first; i < len(w.fresh); i++ {
			alone := w.fresh[i].entry.detach()
			w.fresh[i].entry = &alone
		}
	}
}

// bound drops rows met first, most of them the newest, if too many bytes are held. Another walk fetches them: what this
// one claims ends before the oldest of them.
func (w *walk) bound(limit int) {
	n := 0
	for ; w.held > limit && n < len(w.fresh)-1; n++ {
		if r := w.fresh[n]; w.dropped.IsZero() || r.at.Before(w.dropped) {
			w.dropped = r.at
		}
		w.held -= w.fresh[n].entry.size()
		w.fresh[n] = walkRow{}
	}
	if n > 0 {
		w.fresh, w.leftOut = w.fresh[n:], true
	}
}
