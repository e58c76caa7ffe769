package kobil

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestAnIDFarAboveAllOthersHidesNothing(t *testing.T) {
	t.Parallel()
	now := func() string { return fmt.Sprint(time.Now().Unix()) }
	in := func(d time.Duration) func() string {
		return func() string { return fmt.Sprint(time.Now().Add(d).Unix()) }
	}
	for name, c := range map[string]struct {
		ids         []string
		date        func() string
		busy, quiet int // times that the log may be read again
	}{
		"2^40":                      {[]string{"1099511627776"}, now, 0, 1},
		"2^62":                      {[]string{"4611686018427387904"}, now, 0, 1},
		"2^63-2":                    {[]string{"9223372036854775806"}, now, 0, 1},
		"2^63-1":                    {[]string{"9223372036854775807"}, now, 0, 0},
		"2^63":                      {[]string{"9223372036854775808"}, now, 0, 0},
		"2^64-1":                    {[]string{"18446744073709551615"}, now, 0, 0},
		"several":                   {[]string{"1099511627776", "1099511627777", "4611686018427387904", "18446744073709551615"}, now, 0, 1},
		"without a date":            {[]string{"1099511627776"}, func() string { return "" }, 0, 0},
		"of the year 9999":          {[]string{"1099511627776"}, func() string { return fmt.Sprint(lastSecond) }, 0, 0},
		"dated ahead":               {[]string{"1099511627776"}, in(time.Hour), 0, 1},
		"dated ahead in the rest":   {[]string{"1099511627776"}, in(205 * time.Minute), 1, 1},
		"with a date of long ago":   {[]string{"1099511627776"}, in(-1000 * time.Hour), 0, 0},
		"with a date of a day back": {[]string{"1099511627776"}, in(-25 * time.Hour), 0, 0},
	} {
		for _, size := range []int{10, 100} {
			for rest, most := range map[int]int{0: c.busy, 25: c.quiet} {
				t.Run(fmt.Sprintf("%s, pages of %d, %d minutes of rest", name, size, rest), func(t *testing.T) {
					t.Parallel()
					synctest.Test(t, func(t *testing.T) {
						d := newDiary(t, size)
						for range 30 {
							d.adds(1)
							d.passes(t, 1)
						}
						for i, id := range c.ids {
							d.put(outlier(i, id, c.date()))
						}
						for range rest {
							d.passes(t, 1)
						}
						d.goesOn(t, 8, 1)
						d.goesOn(t, 64, 10)
						d.complete(t, most)
					})
				})
			}
		}
	}
}

func TestAnIDFarAboveAllOthersInAnOldLogHidesNothing(t *testing.T) {
	t.Parallel()
	for age, anew := range map[time.Duration]int{72 * time.Hour: 0, 47 * time.Hour: 1} { // it is dated before others, or not
		t.Run(age.String(), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				d := newDiary(t, 10)
				old := newShelf(t, 10, diaryOverlap)
				old.run(1, 20, numberedRow, time.Now().Add(-48*time.Hour))
				d.rows, d.last = old.rows, 20
				d.put(outlier(0, "1099511627776", fmt.Sprint(time.Now().Add(-age).Unix())))
				d.passes(t, 1)
				require.Empty(t, d.came)
				for n := range 30 {
					d.adds(1)
					d.passes(t, 1)
					require.Len(t, d.came, n+1, "at once")
				}
				assert.Equal(t, anew, d.anew)
				assert.Empty(t, d.bad)
				assert.Zero(t, d.repeats)
			})
		})
	}
}

// A cursor whose time was forgotten, as it was that of a clock that was wrong.
func TestAnIDFarAboveAllOthersIsNoticedWhenTheTimeOfTheFloorIsNotKnown(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := newDiary(t, 10)
		d.put(outlier(0, "1099511627776", fmt.Sprint(time.Now().Unix())))
		d.cursor = position{floor: 1 << 40}.cursor()
		for range 15 {
			d.passes(t, 1)
		}
		require.Empty(t, d.came)
		for range 30 {
			d.adds(1)
			d.passes(t, 1)
		}
		d.complete(t, 1)
		assert.Equal(t, 1, d.anew)
	})
}
