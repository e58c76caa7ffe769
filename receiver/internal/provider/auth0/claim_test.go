package auth0

import (
	"fmt"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/userlog/userlog-otel/receiver/internal/source"
)

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

func TestACursorSurvivesItsText(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]claim{
		"not read yet": {start: noon, seen: map[mark]int64{}},
		"nothing seen": {newest: noon, floor: noon.Add(-time.Hour), seen: map[mark]int64{}},
		"some seen":    {newest: noon, floor: noon.Add(-time.Hour), seen: map[mark]int64{markOf("a"): noon.Unix(), markOf("b"): maxStamp, markOf("c"): 0}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			back, err := parseCursor(c.cursor())
			require.NoError(t, err)
			assert.Equal(t, c, back)
			assert.Equal(t, c.cursor(), back.cursor())
			assert.True(t, utf8.ValidString(string(c.cursor())))
			assert.NotContains(t, string(c.cursor()), "\x00")
		})
	}
}

func TestBadCursorsAreRefused(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "null", "{}", "[]", "x", `{"s":1,"f":1}`, `{"f":1,"r":"short"}`, `{"f":"1"}`, `{"f":1,"r":"AAAAAAAAAAAAAAAA-000001"}`} {
		_, err := parseCursor(source.Cursor(text))
		assert.Error(t, err, text)
	}
}

func TestACursorOfTheFutureIsPulledBackToTheServersTime(t *testing.T) {
	t.Parallel()
	future := noon.AddDate(8000, 0, 0)
	c := claim{newest: future, floor: future}.at(clocks{server: noon, local: noon}, time.Minute)
	assert.Equal(t, noon, c.newest)
	assert.Equal(t, noon.Add(-time.Minute), c.floor)
}

func TestTheFloorOnlyRises(t *testing.T) {
	t.Parallel()
	c := claim{newest: noon, floor: noon.Add(-time.Minute)}
	wider := c.with(map[mark]int64{"m": stamp(noon)}, noon.Add(time.Second), time.Hour)
	assert.Equal(t, c.floor, wider.floor, "a larger overlap does not bring old entries again")
	unproven := c.with(map[mark]int64{"m": stamp(noon)}, time.Time{}, 0)
	assert.Equal(t, c.floor, unproven.floor)
	assert.Equal(t, c.newest, unproven.newest)
}

func TestMarksBelowTheFloorAreForgotten(t *testing.T) {
	t.Parallel()
	c := claim{newest: noon, floor: noon.Add(-time.Minute), seen: map[mark]int64{"old": stamp(noon), "new": stamp(noon.Add(time.Hour))}}
	next := c.with(nil, noon.Add(time.Hour), time.Minute)
	assert.Equal(t, map[mark]int64{"new": stamp(noon.Add(time.Hour))}, next.seen)
	assert.Len(t, c.seen, 2, "a claim is a value")
}

func TestMarksAreBounded(t *testing.T) {
	t.Parallel()
	accepted := map[mark]int64{}
	for i := range maxSeen + 500 {
		accepted[markOf(fmt.Sprint(i))] = noon.Unix() + int64(i)
	}
	next := claim{}.with(accepted, noon, time.Hour)
	assert.Len(t, next.seen, maxSeen)
	assert.NotContains(t, next.seen, markOf("0"))
	assert.Contains(t, next.seen, markOf(fmt.Sprint(maxSeen+499)))
}

func FuzzParseCursor(f *testing.F) {
	f.Add(`{"s":1772366400000}`)
	f.Add(string(claim{newest: noon, floor: noon, seen: map[mark]int64{markOf("a"): 1}}.cursor()))
	f.Fuzz(func(t *testing.T, text string) {
		c, err := parseCursor(source.Cursor(text))
		if err != nil {
			return
		}
		back, err := parseCursor(c.cursor())
		require.NoError(t, err)
		require.Equal(t, c.cursor(), back.cursor())
	})
}
