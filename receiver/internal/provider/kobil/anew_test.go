package kobil

import (
	"encoding/json"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	emulator "github.com/userlog/userlog-otel/internal/emulator/kobil"
	"github.com/userlog/userlog-otel/receiver/internal/source"
)

func TestEntriesThatWereDatedAheadAreNoSignOfNewNumbers(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, emulator.Options{}, nil)
		w.add(1, 5, time.Minute)
		ahead := time.Now().Add(30 * time.Minute)
		require.NoError(t, w.Publish(user, json.RawMessage(jsonEntry(6, ahead, ""))))
		w.add(7, 7, 0)
		cursor := w.Start(time.Now().Add(-24 * time.Hour))
		require.Len(t, w.read(&cursor), 7)
		time.Sleep(5 * time.Minute)
		require.Empty(t, w.read(&cursor), "the floor follows")
		require.True(t, w.Remove(user, fmt.Sprint(idOf(7))))
		time.Sleep(40 * time.Minute)
		require.Empty(t, w.read(&cursor))
		again := newWorld(t, emulator.Options{}, nil)
		again.add(1, 1, 0)
		failed := false
		for _, err := range again.Read(t.Context(), user, cursor) {
			failed = true
			assert.Equal(t, source.BadCursor, source.KindOf(err), "later than what was dated ahead")
		}
		assert.True(t, failed)
	})
}

func TestADateFarAheadIsNotKeptInMind(t *testing.T) {
	t.Parallel()
	now := time.Now()
	for ahead, want := range map[time.Duration]bool{-time.Hour: false, 0: false, time.Hour: true, 100 * time.Hour: false} {
		got := position{}.dated(&entry{time: now.Add(ahead)}, clocksAt(now))
		assert.Equal(t, want, !got.ahead.IsZero(), ahead)
	}
	p := position{from: now.Add(time.Hour), floorAt: now.Add(time.Hour), ahead: now.Add(100 * time.Hour)}
	assert.Equal(t, position{}, p.at(clocksAt(now)), "nobody can have written that")
}

func TestWhatShowsThatIDsAreNotWhatTheFloorTookThemFor(t *testing.T) {
	t.Parallel()
	const overlap = 10 * time.Minute
	now := time.Now()
	known := position{floor: 100, floorAt: now.Add(-time.Hour)}
	ahead, far := known, known
	ahead.ahead, far.far = now.Add(-5*time.Minute), []uint64{50}
	numbered := func(id uint64, age time.Duration) entry { return entry{id: id, numbered: true, time: now.Add(-age)} }
	top := numbered(100, 2*time.Hour)
	for name, c := range map[string]struct {
		position position
		page     []entry
		want     bool
	}{
		"new and below":                     {known, []entry{top, numbered(50, time.Minute)}, true},
		"new, and the only one":             {known, []entry{numbered(50, time.Minute)}, true},
		"new and above":                     {known, []entry{numbered(150, time.Minute), top}, false},
		"appeared late":                     {known, []entry{top, numbered(50, time.Hour-overlap)}, false},
		"the newest were deleted":           {known, []entry{numbered(50, 2*time.Hour)}, false},
		"in the future":                     {known, []entry{top, numbered(50, -time.Minute)}, false},
		"without a date":                    {known, []entry{top, {id: 50, numbered: true}}, false},
		"without a number":                  {known, []entry{{time: now}, top}, false},
		"was dated ahead":                   {ahead, []entry{top, numbered(50, 5*time.Minute)}, false},
		"not later than one dated ahead":    {ahead, []entry{top, numbered(50, 0)}, false},
		"was dated far ahead":               {far, []entry{top, numbered(50, time.Minute)}, false},
		"below one dated far ahead":         {far, []entry{numbered(50, time.Minute), numbered(40, time.Minute)}, true},
		"an empty log":                      {known, nil, false},
		"not yet read":                      {position{start: now}, []entry{numbered(50, 0)}, false},
		"time not known, below":             {position{floor: 100}, []entry{numbered(50, time.Minute)}, true},
		"time not known, at the floor":      {position{floor: 100}, []entry{numbered(100, time.Minute)}, false},
		"time not known, below the newest":  {position{floor: 100}, []entry{top, numbered(50, time.Minute)}, false},
		"time not known, and without dates": {position{floor: 100}, []entry{{id: 50, numbered: true}}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			assert.Equal(t, c.want, c.position.restarted(page{entries: c.page, clocks: clocksAt(now)}, overlap))
		})
	}
	below := page{offset: 9, entries: []entry{numbered(50, time.Minute)}, clocks: clocksAt(now)}
	assert.True(t, known.restarted(below, overlap), "every page can show it")
	assert.False(t, position{floor: 100}.restarted(below, overlap), "below the newest page all ids are lower")
}
