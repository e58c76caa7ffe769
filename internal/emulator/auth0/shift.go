package auth0

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/userlog/userlog-otel/internal/emulator/cloud"
)

// ShiftDates returns the entries with their dates moved by the same whole number of seconds, so that the newest lies
// within the second before newest. Nothing but the digits of the date changes. Entries without a date that can be read
// stay as they are, and so do all if none has one.
func ShiftDates(entries []json.RawMessage, newest time.Time) []json.RawMessage {
	dates := make([]date, len(entries))
	var last time.Time
	for i, raw := range entries {
		dates[i] = findDate(raw)
		if t := dates[i].time; t.After(last) {
			last = t
		}
	}
	if last.IsZero() {
		return entries
	}
	by := newest.Sub(last).Truncate(time.Second)
	if last.Add(by).After(newest) { // backwards: Truncate rounds towards 0
		by -= time.Second
	}
	shifted := make([]json.RawMessage, len(entries))
	for i, raw := range entries {
		shifted[i] = dates[i].shift(raw, by)
	}
	return shifted
}

// date is that of an entry: where its JSON string lies, and how it is written. It is zero if there is none.
type date struct {
	start, end int
	layout     string
	time       time.Time
}

// findDate finds the member "date" of the entry itself, the last one if there are several.
func findDate(raw json.RawMessage) date {
	var found date
	d := json.NewDecoder(bytes.NewReader(raw))
	if token, err := d.Token(); err != nil || token != json.Delim('{') {
		return date{}
	}
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return date{}
		}
		var value json.RawMessage
		if err := d.Decode(&value); err != nil {
			return date{}
		}
		if name == "date" {
			end := int(d.InputOffset())
			found = date{start: end - len(value), end: end}
			found.layout, found.time = parseDate(cloud.Text(value))
		}
	}
	return found
}

// parseDate reads the form of the API, 2006-01-02T15:04:05.000Z, and that of exports, 2006-01-02 15:04:05.000000000,
// which is in UTC, both with up to nine digits behind the second. It returns the layout that writes it so again.
func parseDate(s string) (layout string, t time.Time) {
	const second = "2006-01-02T15:04:05"
	fraction := ""
	if len(s) > len(second) && s[len(second)] == '.' {
		rest := s[len(second)+1:]
		digits := len(rest) - len(strings.TrimLeft(rest, "0123456789"))
		if digits < 1 || digits > 9 { // what time.Parse takes, Format could not write again
			return "", time.Time{}
		}
		fraction = "." + strings.Repeat("0", digits)
	}
	for _, layout := range []string{second + fraction + "Z07:00", strings.Replace(second, "T", " ", 1) + fraction} {
		if t, err := time.Parse(layout, s); err == nil {
			return layout, t
		}
	}
	return "", time.Time{}
}

func (d date) shift(raw json.RawMessage, by time.Duration) json.RawMessage {
	if d.layout == "" {
		return raw
	}
	return slices.Concat(raw[:d.start], []byte(d.time.Add(by).Format(`"`+d.layout+`"`)), raw[d.end:])
}
