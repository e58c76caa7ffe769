package auth0

import (
	"cmp"
	"encoding/json"
	"maps"
	"time"

	"github.com/userlog/userlog-otel/receiver/internal/claim"
	"github.com/userlog/userlog-otel/receiver/internal/source"
)

const (
	// maxMarks is the most that a cursor remembers, keptMarks what is left of more.
	maxMarks  = 10_000
	keptMarks = 9_000
	// keptFor is how old the time of the last read may be: a cursor is stored for it once in that time, and a gap is told
	// from at most so much too early on.
	keptFor = time.Hour
)

// position is how far the log of a tenant was read: every entry whose id is not above from was accepted, and so was every
// entry above it whose mark is in seen. It is a value; changes make new ones.
type position struct {
	// start is set as long as nothing was read: entries are wanted that arrive from that time of the local clock on.
	start time.Time
	// from is the id that reading goes on after. It is last, or lies below it by the overlap, or is no entry's.
	from string
	// last is the id of the last entry accepted; "" if there is none.
	last string
	// read is the server's time at the last read that came to the end of the log, or at most keptFor before it.
	read time.Time
	// seen holds the marks of accepted entries that can be met again: those above from, those whose ids are of times to
	// come, and those without an id of the usual form, each with the time of its arrival as a stamp, or undated.
	seen map[claim.Mark]int64
}

// positionText is a position as JSON. Times are in Unix milliseconds.
type positionText struct {
	Start int64  `json:"s,omitempty"`
	From  string `json:"f,omitempty"` // left out if it is Last
	Last  string `json:"i,omitempty"`
	Read  int64  `json:"t,omitempty"`
	Seen  string `json:"r,omitempty"`
}

// cursor writes the position. The same position always makes the same text.
func (p position) cursor() source.Cursor {
	text := positionText{
		Start: claim.Millis(p.start), From: p.from, Last: p.last, Read: claim.Millis(p.read), Seen: claim.MarksText(p.seen),
	}
	if p.from == p.last {
		text.From = ""
	}
	encoded, _ := json.Marshal(text) // of numbers and text: cannot fail
	return source.Cursor(encoded)
}

// parsePosition reads what cursor wrote.
func parsePosition(cursor source.Cursor) (position, error) {
	var t positionText
	if err := json.Unmarshal([]byte(cursor), &t); err != nil {
		return position{}, claim.ErrUnreadable
	}
	from := cmp.Or(t.From, t.Last)
	if (t.Start == 0) == (from == "") {
		return position{}, claim.ErrUnreadable
	}
	seen, err := claim.ParseMarks(t.Seen)
	if err != nil {
		return position{}, err
	}
	return position{
		start: claim.FromMillis(t.Start), from: from, last: t.Last, read: claim.FromMillis(t.Read), seen: seen,
	}, nil
}

// left is the time up to which nothing is missing.
func (p position) left() time.Time {
	if arrived, timed := arrivalOf(cmp.Or(p.last, p.from)); timed && arrived.After(p.read) {
		return arrived
	}
	return p.read
}

// setBackFor is how long ago a clock may have been set back that is found to be: what arrived since then is read again
// rather than lost. It is more than the longest usual pause between two reads.
const setBackFor = 10 * time.Minute

// clamped adapts the position to the clocks; false if nobody can have read so far. What was read cannot have arrived after
// now, but a clock may have been set back.
func (p position) clamped(now claim.Clocks, overlap time.Duration) (position, bool) {
	arrived, timed := arrivalOf(p.from)
	if !timed {
		return p, true
	}
	if !(claim.Claim{Floor: arrived}).Possible(now) {
		return p, false
	}
	if latest := now.Latest(); arrived.After(latest.Add(claim.MaxSkew)) {
		p.from, p.last = idBefore(latest.Add(-max(overlap, setBackFor))), ""
	}
	return p, true
}

// forget drops the marks of what cannot be met again, and the oldest of too many: what appears below them is then not
// found.
func (p *position) forget(now claim.Clocks) {
	arrived, timed := arrivalOf(p.from)
	if !timed || len(p.seen) == 0 {
		return
	}
	upTo, timed := arrivalOf(p.last)
	if early := now.Earliest(); !timed || early.Before(upTo) {
		upTo = early
	}
	oldest := claim.Stamp(arrived)
	p.seen = maps.Clone(p.seen)
	maps.DeleteFunc(p.seen, func(_ claim.Mark, at int64) bool { return at < oldest })
	capped, _ := claim.Claim{Floor: arrived, Seen: p.seen}.Capped(maxMarks, keptMarks, upTo)
	p.seen = capped.Seen
	p.raise(idBefore(capped.Floor))
}

// raise lets from follow to an id, "" for none, unless it is there already.
func (p *position) raise(id string) {
	if id != "" && !reaches(p.from, id) {
		p.from = id
	}
}

// undated is the stamp of marks that do not age. They are kept for as long as their entries are met.
const undated = claim.MaxStamp

// forgetUndated drops the marks without a date of entries that a read to the end of the log did not meet.
func (p *position) forgetUndated(met map[claim.Mark]struct{}) {
	gone := func(m claim.Mark, at int64) bool { _, ok := met[m]; return at == undated && !ok }
	for m, at := range p.seen {
		if gone(m, at) {
			p.seen = maps.Clone(p.seen)
			maps.DeleteFunc(p.seen, gone)
			return
		}
	}
}

// reaches tells whether an id is not above the one up to which everything was accepted. Ids of another form than the
// usual are only compared for being the same.
func reaches(from, id string) bool {
	return id == from || len(id) == idLength && len(from) == idLength && id < from
}
