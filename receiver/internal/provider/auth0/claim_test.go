package auth0

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/userlog/userlog-otel/receiver/internal/claim"
	"github.com/userlog/userlog-otel/receiver/internal/source"
)

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// Cursors of this form are in the storage of installations.
func TestTheFormOfCursorsStays(t *testing.T) {
	t.Parallel()
	assert.EqualValues(t, `{"s":1772366400000}`, cursorOf(claim.Claim{Start: noon}))
	assert.EqualValues(t, `{"w":1772366400000,"f":1772366340000,"r":"ypeBEsobvcr6wjGz0tb7yo0"}`, cursorOf(claim.Claim{
		Newest: noon, Floor: noon.Add(-time.Minute), Seen: map[claim.Mark]int64{claim.MarkOf("a"): noon.Unix()},
	}))
}

func TestBadCursorsAreRefused(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "null", "{}", "[]", "x", `{"s":1,"f":1}`, `{"f":1,"r":"short"}`, `{"f":"1"}`} {
		_, err := parseCursor(source.Cursor(text))
		assert.ErrorIs(t, err, claim.ErrUnreadable, text)
	}
}

func FuzzParseCursor(f *testing.F) {
	f.Add(`{"s":1772366400000}`)
	f.Add(string(cursorOf(claim.Claim{Newest: noon, Floor: noon, Seen: map[claim.Mark]int64{claim.MarkOf("a"): 1}})))
	f.Fuzz(func(t *testing.T, text string) {
		c, err := parseCursor(source.Cursor(text))
		if err != nil {
			return
		}
		back, err := parseCursor(cursorOf(c))
		require.NoError(t, err)
		require.Equal(t, cursorOf(c), cursorOf(back))
	})
}
