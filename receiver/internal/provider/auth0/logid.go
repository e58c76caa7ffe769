package auth0

import (
	"strings"
	"time"
)

// A log_id is, in every answer recorded since 2018, 56 digits: 900, the time of arrival in UTC to the millisecond, and a
// sequence. Auth0 does not document the form, and other forms were seen before 2018 and on development hosts. So an id is
// only taken apart to know where to begin, and where that goes wrong the search finds the place.
const (
	idPrefix = "900"
	idTime   = "20060102150405"
	idLength = 56
)

// usual tells, at little cost, whether an id looks like one of the usual form.
func usual(id string) bool { return len(id) == idLength && strings.HasPrefix(id, idPrefix) }

// arrivalOf is the time at which an entry arrived in the log, by its id; false if the id is of another form.
func arrivalOf(id string) (time.Time, bool) {
	if !usual(id) || strings.Trim(id, "0123456789") != "" {
		return time.Time{}, false
	}
	digits := id[len(idPrefix):]
	t, err := time.Parse(idTime+".000", digits[:len(idTime)]+"."+digits[len(idTime):len(idTime)+3])
	return t, err == nil
}

// idBefore is an id below those of all entries that arrive at a time or later. The API takes it although no entry has it
// (Elastic's integration begins so).
func idBefore(t time.Time) string {
	t = t.UTC().Add(-time.Millisecond)
	id := idPrefix + strings.Replace(t.Format(idTime+".000"), ".", "", 1)
	return id + strings.Repeat("9", idLength-len(id))
}
