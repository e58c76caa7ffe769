package kobil

import (
	"pgregory.net/rapid"

	emulator "github.com/userlog/userlog-otel/internal/emulator/kobil"
)

// life is what happens to a log with entries without a number. It is drawn as a whole before it is played.
type life struct {
	PageSize int
	More     emulator.More
	Hides    bool // the server leaves some rows out
	Cuts     bool // it gives short pages
	Old      []burst
	Reads    []reading
}

type reading struct {
	Before turn
	During []turn
	Stops  int // after so many batches; 0: never
}

type turn struct {
	Pass   int // seconds
	Adds   []burst
	Vanish []int // from the newest
}

type burst struct {
	Count int
	Odd   bool
	Late  int // seconds
}

func bursts(most int) *rapid.Generator[[]burst] {
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) burst {
		return burst{
			Count: rapid.OneOf(rapid.IntRange(1, 3), rapid.IntRange(1, 25)).Draw(t, "count"),
			Odd:   rapid.Bool().Draw(t, "odd"),
			Late:  rapid.SampledFrom([]int{0, 0, 0, 3, 19}).Draw(t, "late"),
		}
	}), 0, most)
}

func lives() *rapid.Generator[life] {
	turns := rapid.Custom(func(t *rapid.T) turn {
		return turn{
			Pass:   rapid.SampledFrom([]int{0, 1, 5, 25}).Draw(t, "pass"),
			Adds:   bursts(3).Draw(t, "adds"),
			Vanish: rapid.SliceOfN(rapid.IntRange(0, 40), 0, 4).Draw(t, "vanish"),
		}
	})
	return rapid.Custom(func(t *rapid.T) life {
		l := life{
			PageSize: rapid.SampledFrom([]int{2, 3, 10}).Draw(t, "page size"),
			More:     rapid.SampledFrom([]emulator.More{emulator.MoreHonest, emulator.MoreAbsent, emulator.MoreAlwaysTrue}).Draw(t, "more"),
			Old:      bursts(4).Draw(t, "old"),
			Reads: rapid.SliceOfN(rapid.Custom(func(t *rapid.T) reading {
				return reading{
					Before: turns.Draw(t, "before"), During: rapid.SliceOfN(turns, 0, 4).Draw(t, "during"),
					Stops: rapid.SampledFrom([]int{0, 0, 1, 3}).Draw(t, "stops"),
				}
			}), 1, 12).Draw(t, "reads"),
		}
		if l.More == emulator.MoreHonest { // only then short pages are known from the last one
			// Of pages of two rows none would show both neighbours of one that is left out.
			l.Hides = l.PageSize > 2 && rapid.Bool().Draw(t, "hides")
			l.Cuts = (l.PageSize == 10 || !l.Hides) && rapid.Bool().Draw(t, "cuts")
		}
		return l
	})
}
