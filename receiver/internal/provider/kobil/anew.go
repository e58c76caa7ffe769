package kobil

import (
	"slices"
	"time"

	"github.com/userlog/userlog-otel/receiver/internal/claim"
)

const (
	// farAhead is how much a date may be ahead of the clocks and be kept in mind: more than a clock that shows the time of
	// another zone as UTC, and so little that ids that begin anew are noticed within a day.
	farAhead = 15 * time.Hour
	// maxFar is how many entries are kept in mind that are dated further ahead. Dates like that are accidents; a server
	// that writes them always has a clock that nothing can be concluded from.
	maxFar = 10
)

// dated has accepted an entry with a date.
func (p position) dated(e *entry, now claim.Clocks) position {
	switch latest := now.Latest(); {
	case e.time.After(latest.Add(farAhead)):
		if e.numbered {
			p.far = slices.Concat(p.far, []uint64{e.id})
			p.far = p.far[max(0, len(p.far)-maxFar):]
		}
	case e.time.After(latest) && e.time.After(p.ahead):
		p.ahead = e.time
	}
	return p
}

// restarted tells whether a page shows that ids are not what the floor took them for: given out anew, as after a
// reinstallation, or below one that was far too high. An entry shows it that lies at the floor or below, and is dated
// after all ids up to there were given out, and after all entries delivered whose dates were ahead. A log whose newest
// entries were deleted looks the same but for the date. Every page can show it, as a log that begins anew may outgrow the
// floor. If the time of the floor is not known, only the newest entry can, since entries of any date lie below.
func (p position) restarted(pg page, overlap time.Duration) bool {
	if p.floorAt.IsZero() {
		return pg.offset == 0 && len(pg.entries) > 0 && pg.entries[0].id < p.floor && p.contradicted(pg.entries[0], pg.clocks, overlap)
	}
	return slices.ContainsFunc(pg.entries, func(e entry) bool { return p.contradicted(e, pg.clocks, overlap) })
}

// contradicted tells whether an entry lies at the floor or below, and is too young for that.
func (p position) contradicted(by entry, now claim.Clocks, overlap time.Duration) bool {
	settled := p.floorAt
	if p.ahead.After(settled) {
		settled = p.ahead
	}
	return by.numbered && by.id <= p.floor && by.time.After(settled.Add(overlap)) &&
		!by.time.After(now.Latest().Add(claim.MaxSkew)) && !slices.Contains(p.far, by.id)
}

// since is the time by the local clock up to which everything was read, but for what appears late; zero if it is not
// known. The time of the floor is by the clock that is ahead, which may be the server's.
func (p position) since(now claim.Clocks, overlap time.Duration) time.Time {
	if p.floorAt.IsZero() {
		return time.Time{}
	}
	return p.floorAt.Add(now.Local.Sub(now.Latest()) - overlap)
}
