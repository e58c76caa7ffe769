package auth0

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"pgregory.net/rapid"
)

func TestUID(t *testing.T) {
	for entry, want := range map[string]string{
		`{"log_id":"90020251107","_id":"x"}`:                 "90020251107",
		`{"_id":"x"}`:                                        "x",
		`{"log_id":null,"_id":"x"}`:                          "x",
		`{"log_id":"","_id":"x"}`:                            "x",
		`{"log_id":["y"],"_id":"x"}`:                         "x",
		`{"log_id":9007199254740993}`:                        "9007199254740993",
		`{"log_id":184467440737095516160000000000000000001}`: "184467440737095516160000000000000000001",
		`{"log_id":1.50e3}`:                                  "1.50e3",
		`{"log_id":true}`:                                    "true",
		`{"LOG_ID":"no","log_id":"a\u0062\n"}`:               "ab\n",
		// sha256 of the entry's bytes
		`{}`:          "44136fa355b3678a1146ad16f7e8649e",
		`{"id":"no"}`: "8add1995164fece0dc579a69a774a3ec",
		`null`:        "74234e98afe7498fb5daf1f36ac2d78a",
	} {
		e := decode(t, "["+entry+"]")[0]
		assert.Equal(t, want, e.uid(), entry)
	}
}

func TestUIDOfEntriesWithoutID(t *testing.T) {
	entries := decode(t, `[{"type":"s"},{"type":"f"},{"type":"s"}]`)
	assert.Len(t, entries[0].uid(), 32)
	assert.NotEqual(t, entries[0].uid(), entries[1].uid())
	assert.Equal(t, entries[0].uid(), entries[2].uid())
}

func TestDetach(t *testing.T) {
	body := []byte(`[{"log_id":"1","type":"s","date":"2025-11-07T10:00:00.000Z","scope":["a"],"user_name":"\u0041"},{"log_id":"2"}]`)
	entries, err := decodePage(body, arrival, testCodes(t))
	require.NoError(t, err)
	want := fmt.Sprint(recordOf(&entries[0]).Attributes().AsRaw())

	alone := entries[0].detach()
	assert.Equal(t, entries[0], alone)
	assert.Equal(t, len(body)-len(`[,{"log_id":"2"}]`), alone.size())
	clear(body) // what nobody may do, except to show that alone has no part in it
	assert.NotEqual(t, entries[0].raw, alone.raw)
	assert.Equal(t, want, fmt.Sprint(recordOf(&alone).Attributes().AsRaw()))
	assert.Equal(t, "1", alone.uid())
}

// Entries are views: to decode a large page takes no memory for its text.
func TestDecodeCopiesNothing(t *testing.T) {
	page := []byte(`[{"log_id":"1","description":"` + strings.Repeat("x", 8<<20) + `"}]`)
	codes := testCodes(t)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	entries, err := decodePage(page, arrival, codes)
	require.NoError(t, err)
	record := recordOf(&entries[0])
	runtime.ReadMemStats(&after)
	assert.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(1<<20))
	assert.Len(t, record.Body().Str(), len(page)-len(`[]`))
}

