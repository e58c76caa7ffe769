package auth0

import (
	"cmp"
	"maps"

	"github.com/userlog/userlog-otel/receiver/internal/claim"
	"github.com/userlog/userlog-otel/receiver/internal/source"
)

// take makes a batch of a page: what is new in it and wanted, with the position that is true once it was accepted.
func (c *climb) take(page answer) source.Batch {
	batch := source.Batch{Gap: c.gap, Entries: make([]source.Entry, 0, len(page.entries))}
	c.gap = nil
	var (
		last, stranger string
		marks          = map[claim.Mark]int64{}
		bytes          = 0
	)
	for i := range page.entries {
		e := &page.entries[i]
		id := e.logID()
		strange := c.strange(id)
		if id != "" && !strange && !c.ahead(id) {
			last = id
		}
		if c.knows(e, id, marks) {
			batch.Repeats++
			continue
		}
		if strange && len(id) <= maxID {
			stranger = id
		}
		c.fresh++
		if !c.s.Filter.keeps(e) {
			batch.Filtered++
			continue
		}
		bytes += e.size()
		batch.Entries = append(batch.Entries, e)
	}
	if bytes*detachBelow < page.bytes {
		for i, e := range batch.Entries {
			alone := e.(*entry).detach()
			batch.Entries[i] = &alone
		}
	}
	c.advance(cmp.Or(last, stranger), marks)
	batch.Cursor = c.at.cursor()
	return batch
}

// knows tells whether an entry was accepted before, and notes its mark if not, where it can be met again.
func (c *climb) knows(e *entry, id string, marks map[claim.Mark]int64) bool {
	if id != "" && reaches(c.at.from, id) {
		return true
	}
	again := id == "" || c.s.Overlap > 0 && usual(id) || c.strange(id) || c.ahead(id)
	if !again && len(c.at.seen) == 0 {
		return false
	}
	mark := claim.MarkOf(e.uid())
	stamp := int64(undated)
	if arrived, timed := arrivalOf(id); timed {
		stamp = claim.Stamp(arrived)
	}
	if stamp == undated {
		c.undated[mark] = struct{}{}
	}
	_, before := c.at.seen[mark]
	_, now := marks[mark]
	if before || now || !again {
		return before || now
	}
	marks[mark] = stamp
	return false
}

// strange tells whether an id is of another form than those before it. To go on from one might hide all that arrives with
// the usual form, so that is done only from a page whose new entries have no other.
func (c *climb) strange(id string) bool {
	return len(id) > maxID || id != "" && usual(c.at.from) && !usual(id)
}

// maxID bounds an id that is gone on from: it is sent in a query, and stored.
const maxID = 256

// ahead tells whether an id is of a time that is still to come. To go on from it would hide all that arrives until then.
func (c *climb) ahead(id string) bool {
	if c.limit == "" {
		c.limit = idBefore(c.now.Latest().Add(claim.MaxSkew))
	}
	return usual(id) && id > c.limit
}

// advance moves the position over a page that was accepted: its last id, and the marks of its entries.
func (c *climb) advance(last string, marks map[claim.Mark]int64) {
	if last != "" && !reaches(c.at.last, last) {
		c.at.last = last
	}
	if c.done {
		last = c.at.last
	}
	c.at.raise(c.settledID(last))
	if len(marks) > 0 {
		maps.Copy(marks, c.at.seen)
		c.at.seen = marks
	}
	if c.done {
		c.rest()
	}
	c.at.forget(c.now)
}

// settledID is the id up to which everything was accepted and nothing appears any more, when this read has come to the
// entry with an id.
func (c *climb) settledID(id string) string {
	arrived, timed := arrivalOf(id)
	if !timed || c.s.Overlap == 0 {
		return id
	}
	if early := c.now.Earliest(); early.Before(arrived) { // what appeared below since then was not met by this read
		arrived = early
	}
	return idBefore(arrived.Add(-c.s.Overlap))
}

// rest notes that the read came to the end of the log. One that found nothing new does so only now and then, because a
// cursor that stays the same is not stored; or if more than one page had to be read to find out, so that the next read,
// and all until something happens, take one.
func (c *climb) rest() {
	if since := c.now.Server.Sub(c.at.read); c.fresh > 0 || since >= keptFor || since < 0 {
		c.at.read = c.now.Server
	}
	c.at.forgetUndated(c.undated)
	if _, timed := arrivalOf(c.at.from); c.fresh > 0 || c.met < 2 || !timed {
		return
	}
	if c.s.Overlap > 0 {
		c.at.raise(idBefore(c.now.Earliest().Add(-c.s.Overlap)))
	}
}
