package kobil

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/userlog/userlog-otel/receiver/internal/claim"
	"github.com/userlog/userlog-otel/receiver/internal/source"
)

// cursorJSON is a position as text. Times are in Unix milliseconds, ids in base 36.
type cursorJSON struct {
	Start     int64  `json:"s,omitempty"`
	From      int64  `json:"f,omitempty"`
	Begun     bool   `json:"b,omitempty"`
	Floor     string `json:"c,omitempty"`
	FloorAt   int64  `json:"a,omitempty"`
	Ahead     int64  `json:"h,omitempty"`
	Far       string `json:"x,omitempty"`
	Mark      string `json:"m,omitempty"`
	MarkAt    int64  `json:"t,omitempty"`
	MarkLocal int64  `json:"l,omitempty"`
	// Seen is the ids in ascending order, each as its distance to the one before, the first to the floor.
	Seen string `json:"r,omitempty"`
	// Odd is in the order of acceptance; OddFloor and OddMark count from its beginning.
	Odd      []claim.Mark `json:"o,omitempty"`
	OddFloor int          `json:"p,omitempty"`
	OddMark  int          `json:"q,omitempty"`
}

const base = 36

// cursor writes the position as text, the same position always the same text.
func (p position) cursor() source.Cursor {
	j := cursorJSON{Start: claim.Millis(p.start)}
	if p.started() {
		j.Floor, j.FloorAt = strconv.FormatUint(p.floor, base), claim.Millis(p.floorAt)
		j.From, j.Begun, j.Ahead = claim.Millis(p.from), p.begun && !p.from.IsZero(), claim.Millis(p.ahead)
		if p.waits() {
			j.Mark, j.MarkAt, j.MarkLocal = strconv.FormatUint(p.mark, base), claim.Millis(p.markAt), claim.Millis(p.markLocal)
			j.OddMark = p.oddMark
		}
		distances, last := slices.Sorted(maps.Keys(p.seen)), p.floor
		for i, id := range distances {
			distances[i], last = id-last, id
		}
		j.Seen, j.Far, j.Odd, j.OddFloor = formatIDs(distances), formatIDs(p.far), p.odd, p.oddFloor
	}
	text, _ := json.Marshal(j) // of numbers and plain text: cannot fail
	return source.Cursor(text)
}

func parseCursor(text source.Cursor) (position, error) {
	var j cursorJSON
	if err := json.Unmarshal([]byte(text), &j); err != nil || (j.Start == 0) == (j.Floor == "") {
		return position{}, claim.ErrUnreadable
	}
	if odd := len(j.Odd); j.OddFloor < 0 || j.OddFloor > odd || j.OddMark < 0 || j.OddMark > odd {
		return position{}, claim.ErrUnreadable
	}
	p := position{
		start: claim.FromMillis(j.Start), from: claim.FromMillis(j.From), begun: j.Begun,
		floorAt: claim.FromMillis(j.FloorAt), ahead: claim.FromMillis(j.Ahead),
		markAt: claim.FromMillis(j.MarkAt), markLocal: claim.FromMillis(j.MarkLocal),
		seen: map[uint64]struct{}{}, odd: j.Odd, oddFloor: j.OddFloor, oddMark: j.OddMark,
	}
	var err error
	if p.floor, err = parseID(j.Floor); err != nil {
		return position{}, err
	}
	if p.mark, err = parseID(j.Mark); err != nil {
		return position{}, err
	}
	if p.far, err = parseIDs(j.Far); err != nil {
		return position{}, err
	}
	distances, err := parseIDs(j.Seen)
	if err != nil {
		return position{}, err
	}
	last := p.floor
	for _, d := range distances {
		if d == 0 || last+d < last {
			return position{}, claim.ErrUnreadable
		}
		last += d
		p.seen[last] = struct{}{}
	}
	return p, nil
}

// formatIDs writes ids in base 36 with spaces between them.
func formatIDs(ids []uint64) string {
	var text strings.Builder
	for i, id := range ids {
		if i > 0 {
			text.WriteByte(' ')
		}
		text.WriteString(strconv.FormatUint(id, base))
	}
	return text.String()
}

func parseIDs(text string) (ids []uint64, err error) {
	for word := range strings.FieldsSeq(text) {
		id, err := parseID(word)
		if err != nil {
			return nil, err
		}
		ids = append(ids, id)
	}
	return ids, nil
}

// parseID reads an id in base 36; no text is 0.
func parseID(text string) (uint64, error) {
	if text == "" {
		return 0, nil
	}
	id, err := strconv.ParseUint(text, base, 64)
	if err != nil {
		return 0, claim.ErrUnreadable
	}
	return id, nil
}
