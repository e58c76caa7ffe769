package canvas

import (
	"context"
	"time"

	"github.com/userlog/userlog-otel/receiver/internal/claim"
	"github.com/userlog/userlog-otel/receiver/internal/source"
)

// The dates of Canvas are cut to seconds, and several events of one second are common in the log of an account. For years
// its link to the next page held no more than the second of the last event, and the next page began below it: what did
// not fit on the page of that second was skipped (canvas-lms, event_stream, index_strategy/active_record.rb). Newer
// versions go on within the second. Links are opaque, so the difference shows in what they lead to.

// largestPage is how many events of one second are asked for at once, whatever the page size: as many as clients of
// Canvas ask for.
const largestPage = 100

// within tells whether the second in which a page ends can be had whole by asking for the next page from that second on,
// down, and not by the link: it costs a few rows, not a request of its own, as long as it is not known what links do.
// The page, which may have begun at end, must reach below the second it begins in, or the next would be the same. Events
// without an id or a date are told apart along the links only, and a server that gives what is above end heeds no dates.
func (w *walk) within(events []entry, end time.Time) bool {
	if w.p.fine.Load() || len(events) == 0 {
		return false
	}
	for i := range events {
		if e := &events[i]; e.id == "" || e.time.IsZero() || !end.IsZero() && e.time.After(end) {
			return false
		}
	}
	return w.last.Before(events[0].time) && !w.last.Before(w.from)
}

// cross makes sure of the second in which a page ended, now that the next one is there.
func (w *walk) cross(ctx context.Context, border time.Time, next []entry) error {
	if w.p.fine.Load() || border.IsZero() || border.Before(w.from) {
		return nil
	}
	if newest := firstDate(next); newest.Equal(border) {
		w.p.fine.Store(true)
		return nil
	}
	return w.second(ctx, border)
}

func firstDate(events []entry) time.Time {
	for i := range events {
		if t := events[i].time; !t.IsZero() {
			return t
		}
	}
	return time.Time{}
}

// second asks for all events of one second and takes those that were skipped. Where they do not fit on a page, and the
// server skips again, the rest cannot be had, which is told as a gap. Events that vanish look the same for once, and not
// again and again.
func (w *walk) second(ctx context.Context, at time.Time) error {
	const sure = 3 // times
	last := w.last
	defer func() { w.last = last }()
	for range sure {
		short, err := w.ofSecond(ctx, at)
		if err != nil || !short || w.told(at) {
			return err
		}
	}
	w.skipped(at)
	return nil
}

// ofSecond asks for all events of one second, and tells whether the server left some out as it seems: a page was full, and
// its link led to nothing.
func (w *walk) ofSecond(ctx context.Context, at time.Time) (short bool, err error) {
	s := scope{counts: map[string]int{}, links: map[string]struct{}{}}
	req := w.p.request(w.subject, at, at, largestPage)
	full := false
	for more := true; more; {
		pg, err := w.page(ctx, req, &s)
		if err != nil {
			return false, err
		}
		short = len(pg.events) == 0 && full
		if len(pg.events) > 0 && full {
			w.p.fine.Store(true)
		}
		full = len(pg.events) >= w.most
		if req, more = pg.next, pg.more && !w.ignored(pg.events); more {
			if err := s.visit(req); err != nil {
				return false, &source.Error{Kind: source.Unreadable, Op: req.Op, Err: err}
			}
		}
		if err := w.keep(true); err != nil {
			return false, err
		}
	}
	return short, nil
}

// told tells whether the gap of a second was told: it is met again as long as its second is read.
func (w *walk) told(at time.Time) bool {
	_, ok := w.known.Seen[gapMark(at)]
	return ok
}

// skipped notes a gap.
func (w *walk) skipped(at time.Time) {
	w.gaps = append(w.gaps, source.Gap{
		From: at, To: at,
		Reason: "there are more events in one second than the server gives on a page, and its links skip the rest",
	})
}

// gapMark stands for the gap of a second among the marks of events, and is forgotten with them. No id of an event looks
// like that: they are UUIDs.
func gapMark(at time.Time) claim.Mark {
	return claim.MarkOf("\x00gap\x00" + at.UTC().Format(timeFormat))
}
