package kobil

import "github.com/userlog/userlog-otel/receiver/internal/claim"

// short tells whether a page has fewer rows than the server gave before, or a single one. That it has fewer than were
// asked for says nothing: some servers give less at once.
func (w *walk) short(pg page) bool { return len(pg.entries) < max(w.most, leastLimit) }

// last tells whether the log ends with a page: because it is empty, because the server says so, or because it is short
// and the server says nothing. If it says that more follow, that is believed, for it may leave out rows after it has cut
// the page; but not if it says so of an empty page, too.
func (w *walk) last(pg page) bool {
	return len(pg.entries) == 0 || pg.ended || (w.short(pg) && (!pg.more || w.alwaysMore))
}

// bottom tells whether a page reaches down to what was accepted, or is not wanted, or to the end of the log.
func (w *walk) bottom(pg page) bool { return w.last(pg) || pg.old || w.reaches(pg) }

// beyond tells whether a page lies below what is covered, as far as can be seen: it can be too far down.
func (w *walk) beyond(pg page) bool {
	if !w.based {
		return pg.old || len(pg.entries) == 0
	}
	for i := range pg.entries {
		switch e := &pg.entries[i]; {
		case e.numbered:
			return e.id <= w.covered
		case w.position.settled(e.mark()):
			return true
		}
	}
	return len(pg.entries) == 0 || w.covered > 0
}

// reaches tells whether there can be no hole between a page and what is covered: pages are whole parts of the log, so a
// page with an entry that is covered holds all those above it up to its own first. The lowest number says so, or an
// entry below it that was on the page delivered last; where there is no number, also one that lies below the floor.
func (w *walk) reaches(pg page) bool {
	t := w.tail(pg)
	return w.based && (t.covered || t.joint || (t.settled && !t.numbered))
}

// tail is the end of a page: its last entry with a number, and those below it.
type tail struct {
	numbered, covered bool // there is one; it was accepted
	joint, settled    bool // one without a number was on the page delivered last, or lies below the floor
}

func (w *walk) tail(pg page) (t tail) {
	for i := len(pg.entries) - 1; i >= 0 && !t.numbered; i-- {
		if e := &pg.entries[i]; e.numbered {
			t.numbered, t.covered = true, e.id <= w.covered
		} else {
			mark := e.mark()
			_, joint := w.joint[mark]
			t.joint = t.joint || joint
			t.settled = t.settled || w.position.settled(mark)
		}
	}
	return t
}

// below is the offset of the page that follows and shares a row.
func below(pg page) int { return pg.offset + max(len(pg.entries)-1, 1) }

// above is the offset of the page before, so that it shares the first entry that was not left to it.
func (w *walk) above(pg page) int { return max(pg.offset+w.left-w.step(), 0) }

// leave is how many entries without a number at the head of a page are left to the page above, which shows the entries
// on both sides of them. None are if they fill the page, since then the one above could not share the entry below them,
// or if it was tried in vain: a page in which the server leaves rows out may not reach so far.
func (w *walk) leave(pg page) int {
	if pg.offset == 0 || w.crowded(pg) || w.vain > 1 {
		return 0
	}
	return first(pg.entries)
}

// crowded tells whether entries without a number fill a page, or leave room for a single other one.
func (w *walk) crowded(pg page) bool {
	i := first(pg.entries)
	return i > 0 && (i == len(pg.entries) || i >= w.step())
}

// join notes what the page above has to share with one that was delivered.
func (w *walk) join(pg page) {
	i := first(pg.entries)
	if i < len(pg.entries) {
		w.covered = max(w.covered, pg.entries[i].id)
	}
	w.joint = nil
	if w.left > 0 {
		return // it has to share a number, or some of those that are left could be below it
	}
	w.joint = make(map[claim.Mark]struct{}, i)
	for n := range pg.entries[:i] {
		w.joint[pg.entries[n].mark()] = struct{}{}
	}
}

// first is the place of the first entry with a number, which has the highest; their length if there is none.
func first(entries []entry) int {
	for i := range entries {
		if entries[i].numbered {
			return i
		}
	}
	return len(entries)
}
