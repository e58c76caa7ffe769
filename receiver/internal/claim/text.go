package claim

import (
	"errors"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
)

// ErrUnreadable means that a text is none that a claim was written as.
var ErrUnreadable = errors.New("the stored cursor cannot be read")

// ErrFuture means that a cursor begins at, or claims to have reached, a time that is still to come.
var ErrFuture = errors.New("the stored cursor is of a time that is still to come")

// Text is a claim as JSON. Times are in Unix milliseconds. The same claim always makes the same text.
type Text struct {
	Start  int64  `json:"s,omitempty"`
	Newest int64  `json:"w,omitempty"`
	Floor  int64  `json:"f,omitempty"`
	Seen   string `json:"r,omitempty"` // markLength + stampLength characters each, sorted
}

// Text writes the claim.
func (c Claim) Text() Text {
	return Text{Start: Millis(c.Start), Newest: Millis(c.Newest), Floor: Millis(c.Floor), Seen: MarksText(c.Seen)}
}

// Claim reads what Text wrote. Exactly one of start and floor has to be there.
func (t Text) Claim() (Claim, error) {
	if (t.Start == 0) == (t.Floor == 0) {
		return Claim{}, ErrUnreadable
	}
	seen, err := ParseMarks(t.Seen)
	if err != nil {
		return Claim{}, err
	}
	return Claim{Start: FromMillis(t.Start), Newest: FromMillis(t.Newest), Floor: FromMillis(t.Floor), Seen: seen}, nil
}

// MarksText writes marks with their stamps. The same marks always make the same text.
func MarksText(marks map[Mark]int64) string {
	var b strings.Builder
	b.Grow(len(marks) * (markLength + stampLength))
	for _, m := range slices.Sorted(maps.Keys(marks)) {
		digits := strconv.FormatInt(marks[m], 36)
		b.WriteString(string(m))
		b.WriteString(strings.Repeat("0", stampLength-len(digits)))
		b.WriteString(digits)
	}
	return b.String()
}

// ParseMarks reads what MarksText wrote; ErrUnreadable is the only error.
func ParseMarks(text string) (map[Mark]int64, error) {
	if len(text)%(markLength+stampLength) != 0 {
		return nil, ErrUnreadable
	}
	marks := make(map[Mark]int64, len(text)/(markLength+stampLength))
	for ; text != ""; text = text[markLength+stampLength:] {
		seconds, err := strconv.ParseInt(text[markLength:markLength+stampLength], 36, 64)
		if err != nil || seconds < 0 {
			return nil, ErrUnreadable
		}
		marks[Mark(text[:markLength])] = seconds
	}
	return marks, nil
}

// Millis is a time in Unix milliseconds: 0 for the zero time, and for 1970-01-01 itself, which no entry's date is.
func Millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

// FromMillis is the time that Millis wrote.
func FromMillis(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}
