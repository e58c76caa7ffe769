package kobil

import (
	"slices"
	"time"

	"github.com/userlog/userlog-otel/receiver/internal/claim"
)

// row is an entry that was not accepted before.
type row struct {
	entry  *entry
	mark   claim.Mark // of one without a number
	wanted bool       // by the first read
}

// rows are the entries of a page that are new, the oldest first. An entry without a number that is not known is new
// unless it lies below the floor, and that shows in what is above it: a number that is not above the floor or, with no
// higher number below, an entry without one that lies there. Those at the head that are left to the page above wait.
func (w *walk) rows(pg page) (fresh []row) {
	accepted, lowest := false, w.lowestAbove(pg)
	met := make(map[uint64]struct{}, len(pg.entries))
	for i := range pg.entries {
		e := &pg.entries[i]
		r := row{entry: e, wanted: w.wants(e)}
		switch {
		case e.numbered:
			w.age(e)
			accepted = accepted || e.id <= w.position.floor
			if !w.isNew(e, met) {
				continue
			}
		case i < w.left:
			continue
		default:
			r.mark = e.mark()
			settled := w.position.settled(r.mark)
			accepted = accepted || (settled && i > lowest)
			if known := w.position.knows(r.mark); known || accepted {
				if known && !settled {
					w.repeats++
				}
				continue
			}
		}
		fresh = append(fresh, r)
	}
	slices.Reverse(fresh)
	return fresh
}

// wants tells whether an entry is not older than what the first read wants, as far as that matters still.
func (w *walk) wants(e *entry) bool {
	return w.from.IsZero() || e.time.IsZero() || !e.time.Before(w.from) || (e.numbered && w.position.begun)
}

// isNew tells whether an entry with a number was neither accepted before nor met on its page.
func (w *walk) isNew(e *entry, met map[uint64]struct{}) bool {
	if e.id <= w.position.floor {
		return false
	}
	_, seen := w.position.seen[e.id]
	_, twice := met[e.id]
	if seen || twice {
		w.repeats++
		return false
	}
	met[e.id] = struct{}{}
	return true
}

// lowestAbove is the place of the last entry of a page whose number is above the floor; -1 if there is none.
func (w *walk) lowestAbove(pg page) int {
	for i := len(pg.entries) - 1; i >= 0; i-- {
		if e := &pg.entries[i]; e.numbered && e.id > w.position.floor {
			return i
		}
	}
	return -1
}

// age notes the lowest id that may have company that is late.
func (w *walk) age(e *entry) {
	if e.id < w.young && (e.time.IsZero() || !e.time.Before(w.dates().Add(-w.p.s.Overlap-dateStep))) {
		w.young = e.id
	}
}

// dates is the time that the log showed when the read began: that of its newest entry, which may be written by a clock
// that is behind the server's, but not the future. If the log was idle, ids are taken for younger than they are.
func (w *walk) dates() time.Time {
	if newest := w.began.Newest; !newest.IsZero() && newest.Before(w.began.Server) {
		return newest
	}
	return w.began.Server
}

// settled is an id up to which all were accepted and none appears late, as far as dates can tell.
func (w *walk) settled() uint64 {
	if w.young == 0 {
		return 0
	}
	return min(w.covered, w.young-1)
}
