package auth0

import (
	"sort"
	"strings"
	"time"
)

// span is a range of times. Its ends belong to it unless they are open (auth0 docs: "Log search query syntax": ranges in
// [ ] include their ends, in { } not; the two can be mixed).
type span struct {
	from, to         time.Time // zero: without an end
	fromOpen, toOpen bool
}

// parseSpan reads the parts of a range such as [2026-03-01 TO *}.
func parseSpan(left, from, to, right string) (span, bool) {
	s := span{fromOpen: left == "{", toOpen: right == "}"}
	var ok1, ok2 bool
	s.from, ok1 = parseBound(from)
	s.to, ok2 = parseBound(to)
	return s, ok1 && ok2
}

// parseBound reads an end of a range: a date or a time, UTC where it has no zone; * is open. A date means its midnight.
func parseBound(s string) (time.Time, bool) {
	s = strings.Trim(s, `"`)
	if s == "*" {
		return time.Time{}, true
	}
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05", "2006-01-02"} {
		if at, err := time.Parse(layout, s); err == nil {
			return at, true
		}
	}
	return time.Time{}, false
}

// bounded tells whether the span says anything: [* TO *] does not.
func (s span) bounded() bool { return !s.from.IsZero() || !s.to.IsZero() }

// holds tells whether a time lies in the span. No time, which is zero, lies only in one that is not bounded.
func (s span) holds(t time.Time) bool {
	return !s.bounded() || !t.IsZero() && !s.after(t) && !s.before(t)
}

// after tells whether the span begins after a time.
func (s span) after(t time.Time) bool { return t.Before(s.from) || s.fromOpen && t.Equal(s.from) }

// before tells whether the span ended before a time.
func (s span) before(t time.Time) bool {
	return !s.to.IsZero() && (t.After(s.to) || s.toOpen && t.Equal(s.to))
}

// within is the part of a list, sorted by time, that lies in the span.
func within[E any](s span, sorted []E, at func(E) time.Time) []E {
	if !s.bounded() {
		return sorted
	}
	from := sort.Search(len(sorted), func(i int) bool { t := at(sorted[i]); return !t.IsZero() && !s.after(t) })
	to := sort.Search(len(sorted), func(i int) bool { return s.before(at(sorted[i])) })
	return sorted[from:max(from, to)]
}
