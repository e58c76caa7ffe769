package canvas

import (
	"encoding/json"
	"time"

	"github.com/userlog/userlog-otel/receiver/internal/claim"
	"github.com/userlog/userlog-otel/receiver/internal/source"
)

const (
	// maxSeen bounds the marks of a position, which is stored after every batch: to a quarter of a megabyte.
	maxSeen = 10_000
	// keptSeen is how many are left when there are more. What appears late below so many events of one log is not found.
	keptSeen = 9000
)

// position is a claim with what the logs of the receiver want to know of each other, because an event may be in several.
type position struct {
	claim.Claim
	// from is the time from which on the log is wanted; the claim says nothing of what was before.
	from time.Time
	// id is the number of a log that is asked for by a name, once an event showed it.
	id string
	// refused is set from when a right was missing until the log is readable again. doubt is when it was, until the
	// floor is past that: up to then the logs of users and logins may have left out what belongs to this one.
	refused bool
	doubt   time.Time
	// span is how long the spans are in which a long past is read, in whole seconds; 0 if the log is read until now. It
	// is no claim: a read that makes room for others is to go on without looking for that length again.
	span time.Duration
}

// positionJSON is a position as text. Times are in Unix milliseconds, the span in seconds.
type positionJSON struct {
	claim.Text
	From    int64  `json:"b,omitempty"`
	ID      string `json:"i,omitempty"`
	Refused bool   `json:"n,omitempty"`
	Doubt   int64  `json:"d,omitempty"`
	Span    int64  `json:"l,omitempty"`
}

// cursor writes the position as text, the same position always the same text.
func (p position) cursor() source.Cursor {
	if p.Floor.After(p.doubt) {
		p.doubt = time.Time{}
	}
	text, _ := json.Marshal(positionJSON{
		p.Text(), claim.Millis(p.from), p.id, p.refused, claim.Millis(p.doubt), int64(p.span / resolution),
	}) // of numbers and text: cannot fail
	return source.Cursor(text)
}

func parseCursor(text source.Cursor) (position, error) {
	var j positionJSON
	if err := json.Unmarshal([]byte(text), &j); err != nil {
		return position{}, claim.ErrUnreadable
	}
	c, err := j.Claim()
	if err != nil {
		return position{}, err
	}
	return position{
		Claim: c, from: claim.FromMillis(j.From), id: j.ID, refused: j.Refused, doubt: claim.FromMillis(j.Doubt),
		span: time.Duration(min(max(j.Span, 0), int64(longest/resolution))) * resolution,
	}, nil
}

// at adapts the position to the clocks of an answer.
func (p position) at(now claim.Clocks, overlap time.Duration) position {
	begun := p.Start.IsZero()
	p.Claim = p.At(now, overlap)
	if !begun {
		p.from = beginning(p.Floor)
		p.Floor, p.Newest = p.from, p.from
	}
	if p.refused {
		p.refused, p.doubt = false, now.Latest().Add(claim.MaxSkew)
	}
	return p
}

// refusedNow is the position of a log for which a right is missing.
func (p position) refusedNow() position {
	p.refused, p.doubt = true, time.Time{}
	return p
}
