package canvas

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	emulator "github.com/userlog/userlog-otel/internal/emulator/canvas"
	"github.com/userlog/userlog-otel/receiver/internal/claim"
	"github.com/userlog/userlog-otel/receiver/internal/source"
)

// An old server skips what is above 100 in a second, in every read as long as that second is in the overlap.
func TestEveryGapIsToldOnce(t *testing.T) {
	t.Parallel()
	w := ofSchool(t, emulator.Options{Bookmarks: emulator.BookmarkTime}, nil)
	first, second := w.now.Add(-20*time.Second), w.now.Add(-10*time.Second)
	w.many(250, first, 0)
	for i := range 250 {
		w.Publish(emulator.Event{ID: "second" + idOf(i), At: second, Type: "login", User: int64(i), Account: 1})
	}
	w.begin(time.Hour, school)
	var told []time.Time
	for round := range 5 {
		for _, batch := range w.batches(school) {
			if batch.Gap != nil {
				told = append(told, batch.Gap.From.UTC())
			}
		}
		if round == 1 { // a restart: what was told is in the cursor
			w.Provider = New(w.s)
		}
	}
	assert.ElementsMatch(t, []time.Time{first.UTC(), second.UTC()}, told)
}

func TestGapsAreToldWithoutEntriesAsWell(t *testing.T) {
	t.Parallel()
	first, second := time.Unix(1_772_366_400, 0).UTC(), time.Unix(1_772_366_401, 0).UTC()
	known := parsed(t, position{Claim: claim.Claim{Newest: second, Floor: first}}.cursor())
	var told []time.Time
	r := &read{position: known, cursor: known.cursor(), yield: func(b source.Batch) bool {
		told = append(told, b.Gap.From)
		assert.Contains(t, parsed(t, b.Cursor).Seen, gapMark(b.Gap.From))
		return true
	}}
	require.NoError(t, r.tell(&walk{gaps: []source.Gap{{From: second, To: second}, {From: first, To: first}}}, false))
	assert.Equal(t, []time.Time{second, first}, told)
}
