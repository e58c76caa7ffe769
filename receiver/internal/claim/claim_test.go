package claim

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

func written(t testing.TB, c Claim) string {
	t.Helper()
	text, err := json.Marshal(c.Text())
	require.NoError(t, err)
	return string(text)
}

func read(text string) (Claim, error) {
	var t Text
	if err := json.Unmarshal([]byte(text), &t); err != nil {
		return Claim{}, err
	}
	return t.Claim()
}

func TestAClaimSurvivesItsText(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]Claim{
		"not read yet": {Start: noon, Seen: map[Mark]int64{}},
		"nothing seen": {Newest: noon, Floor: noon.Add(-time.Hour), Seen: map[Mark]int64{}},
		"some seen":    {Newest: noon, Floor: noon.Add(-time.Hour), Seen: map[Mark]int64{MarkOf("a"): noon.Unix(), MarkOf("b"): MaxStamp, MarkOf("c"): 0}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			text := written(t, c)
			back, err := read(text)
			require.NoError(t, err)
			assert.Equal(t, c, back)
			assert.Equal(t, text, written(t, back))
			assert.True(t, utf8.ValidString(text))
			assert.NotContains(t, text, "\x00")
		})
	}
}

func TestWhatNobodyWroteIsRefused(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "null", "{}", "[]", "x", `{"s":1,"f":1}`, `{"f":1,"r":"short"}`, `{"f":"1"}`, `{"f":1,"r":"AAAAAAAAAAAAAAAA-000001"}`} {
		_, err := read(text)
		assert.Error(t, err, text)
	}
}

func TestAClaimOfTheFutureIsPulledBackToTheServersTime(t *testing.T) {
	t.Parallel()
	future := noon.Add(maxSetBack)
	assert.False(t, Claim{Start: future}.Possible(Clocks{Server: noon, Local: noon}))
	assert.True(t, Claim{Start: noon}.Possible(Clocks{Server: noon, Local: noon}))
	assert.True(t, Claim{Newest: future, Floor: future}.Possible(Clocks{Server: noon, Local: noon}), "is pulled back")
	assert.False(t, Claim{Floor: future.Add(time.Second)}.Possible(Clocks{Server: noon, Local: noon}), "no clock was that wrong")
	c := Claim{Newest: future, Floor: future}.At(Clocks{Server: noon, Local: noon}, time.Minute)
	assert.Equal(t, noon, c.Newest)
	assert.Equal(t, noon.Add(-time.Minute), c.Floor)
}

func TestAStartIsMovedToTheServersClock(t *testing.T) {
	t.Parallel()
	c := Claim{Start: noon}.At(Clocks{Server: noon.Add(-time.Hour), Local: noon}, time.Minute)
	assert.Equal(t, Claim{Newest: noon.Add(-time.Hour), Floor: noon.Add(-time.Hour)}, c)
}

func TestTheFloorOnlyRises(t *testing.T) {
	t.Parallel()
	c := Claim{Newest: noon, Floor: noon.Add(-time.Minute)}
	wider := c.With(map[Mark]int64{"m": Stamp(noon)}, noon.Add(time.Second), time.Hour)
	assert.Equal(t, c.Floor, wider.Floor, "a larger overlap does not bring old entries again")
	unproven := c.With(map[Mark]int64{"m": Stamp(noon)}, time.Time{}, 0)
	assert.Equal(t, c.Floor, unproven.Floor)
	assert.Equal(t, c.Newest, unproven.Newest)
	assert.Equal(t, c.Floor, c.Settled(noon.Add(-time.Hour)).Floor)
	assert.Equal(t, noon, c.Settled(noon).Floor)
}

func TestMarksBelowTheFloorAreForgotten(t *testing.T) {
	t.Parallel()
	c := Claim{Newest: noon, Floor: noon.Add(-time.Minute), Seen: map[Mark]int64{"old": Stamp(noon), "new": Stamp(noon.Add(time.Hour))}}
	kept := map[Mark]int64{"new": Stamp(noon.Add(time.Hour))}
	assert.Equal(t, kept, c.With(nil, noon.Add(time.Hour), time.Minute).Seen)
	assert.Equal(t, kept, c.Settled(noon.Add(time.Second)).Seen)
	assert.Len(t, c.Seen, 2, "a claim is a value")
}

