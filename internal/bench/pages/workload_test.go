package pages

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func testLog() *Log {
	return &Log{First: time.Date(2026, 11, 22, 7, 0, 0, 250_000_000, time.UTC), Step: 70 * time.Millisecond, Users: 7, Entries: 1000}
}

func TestEntriesAreOfTheSizeThatTheFiguresAreFor(t *testing.T) {
	t.Parallel()
	w, l := newWorkload(), testLog()
	least, most, sum := 1<<30, 0, 0
	for number := range templates {
		size := len(w.appendEntry(nil, l, number))
		least, most, sum = min(least, size), max(most, size), sum+size
	}
	t.Logf("%d to %d bytes, on average %d", least, most, sum/templates)
	assert.InDelta(t, 1472, sum/templates, 5)
	assert.Greater(t, least, 1200)
	assert.Less(t, most, 1800)
}

func TestEntriesAreJSONAndDifferInWhatNamesThem(t *testing.T) {
	t.Parallel()
	w, l := newWorkload(), testLog()
	seen := map[string]bool{}
	for number := range 3 * templates {
		var entry struct {
			Date   time.Time `json:"date"`
			LogID  string    `json:"log_id"`
			OldID  string    `json:"_id"`
			UserID string    `json:"user_id"`
		}
		require.NoError(t, json.Unmarshal(w.appendEntry(nil, l, number), &entry))
		got, ok := NumberOf(entry.LogID)
		require.True(t, ok, entry.LogID)
		require.Equal(t, number, got)
		require.Equal(t, entry.LogID, entry.OldID)
		require.Equal(t, l.dateOf(number).Truncate(time.Millisecond), entry.Date)
		require.Equal(t, UserID(number%l.Users), entry.UserID)
		seen[entry.LogID] = true
	}
	assert.Len(t, seen, 3*templates)
}
