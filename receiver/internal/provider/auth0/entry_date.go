package auth0

import (
	"strings"
	"time"
)

// The form of a date without a zone, found in exports of log streams, where the zone is UTC. time.Parse accepts a
// fraction of the second behind it.
const exportedDate = "2006-01-02 15:04:05"

// parseDate reads a date: RFC 3339, or the exported form in UTC. It returns the zero time for anything else.
func parseDate(s string) time.Time {
	if t, ok := parseUsualDate(s); ok {
		return t
	}
	if len(s) <= len("2006-01-02 ") {
		return time.Time{}
	}
	layout := exportedDate
	if s[len("2006-01-02")] != ' ' {
		layout = time.RFC3339
		s = strings.ToUpper(s) // RFC 3339 allows "t" and "z"
	}
	t, err := time.Parse(layout, s)
	if err != nil {
		return time.Time{}
	}
	return t.UTC()
}

// parseUsualDate reads the form that every recorded answer has, 2006-01-02T15:04:05.000Z, at a tenth of the cost.
func parseUsualDate(s string) (time.Time, bool) {
	const form = "0000-00-00T00:00:00.000Z"
	if len(s) != len(form) {
		return time.Time{}, false
	}
	for i := range len(form) {
		if form[i] == '0' && (s[i] < '0' || s[i] > '9') || form[i] != '0' && s[i] != form[i] {
			return time.Time{}, false
		}
	}
	year, month, day := number(s[0:4]), time.Month(number(s[5:7])), number(s[8:10])
	hour, minute, second := number(s[11:13]), number(s[14:16]), number(s[17:19])
	t := time.Date(year, month, day, hour, minute, second, number(s[20:23])*int(time.Millisecond), time.UTC)
	// time.Date carries what is out of range (30 February) over into the next unit. Every unit is below 100, so a
	// carry always shows in the unit itself.
	if t.Month() != month || t.Day() != day || t.Hour() != hour || t.Minute() != minute || t.Second() != second {
		return time.Time{}, false
	}
	return t, true
}

// number reads digits.
func number(digits string) int {
	n := 0
	for i := range len(digits) {
		n = n*10 + int(digits[i]-'0')
	}
	return n
}