func TestUndatedEntriesDoNotAge(t *testing.T) {
	t.Parallel()
	c := Claim{Newest: noon, Floor: noon.Add(-time.Minute), Seen: map[Mark]int64{"undated": 0}}
	next := c.With(nil, noon.Add(time.Hour), time.Minute).Remembering([]Mark{"undated"})
	assert.Equal(t, map[Mark]int64{"undated": Stamp(noon.Add(time.Hour))}, next.Seen)
	assert.EqualValues(t, 0, c.Seen["undated"], "a claim is a value")
}

func TestTheOldestOfTooManyMarksAreForgotten(t *testing.T) {
	t.Parallel()
	const most = 1000
	accepted := map[Mark]int64{}
	for i := range most + 500 {
		accepted[MarkOf(fmt.Sprint(i))] = noon.Unix() + int64(i)
	}
	all := Claim{}.With(accepted, noon, time.Hour)
	next := all.Bounded(most)
	assert.Len(t, next.Seen, most)
	assert.NotContains(t, next.Seen, MarkOf("499"))
	assert.Contains(t, next.Seen, MarkOf("500"))
	assert.Len(t, all.Seen, most+500, "a claim is a value")
	assert.Equal(t, next, next.Bounded(most))
}

// stamped are n marks, each a second after the one before.
func stamped(n int) map[Mark]int64 {
	seen := map[Mark]int64{}
	for i := range n {
		seen[MarkOf(fmt.Sprint(i))] = noon.Unix() + int64(i)
	}
	return seen
}

func TestTheFloorFollowsWhenThereAreTooManyMarks(t *testing.T) {
	t.Parallel()
	all := Claim{Newest: noon.Add(99 * time.Second), Floor: noon, Seen: stamped(100)}
	next, missing := all.Capped(80, 60, all.Newest)
	assert.Zero(t, missing)
	assert.Len(t, next.Seen, 60)
	assert.Equal(t, noon.Add(40*time.Second), next.Floor, "above the last that is forgotten")
	assert.Len(t, all.Seen, 100, "a claim is a value")
	same, missing := next.Capped(80, 60, all.Newest)
	assert.Equal(t, next, same)
	assert.Zero(t, missing)
}

func TestTheFloorDoesNotFollowAboveWhatWasAccepted(t *testing.T) {
	t.Parallel()
	all := Claim{Floor: noon, Seen: stamped(100)}
	next, missing := all.Capped(80, 60, noon.Add(10*time.Second))
	assert.Equal(t, noon.Add(40*time.Second), missing)
	assert.Equal(t, noon.Add(10*time.Second), next.Floor)
	assert.Len(t, next.Seen, 60)
	none, _ := all.Capped(80, 60, time.Time{})
	assert.Equal(t, noon, none.Floor, "it only rises")
}

func TestWhichMarksOfOneSecondAreForgottenIsAlwaysTheSame(t *testing.T) {
	t.Parallel()
	seen := stamped(100)
	for m := range seen {
		seen[m] = noon.Unix()
	}
	all := Claim{Floor: noon, Seen: seen}
	first, missing := all.Capped(80, 60, noon)
	assert.Equal(t, noon.Add(time.Second), missing)
	again, _ := all.Capped(80, 60, noon)
	assert.Equal(t, first, again)
	assert.Equal(t, first.Seen, all.Bounded(60).Seen)
	closed, missing := all.Capped(80, 60, noon.Add(time.Second))
	assert.Zero(t, missing)
	assert.Empty(t, closed.Seen, "the floor covers the whole second")
}

func FuzzText(f *testing.F) {
	f.Add(`{"s":1772366400000}`)
	f.Add(written(f, Claim{Newest: noon, Floor: noon, Seen: map[Mark]int64{MarkOf("a"): 1}}))
	f.Fuzz(func(t *testing.T, text string) {
		c, err := read(text)
		if err != nil {
			return
		}
		back, err := read(written(t, c))
		require.NoError(t, err)
		require.Equal(t, written(t, c), written(t, back))
	})
}
