package canvas

import (
	"encoding/json"
	"time"

	"github.com/userlog/userlog-otel/receiver/internal/claim"
	"github.com/userlog/userlog-otel/receiver/internal/source"
)

// position is a claim with what the other logs of the receiver want to know of it, because an event may be in several.
type position struct {
	claim.Claim
	// from is the time from which on the log is wanted; the claim says nothing of what was before.
	from time.Time
	// id is the number of a log that is asked for by a name, once an event showed it.
	id string
}

// positionJSON is a position as text. Times are in Unix milliseconds.
type positionJSON struct {
	claim.Text
	From int64  `json:"b,omitempty"`
	ID   string `json:"i,omitempty"`
}

// cursor writes the position as text, the same position always the same text.
func (p position) cursor() source.Cursor {
	text, _ := json.Marshal(positionJSON{p.Text(), claim.Millis(p.from), p.id}) // of numbers and text: cannot fail
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
	return position{Claim: c, from: claim.FromMillis(j.From), id: j.ID}, nil
}

// at adapts the position to the clocks.
func (p position) at(now claim.Clocks, overlap time.Duration) position {
	begun := p.Start.IsZero()
	p.Claim = p.At(now, overlap)
	if !begun {
		p.from = p.Floor
	}
	return p
}
