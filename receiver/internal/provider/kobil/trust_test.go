package kobil

import (
	"fmt"
	"math"
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestWhichIDIsTrusted(t *testing.T) {
	t.Parallel()
	const overlap = 10 * time.Minute
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	dated := func(id uint64, age time.Duration) entry { return entry{id: id, time: now.Add(-age)} }
	undated := func(first, last uint64) (entries []entry) {
		for id := first; id <= last; id++ {
			entries = append(entries, entry{id: id})
		}
		return entries
	}
	for name, c := range map[string]struct {
		entries []entry
		want    uint64
	}{
		"none":                            {nil, 0},
		"ascending":                       {[]entry{dated(1, 2*time.Hour), dated(2, time.Hour), dated(3, 0)}, 3},
		"late by the overlap":             {[]entry{dated(1, 0), dated(2, overlap)}, 2},
		"contradicted":                    {[]entry{dated(1, 0), dated(9, overlap+time.Second)}, 1},
		"several contradicted":            {[]entry{dated(1, 0), dated(8, time.Hour), dated(9, 2*time.Hour)}, 1},
		"contradicted by a lower one met": {[]entry{dated(9, time.Hour), dated(1, 0)}, 1},
		"nothing says the future":         {[]entry{dated(1, -time.Hour), dated(2, 0)}, 2},
		"in the future itself":            {[]entry{dated(1, 0), dated(9, -time.Hour)}, 1},
		"without a date":                  {append([]entry{dated(1, 0)}, undated(9, 9)...), 1},
		"no dates at all":                 {undated(1, 3), 3},
		"dates from now on":               {append(undated(1, 3), dated(4, 0)), 4},
		"many without a date":             {append([]entry{dated(1, 0)}, undated(2, 99)...), 1},
		"a date between":                  {append(append(append([]entry{dated(1, 0)}, undated(2, 9)...), dated(10, 0)), undated(11, 18)...), 10},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var got trust
			for _, e := range c.entries {
				got = got.met(&e, clocksAt(now), overlap)
			}
			assert.Equal(t, c.want, got.id)
		})
	}
}

func TestTheFloorFollowsWhateverTheNewestPageLacks(t *testing.T) {
	t.Parallel()
	undated := func(n int, _ time.Time) shelved { return shelved{n: n, text: fmt.Sprintf(`{"id":%d}`, idOf(n))} }
	for name, c := range map[string]struct {
		newest func(int, time.Time) shelved
		want   int
	}{"dates": {undated, 35}, "numbers": {oddRow, 20}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				d := newDiary(t, 10)
				d.run(1, 20, numberedRow, time.Now())
				d.run(21, 35, c.newest, time.Now())
				for range 2 {
					d.passes(t, 11)
				}
				p, err := parseCursor(d.cursor)
				require.NoError(t, err)
				assert.Equal(t, uint64(idOf(c.want)), p.floor)
			})
		})
	}
}

func TestANumberThatNoneCanFollowIsNone(t *testing.T) {
	t.Parallel()
	for id, want := range map[uint64]bool{0: false, 1: true, math.MaxInt64 - 1: true, math.MaxInt64: false, 1 << 63: false, math.MaxUint64: false} {
		text := strconv.FormatUint(id, 10)
		l, err := decodeList([]byte(`[{"id":`+text+`}]`), arrival, testCodes(t))
		require.NoError(t, err)
		assert.Equal(t, want, l.entries[0].numbered, id)
		assert.Equal(t, text, uidOf(&l.entries[0]), "it has its name still")
	}
}
