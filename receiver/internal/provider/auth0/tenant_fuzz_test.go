package auth0

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/userlog/userlog-otel/receiver/internal/claim"
	"github.com/userlog/userlog-otel/receiver/internal/source"
)

func TestIDsHoldTheTimeOfArrival(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 3, 1, 7, 8, 9, 10e6, time.UTC)
	id := timedID(7, at)
	got, ok := arrivalOf(id)
	require.True(t, ok)
	assert.Equal(t, at, got)
	assert.Len(t, idBefore(at), idLength)
	assert.Less(t, idBefore(at), timedID(0, at), "an entry of the same millisecond is behind it")
	assert.Greater(t, idBefore(at), timedID(1e8, at.Add(-time.Millisecond)))
	for _, other := range []string{
		"", "900", id[1:], id + "0", "800" + id[3:], "9002026133" + id[10:], "900202603010709600" + id[18:], "5f5e100c0ffee0c0ffee0c0f",
		"90020260301070809010000000000000000000000000000000000a00", "90020260301070809010000000000000000000000000000000000-00",
	} {
		_, ok := arrivalOf(other)
		assert.False(t, ok, other)
	}
}

// Whatever stands in a storage is refused, or is read as what it is written as.
func FuzzPosition(f *testing.F) {
	for _, seed := range []string{
		`{"s":1772352000000}`, `{"i":"900"}`, `{"f":"900","i":"901","t":1772352000000,"r":"AAAAAAAAAAAAAAAA0000000"}`, `{"f":"x"}`, `{}`, `[]`,
		`{"s":1,"i":"900"}`, `{"i":"900","r":"x"}`, `{"i":7}`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		p, err := parsePosition(source.Cursor(text))
		if err != nil {
			return
		}
		require.NotEqual(t, p.start.IsZero(), p.from == "", "either begins or goes on")
		again, err := parsePosition(p.cursor())
		require.NoError(t, err)
		require.Equal(t, p.cursor(), again.cursor())
		_, _ = arrivalOf(p.from)
	})
}

// What this version stores is on the disks of users: the versions to come read it as this one does.
func TestStoredPositionsAreRead(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 3, 1, 7, 8, 9, 10e6, time.UTC)
	for text, want := range map[string]position{
		`{"s":1772348889010}`: {start: at},
		`{"f":"90020260301070809009999999999999999999999999999999999999","t":1772348889010}`: {from: idBefore(at), read: at},
		`{"i":"90020260301070809010000000000000000000000000000000000007","t":1772348889010}`: {from: timedID(7, at), last: timedID(7, at), read: at},
		`{"f":"90020260301070809009999999999999999999999999999999999999","i":"90020260301070809010000000000000000000000000000000000007","t":1772348889010,"r":"0123456789abcdef0tb6xix"}`: {
			from: idBefore(at), last: timedID(7, at), read: at, seen: map[claim.Mark]int64{"0123456789abcdef": 1772318265},
		},
	} {
		got, err := parsePosition(source.Cursor(text))
		require.NoError(t, err, text)
		if want.seen == nil {
			want.seen = map[claim.Mark]int64{}
		}
		assert.Equal(t, want, got, text)
		assert.EqualValues(t, text, got.cursor())
	}
}
