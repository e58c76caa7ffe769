package canvas

import (
	"context"
	"errors"
	"time"

	"github.com/userlog/userlog-otel/receiver/internal/claim"
	"github.com/userlog/userlog-otel/receiver/internal/rest"
	"github.com/userlog/userlog-otel/receiver/internal/source"
)

// maxBarren is how many pages in a row may bring nothing that was not met before. A server may filter what it gives after
// it has cut the pages; one that never comes to an end does not work.
const maxBarren = 100

var (
	errTooMany = errors.New("more events than a walk holds")
	errTooLate = errors.New("the span begins too late by the server's clock")
	errCircle  = errors.New("the next links lead round in a circle: does something in between keep answers?")
	errEndless = errors.New("the next links never end and bring no events")
)

// row is an event as met on a walk.
type row struct {
	entry entry
	// at is the event's date; for one without, that of the row above it, so that it keeps its place.
	at      time.Time
	undated bool
}

// walk goes through one span of time of a log, from its newest event down, page by page along the links.
type walk struct {
	p        *Provider
	subject  source.Subject
	from, to time.Time // both belong to it; a zero to means now
	past     bool      // whether it is known that there is too much to be held at once
	known    *position // what was accepted; the first answer's clocks are applied to it

	times *times // of the whole read
	pages int
	most  int // events on the largest page so far: what the server gives at once
	// met are all rows of the walk, of which some 100 bytes each are kept. Where the fresh ones are not held, that is one
	// second of a log.
	met      map[claim.Mark]struct{}
	held     int // bytes of fresh
	heldMost int // the most that was held at once
	repeats  int
	fresh    []row // not accepted before; newest first
	again    []claim.Mark
	last     time.Time    // the date of the last row met
	gaps     []source.Gap // to be told

	// sink takes the fresh rows of a page at once, if they are not held until the end.
	sink func([]row) error
}

// run walks to the end of the span. It fails with errTooMany if it would hold too much, and with errTooLate if the clocks
// show that the span has to begin earlier.
func (w *walk) run(ctx context.Context) error {
	w.met = map[claim.Mark]struct{}{}
	s := scope{counts: map[string]int{}, links: map[string]struct{}{}}
	req := w.p.request(w.subject, w.from, w.to, w.p.s.PageSize)
	end, whole := w.to, true // where the page may begin, and whether the second is whole in which the one before it ended
	for more := true; more; {
		border := w.last
		pg, err := w.page(ctx, req, &s)
		if err != nil {
			return err
		}
		if !whole {
			if err := w.cross(ctx, border, pg.events); err != nil {
				return err
			}
		}
		if more = pg.more && !w.ignored(pg.events); more {
			if whole = w.within(pg.events, end); whole {
				end = w.last
				req = w.p.request(w.subject, w.from, end, w.p.s.PageSize)
			} else if req, err = pg.next, s.visit(pg.next); err != nil {
				return &source.Error{Kind: source.Unreadable, Op: req.Op, Err: err}
			}
		}
		if err := w.keep(more); err != nil {
			return err
		}
	}
	return nil
}

// scope is one way along the links from one first request: pages that follow on each other, so that no event comes twice
// and events that look alike can be counted.
type scope struct {
	counts map[string]int
	links  map[string]struct{}
	barren int
}

// visit notes a link.
func (s *scope) visit(next rest.Request) error {
	if _, ok := s.links[next.RawQuery]; ok {
		return errCircle
	}
	s.links[next.RawQuery] = struct{}{}
	if s.barren > maxBarren {
		return errEndless
	}
	return nil
}

// page asks for a page and takes its rows.
func (w *walk) page(ctx context.Context, req rest.Request, s *scope) (page, error) {
	pg, err := w.p.get(ctx, req)
	if err != nil {
		return page{}, err
	}
	w.times.last = pg.clocks
	if w.pages++; w.pages == 1 {
		if err := w.adapt(req.Op); err != nil {
			return page{}, err
		}
	}
	w.most = max(w.most, len(pg.events))
	s.barren++
	for i := range pg.events {
		if w.take(&pg.events[i], s) {
			s.barren = 0
		}
	}
	return pg, nil
}

// adapt adapts what was accepted to the clocks, which the first answer told.
func (w *walk) adapt(op string) error {
	if w.times.first.Local.IsZero() {
		w.times.first = w.times.last
	}
	now := w.times.first
	if !w.known.Possible(now) {
		return &source.Error{Kind: source.BadCursor, Op: op, Err: claim.ErrFuture}
	}
	before := *w.known
	*w.known = before.at(now, w.p.s.Overlap)
	if lowered := before.Floor.IsZero() || w.known.Floor.Before(before.Floor); lowered && w.known.Floor.Before(w.from) {
		return errTooLate
	}
	return nil
}

// take takes a row, and tells whether it was not met before.
func (w *walk) take(e *entry, s *scope) bool {
	n := 1
	if e.id == "" {
		content := e.content()
		s.counts[content]++
		n = s.counts[content]
	}
	e.number(n)
	r := row{entry: *e, at: e.time, undated: e.time.IsZero()}
	if r.undated {
		r.at = w.last
	} else {
		w.last = r.at
		w.times.newest = later(w.times.newest, r.at)
	}
	if _, ok := w.met[e.mark]; ok {
		return false
	}
	w.met[e.mark] = struct{}{}
	if _, ok := w.known.Seen[e.mark]; ok {
		w.repeats++
		if r.undated {
			w.again = append(w.again, e.mark)
		}
		return true
	}
	if !r.undated && (r.at.Before(w.known.Floor) || !w.to.IsZero() && r.at.After(w.to)) {
		return true // accepted before, or another walk's
	}
	w.fresh = append(w.fresh, r)
	w.held += e.size()
	w.heldMost = max(w.heldMost, w.held)
	return true
}

// ignored tells whether the server gives what was not asked for: a page of which all is older than the span. As the
// newest come first, nothing of it follows.
func (w *walk) ignored(events []entry) bool {
	dated := false
	for i := range events {
		if t := events[i].time; !t.IsZero() {
			if dated = true; !t.Before(w.from) {
				return false
			}
		}
	}
	return dated
}
