package auth0

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

func raws(texts ...string) []json.RawMessage {
	entries := make([]json.RawMessage, len(texts))
	for i, text := range texts {
		entries[i] = json.RawMessage(text)
	}
	return entries
}

func TestShiftedDatesEndNowAndNothingElseChanges(t *testing.T) {
	now := time.Date(2026, 11, 22, 10, 0, 0, 700e6, time.UTC)
	before := raws(
		`{"date":"2025-11-07T10:20:30.456Z","type":"s"}`,
		` { "details" : {"date":"2025-11-07T10:20:30.456Z"} , "date" :  "2025-11-07T10:20:29.001Z" , "log_id":"90020251107"}`,
		`{"date":"2025-11-07T11:20:20+01:00"}`,
		`{"date":"2025-11-07 10:20:10.123456789"}`,
		`{"date":"2025-11-07 10:20:09"}`,
		`{"date":"2020-01-01T00:00:00.000Z","date":"\u0032025-11-07T10:20:08.0Z"}`,
	)
	after := raws(
		`{"date":"2026-11-22T10:00:00.456Z","type":"s"}`,
		` { "details" : {"date":"2025-11-07T10:20:30.456Z"} , "date" :  "2026-11-22T09:59:59.001Z" , "log_id":"90020251107"}`,
		`{"date":"2026-11-22T10:59:50+01:00"}`,
		`{"date":"2026-11-22 09:59:40.123456789"}`,
		`{"date":"2026-11-22 09:59:39"}`,
		`{"date":"2020-01-01T00:00:00.000Z","date":"2026-11-22T09:59:38.0Z"}`,
	)
	copies := raws()
	for _, raw := range before {
		copies = append(copies, json.RawMessage(string(raw)))
	}
	assert.Equal(t, texts(after), texts(ShiftDates(before, now)))
	assert.Equal(t, texts(copies), texts(before), "the entries that were given stay as they are")
	back := ShiftDates(ShiftDates(before, now), now.Add(-time.Hour))
	assert.Equal(t, `{"date":"2026-11-22T09:00:00.456Z","type":"s"}`, string(back[0]), "into the past, too")
	assert.Equal(t, texts(back), texts(ShiftDates(back, now.Add(-time.Hour))), "again is the same")
}

func TestEntriesWithoutAReadableDateAreNotShifted(t *testing.T) {
	odd := []string{
		`{}`, `{"date":null}`, `{"date":1762510830}`, `{"date":{"a":1}}`, `{"date":""}`, `{"date":"yesterday"}`, `{"Date":"2025-11-07T10:20:30Z"}`,
		`{"date":"2025-13-01T00:00:00Z"}`, `{"date":"2025-11-07T10:20:30.Z"}`, `{"date":"2025-11-07T10:20:30.0123456789Z"}`, `[]`, `x`, ``,
	}
	assert.Equal(t, odd, texts(ShiftDates(raws(odd...), day)), "none has one")
	dated := append(raws(odd...), json.RawMessage(`{"date":"2025-11-07T10:20:30.456Z"}`))
	shifted := texts(ShiftDates(dated, day))
	assert.Equal(t, odd, shifted[:len(odd)])
	assert.Equal(t, `{"date":"2026-03-01T11:59:59.456Z"}`, shifted[len(odd)])
	assert.Empty(t, ShiftDates(nil, day))
}

func texts(entries []json.RawMessage) []string {
	out := make([]string, len(entries))
	for i, raw := range entries {
		out[i] = string(raw)
	}
	return out
}
