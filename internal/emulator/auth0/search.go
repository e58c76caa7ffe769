package auth0

import (
	"net/http"
	"regexp"
	"sort"
	"strings"
	"time"
)

// criteria is what the emulator understands of q: the log of one user, and a range of dates.
type criteria struct {
	user     string
	from, to time.Time // zero: open
	fromOpen bool      // from itself is excluded: "{"
	toOpen   bool      // to itself is excluded: "}"
}

// Terms of the Lucene subset (auth0 docs: "Log search query syntax": ranges in [ ] include their ends, in { } not; the
// two can be mixed).
var (
	userTerm = regexp.MustCompile(`^user_id:"((?:[^"\\]|\\.)*)"$`)
	dateTerm = regexp.MustCompile(`^date:([\[{])\s*(\S+)\s+TO\s+(\S+?)\s*([\]}])$`)
)

// parseSearch reads q: user_id:"…" and date:[a TO b], joined by AND. Everything else is refused with a message that
// says so; the real search knows more.
func parseSearch(q string) (criteria, *apiError) {
	var c criteria
	if strings.TrimSpace(q) == "" {
		return c, nil
	}
	for term := range strings.SplitSeq(q, " AND ") {
		term = strings.TrimSpace(term)
		if m := userTerm.FindStringSubmatch(term); m != nil {
			c.user = strings.NewReplacer(`\\`, `\`, `\"`, `"`).Replace(m[1])
			continue
		}
		m := dateTerm.FindStringSubmatch(term)
		if m == nil {
			return c, errSearch(term)
		}
		var ok1, ok2 bool
		c.from, ok1 = parseBound(m[2])
		c.to, ok2 = parseBound(m[3])
		if !ok1 || !ok2 {
			return c, errSearch(term)
		}
		c.fromOpen, c.toOpen = m[1] == "{", m[4] == "}"
	}
	return c, nil
}

func errSearch(term string) *apiError {
	e := newError(http.StatusBadRequest, `The emulator understands in q only user_id:"..." and date:[a TO b], joined by AND; not `+term, "invalid_query")
	return &e
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

func (c criteria) bounded() bool { return !c.from.IsZero() || !c.to.IsZero() }

// within is the part of entries, sorted by date, that lies in the range. Entries without a date are in none.
func (c criteria) within(entries []*entry) []*entry {
	lo := sort.Search(len(entries), func(i int) bool {
		d := entries[i].date
		return !d.IsZero() && (d.After(c.from) || !c.fromOpen && d.Equal(c.from))
	})
	hi := len(entries)
	if !c.to.IsZero() {
		hi = sort.Search(len(entries), func(i int) bool {
			d := entries[i].date
			return d.After(c.to) || c.toOpen && d.Equal(c.to)
		})
	}
	return entries[lo:max(lo, hi)]
}
