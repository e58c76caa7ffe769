package kobil

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/userlog/userlog-otel/receiver/internal/claim"
	"github.com/userlog/userlog-otel/receiver/internal/source"
)

// settles writes entries of an hour ago, and lets the floor follow them.
func (d *diary) settles(t testing.TB, first, last int) {
	d.run(first, last, numberedRow, time.Now().Add(-time.Hour))
	for range 15 {
		d.passes(t, 1)
	}
	require.Len(t, d.came, last-first+1)
}

func TestALogThatBeginsAnewIsNoticedHoweverLongItIs(t *testing.T) {
	t.Parallel()
	for _, size := range []int{2, 10} {
		for _, length := range []int{5, 35, 60, 500} {
			t.Run(fmt.Sprint(length, " in pages of ", size), func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					d := newDiary(t, size)
					d.settles(t, 1, 30)
					time.Sleep(2 * time.Hour)
					d.rows = nil
					d.run(1, length, numberedRow, time.Now().Add(-time.Minute))
					d.passes(t, 1)
					assert.Equal(t, 1, d.anew)
					for n := 1; n <= length; n++ {
						want := 1
						if n <= 30 { // each is another entry with the id of an old one
							want = 2
						}
						assert.Equal(t, want, d.came[fmt.Sprint(idOf(n))], n)
					}
				})
			})
		}
	}
}

func TestALogThatBeginsAnewDuringALongStopLosesNothing(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const hours = 72
		d := newDiary(t, 100)
		d.settles(t, 1001, 1030)
		d.rows = nil
		for n := 1; n <= hours; n++ {
			d.put(numberedRow(n, time.Now().Add(time.Duration(n)*time.Hour)))
		}
		d.passes(t, (hours+1)*60)
		d.last = hours
		assert.Equal(t, 1, d.anew)
		assert.Len(t, d.came, 30+hours)
		assert.Empty(t, d.bad)
	})
}

func TestAnIDFarAboveAllOthersHidesNothingWithoutALookback(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := newDiary(t, 100)
		d.look, d.cursor = 0, d.Start(time.Now())
		d.passes(t, 1)
		d.put(outlier(0, "1099511627776", fmt.Sprint(time.Now().Unix())))
		for range 25 {
			d.passes(t, 1)
		}
		for range 10 {
			d.adds(1)
			d.passes(t, 10)
		}
		d.complete(t, 1)
		assert.Equal(t, 1, d.anew)
	})
}

func TestAnErrorThatALogBeginsAnewTellsSinceWhen(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newShelf(t, 10, time.Minute)
		floorAt := time.Now().Add(-time.Hour)
		for name, c := range map[string]struct {
			floorAt, want time.Time
		}{"known": {floorAt, floorAt.Add(-time.Minute)}, "not known": {}} {
			s.rows = []shelved{numberedRow(1, time.Now())}
			cursor := position{floor: uint64(idOf(2)), floorAt: c.floorAt}.cursor()
			_, err := s.read(t, &cursor, 0)
			var bad *source.Error
			require.ErrorAs(t, err, &bad, name)
			assert.Equal(t, source.BadCursor, bad.Kind, name)
			assert.True(t, c.want.Equal(bad.Since), "%s: %s", name, bad.Since)
		}
	})
}

func TestTheTimeSinceWhenIsByTheLocalClock(t *testing.T) {
	t.Parallel()
	const overlap = 10 * time.Minute
	local := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	for _, ahead := range []time.Duration{-2 * time.Hour, 0, 2 * time.Hour} {
		read := claim.Clocks{Server: local.Add(ahead), Local: local}
		now := claim.Clocks{Server: read.Server.Add(time.Hour), Local: local.Add(time.Hour)}
		assert.Equal(t, local.Add(-overlap), position{floorAt: read.Latest()}.since(now, overlap), ahead)
	}
	assert.Zero(t, position{}.since(claim.Clocks{Server: local, Local: local}, overlap))
}

func TestAnEntryDatedFarAheadIsNoSignOfNewNumbersWhenItsDatePasses(t *testing.T) {
	t.Parallel()
	for _, ahead := range []time.Duration{14 * time.Hour, 16 * time.Hour, 30 * time.Hour, 72 * time.Hour} {
		for _, every := range []int{10, 60} {
			t.Run(fmt.Sprintf("%s ahead, an entry in %d minutes", ahead, every), func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					d := newDiary(t, 500)
					d.adds(5)
					d.passes(t, 10)
					d.last++
					d.put(numberedRow(d.last, time.Now().Add(ahead)))
					for range 80 * 60 / every {
						d.passes(t, every-1)
						d.adds(1)
						d.passes(t, 1)
					}
					d.complete(t, 0)
				})
			})
		}
	}
}

func TestOfEntriesDatedFarAheadTheLastAreKeptInMind(t *testing.T) {
	t.Parallel()
	now := time.Now()
	p := position{floor: 1}
	for id := range uint64(maxFar + 2) {
		p = p.dated(&entry{id: id, numbered: true, time: now.Add(farAhead + time.Minute)}, clocksAt(now))
	}
	p = p.dated(&entry{time: now.Add(farAhead + time.Minute)}, clocksAt(now))
	back, err := parseCursor(p.cursor())
	require.NoError(t, err)
	assert.Equal(t, []uint64{2, 3, 4, 5, 6, 7, 8, 9, 10, 11}, back.far)
	assert.Zero(t, back.ahead)
	_, err = parseCursor(`{"c":"1","x":"1 ?"}`)
	assert.Error(t, err)
}