func TestParseDate(t *testing.T) {
	utc := func(year int, month time.Month, day, hour, minute, second, nanosecond int) time.Time {
		return time.Date(year, month, day, hour, minute, second, nanosecond, time.UTC)
	}
	for text, want := range map[string]time.Time{
		"2025-11-07T10:20:30.456Z":            utc(2025, 11, 7, 10, 20, 30, 456e6),
		"2024-02-29T23:59:59.999Z":            utc(2024, 2, 29, 23, 59, 59, 999e6),
		"2025-11-07T10:20:30Z":                utc(2025, 11, 7, 10, 20, 30, 0),
		"2025-11-07t10:20:30z":                utc(2025, 11, 7, 10, 20, 30, 0),
		"2025-11-07T10:20:30.4Z":              utc(2025, 11, 7, 10, 20, 30, 400e6),
		"2025-11-07T10:20:30.123456789Z":      utc(2025, 11, 7, 10, 20, 30, 123456789),
		"2025-11-07T10:20:30.1234567891234Z":  utc(2025, 11, 7, 10, 20, 30, 123456789),
		"2025-11-07T10:20:30.456+02:00":       utc(2025, 11, 7, 8, 20, 30, 456e6),
		"2025-11-07T10:20:30-05:30":           utc(2025, 11, 7, 15, 50, 30, 0),
		"2025-11-07 10:20:30.149000000":       utc(2025, 11, 7, 10, 20, 30, 149e6),
		"2025-11-07 10:20:30.1490":            utc(2025, 11, 7, 10, 20, 30, 149e6),
		"2025-11-07t10:20:30.456z":            utc(2025, 11, 7, 10, 20, 30, 456e6),
		"2025-11-07 10:20:30":                 utc(2025, 11, 7, 10, 20, 30, 0),
		"0000-01-01T00:00:00.000Z":            utc(0, 1, 1, 0, 0, 0, 0),
		"9999-12-31T23:59:59.999Z":            utc(9999, 12, 31, 23, 59, 59, 999e6),
		"2025-02-29T10:20:30.456Z":            {},
		"2025-13-07T10:20:30.456Z":            {},
		"2025-00-07T10:20:30.456Z":            {},
		"2025-11-00T10:20:30.456Z":            {},
		"2025-11-31T10:20:30.456Z":            {},
		"2025-11-07T24:20:30.456Z":            {},
		"2025-11-07T10:60:30.456Z":            {},
		"2025-11-07T10:20:60.456Z":            {},
		"2025-11-07T10:20:30.45:Z":            {},
		"2025/11/07T10:20:30.456Z":            {},
		"2025-11-07T10:20:30.456z+":           {},
		"2025-11-07T10:20:30.456":             {},
		"2025-11-07 10:20:30 Z":               {},
		"2025-11-07":                          {},
		"2025-11-07 ":                         {},
		"1762510830456":                       {},
		"":                                    {},
		"yesterday":                           {},
		"Fri, 07 Nov 2025 10:20:30 GMT":       {},
		"2025-11-07T10:20:30.456\u0660\u0661": {},
	} {
		got := parseDate(text)
		assert.Equal(t, want, got, text)
	}
}

// The short way and time.Parse agree on everything that looks like the usual form.
func TestParseUsualDateProperty(t *testing.T) {
	pattern := `[0-9]{4}-[0-3][0-9]-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z`
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching(pattern).Draw(t, "text")
		want, err := time.Parse("2006-01-02T15:04:05.000Z", text)
		got, ok := parseUsualDate(text)
		assert.Equal(t, err == nil, ok, text)
		if ok {
			assert.True(t, want.Equal(got), "%s: %s", text, got)
			assert.Equal(t, got, parseDate(text))
		}
	})
}

func TestTimestamp(t *testing.T) {
	for text, want := range map[string]pcommon.Timestamp{
		"1970-01-01T00:00:00.001Z": 1e6,
		"2025-11-07T10:20:30.456Z": 1762510830456000000,
		"2262-04-11T23:47:15.999Z": 9223372035999000000,
		"2262-04-11T23:47:16.000Z": 0,
		"2262-04-11T23:47:17.000Z": 0,
		"2600-01-01T00:00:00.000Z": 0,
		"9999-12-31T23:59:59.999Z": 0,
		"1969-12-31T23:59:59.999Z": 0,
		"1600-01-01T00:00:00.000Z": 0,
		"0000-01-01T00:00:00.000Z": 0,
	} {
		e := decode(t, `[{"date":"`+text+`"}]`)[0]
		assert.Equal(t, want, recordOf(&e).Timestamp(), text)
		assert.Equal(t, text, e.Time().Format("2006-01-02T15:04:05.000Z"))
	}
}

func TestTimeIsZeroWithoutDate(t *testing.T) {
	for _, entry := range []string{
		`{}`, `null`, `{"date":null}`, `{"date":""}`, `{"date":"soon"}`, `{"date":1762510830456}`, `{"date":{"$date":1}}`,
		`{"date":["2025-11-07T10:20:30.456Z"]}`, `{"Date":"2025-11-07T10:20:30.456Z"}`,
	} {
		e := decode(t, "["+entry+"]")[0]
		assert.True(t, e.Time().IsZero(), entry)
		assert.Zero(t, recordOf(&e).Timestamp(), entry)
		assert.Equal(t, pcommon.NewTimestampFromTime(arrival), recordOf(&e).ObservedTimestamp(), entry)
	}
	e := decode(t, `[{"date":"2025-11-07T10:20:30.45\u0036Z"}]`)[0]
	assert.Equal(t, time.Date(2025, 11, 7, 10, 20, 30, 456e6, time.UTC), e.Time())
}
