package auth0

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/userlog/userlog-otel/receiver/internal/source"
)

// claim says what of a log was accepted downstream: every entry dated before the floor, and every entry whose mark is
// in seen. It is a value; changes make new ones.
type claim struct {
	// start is set as long as nothing was read: entries are wanted from that time of the local clock on.
	start time.Time
	// newest is the date of the newest entry accepted, at most the server's time when it was read.
	newest time.Time
	// floor lies at least the overlap behind newest. It is kept, not computed, so that a larger overlap in the
	// configuration does not bring entries again whose marks are forgotten.
	floor time.Time
	// seen holds the marks of accepted entries that can be met again, each with its date in Unix seconds.
	seen map[mark]int64
}

// mark stands for the id of an entry: 96 bits of its hash in base64url. Two entries of one log share one with a
// probability of (number of entries)/2^96.
type mark string

const (
	markLength = 16
	// stampLength base36 digits hold the seconds up to the year 4453.
	stampLength = 7
	maxStamp    = 36*36*36*36*36*36*36 - 1
	// maxSeen bounds the marks: twice what can be met again by paging.
	maxSeen = 2 * maxResults
)

func markOf(uid string) mark {
	sum := sha256.Sum256([]byte(uid))
	return mark(base64.RawURLEncoding.EncodeToString(sum[:markLength*6/8]))
}

// stamp cuts a date to what a cursor can hold.
func stamp(t time.Time) int64 { return min(max(t.Unix(), 0), maxStamp) }

// cursorJSON is a claim as text. Times are in Unix milliseconds.
type cursorJSON struct {
	Start  int64  `json:"s,omitempty"`
	Newest int64  `json:"w,omitempty"`
	Floor  int64  `json:"f,omitempty"`
	Seen   string `json:"r,omitempty"` // markLength + stampLength characters each, sorted
}

var errBadCursor = errors.New("the stored cursor cannot be read")

// cursor writes the claim as text, the same claim always the same text.
func (c claim) cursor() source.Cursor {
	j := cursorJSON{Start: millis(c.start), Newest: millis(c.newest), Floor: millis(c.floor)}
	var b strings.Builder
	b.Grow(len(c.seen) * (markLength + stampLength))
	for _, m := range slices.Sorted(maps.Keys(c.seen)) {
		digits := strconv.FormatInt(c.seen[m], 36)
		b.WriteString(string(m))
		b.WriteString(strings.Repeat("0", stampLength-len(digits)))
		b.WriteString(digits)
	}
	j.Seen = b.String()
	text, _ := json.Marshal(j) // of numbers and plain text: cannot fail
	return source.Cursor(text)
}

func parseCursor(text source.Cursor) (claim, error) {
	var j cursorJSON
	if err := json.Unmarshal([]byte(text), &j); err != nil {
		return claim{}, errBadCursor
	}
	if len(j.Seen)%(markLength+stampLength) != 0 || (j.Start == 0) == (j.Floor == 0) {
		return claim{}, errBadCursor
	}
	c := claim{start: fromMillis(j.Start), newest: fromMillis(j.Newest), floor: fromMillis(j.Floor), seen: map[mark]int64{}}
	for s := j.Seen; s != ""; s = s[markLength+stampLength:] {
		seconds, err := strconv.ParseInt(s[markLength:markLength+stampLength], 36, 64)
		if err != nil || seconds < 0 {
			return claim{}, errBadCursor
		}
		c.seen[mark(s[:markLength])] = seconds
	}
	return c, nil
}

// millis is 0 for the zero time, and for 1970-01-01 itself, which no entry's date is.
func millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

func fromMillis(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}

// at adapts the claim to the clocks. A start is moved to the tenant's clock. And no date lies in the future of both
// clocks, or else a cursor that was tampered with would make everything to come look old.
func (c claim) at(now clocks, overlap time.Duration) claim {
	if !c.start.IsZero() {
		from := c.start.Add(now.skew())
		return claim{newest: from, floor: from, seen: c.seen}
	}
	latest := now.latest()
	if c.newest.After(latest) {
		c.newest = latest
	}
	if c.floor.After(latest) {
		c.floor = latest.Add(-overlap)
	}
	return c
}

// settled raises the floor to a time before which nothing appears any more and everything was accepted.
func (c claim) settled(before time.Time) claim {
	if before.After(c.floor) {
		c.floor = before
	}
	c.seen = maps.Clone(c.seen)
	c.prune()
	return c
}

// with adds accepted entries. If they are all that the log holds down to the floor and up to their last date, the
// floor follows it, at the distance of the overlap.
func (c claim) with(accepted map[mark]int64, upTo time.Time, overlap time.Duration) claim {
	if upTo.After(c.newest) {
		c.newest = upTo
	}
	if floor := c.newest.Add(-overlap); floor.After(c.floor) && !upTo.IsZero() {
		c.floor = floor
	}
	seen := make(map[mark]int64, len(c.seen)+len(accepted))
	maps.Copy(seen, c.seen)
	maps.Copy(seen, accepted)
	c.seen = seen
	c.prune()
	return c
}

// remember keeps the marks of entries without a date of their own for as long as they are met.
func (c claim) remember(undated []walkRow) {
	at := stamp(c.newest)
	if floor := stamp(c.floor); floor > at {
		at = floor
	}
	for _, r := range undated {
		c.seen[r.mark] = at
	}
}

// prune forgets the marks below the floor, and the oldest of too many.
func (c *claim) prune() {
	oldest := stamp(c.floor)
	maps.DeleteFunc(c.seen, func(_ mark, at int64) bool { return at < oldest })
	c.seen = newestOf(c.seen, maxSeen)
}

// newestOf drops the oldest marks if there are too many.
func newestOf(seen map[mark]int64, n int) map[mark]int64 {
	if len(seen) <= n {
		return seen
	}
	marks := slices.SortedFunc(maps.Keys(seen), func(a, b mark) int { return int(seen[b] - seen[a]) })
	for _, m := range marks[n:] {
		delete(seen, m)
	}
	return seen
}
