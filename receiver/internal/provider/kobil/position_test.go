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
		got := position{}.dated(now.Add(ahead), clocksAt(now))
		assert.Equal(t, want, !got.ahead.IsZero(), ahead)
	}
	p := position{from: now.Add(time.Hour), floorAt: now.Add(time.Hour), ahead: now.Add(100 * time.Hour)}
	assert.Equal(t, position{}, p.at(clocksAt(now)), "nobody can have written that")
}
