package sourcetest

import (
	"time"

	"pgregory.net/rapid"
)

// scenario is a life of a log and of those who read it. It is drawn as a whole before it is played, so that one which
// fails shrinks to a short script, and says the same to every reader.
type scenario struct {
	Skew     time.Duration // of the server's clock
	PageSize int
	MaxHeld  int
	Backlog  []happening
	Polls    []poll
}

// poll is one read and what happens around it.
type poll struct {
	Before change
	// During are the changes before the first request, the second, and so on. When they are used up, nothing changes.
	During []change
	// Dies is the step at which the reader's process dies; each batch has three: before the delivery, between it and the
	// storing of the cursor, and after that. 0: it lives.
	Dies int
	// Reader is who reads. Each has a memory of the cursor; it is lost when it dies, and with Reloads.
	Reader  int
	Reloads bool
}

// change is what happens to a log between two moments.
type change struct {
	Pass    int // milliseconds
	Happens []happening
	Vanish  []int // the entries that vanish, counted from the last to appear
	Fails   bool  // the request is answered with 503
}

// happening is some entries that happen at once.
type happening struct {
	Count int
	Tied  bool // dated to the even second, so that many share a date
	Late  int  // seconds from their date until they appear, if they have not happened by then
}

// latest is the most that an entry appears late, in seconds.
const latest = int(Overlap/time.Second) - 1

// scenarios draws lives with so many readers. Sizes are such that a log of a few pages has it all: the overlap lasts
// several reads, bursts are longer than a page, and rows vanish around the borders of pages.
func scenarios(p Provider, readers int) *rapid.Generator[scenario] {
	changes := changes(p.Vanish)
	polls := rapid.Custom(func(t *rapid.T) poll {
		return poll{
			Before:  changes.Draw(t, "before"),
			During:  rapid.SliceOfN(changes, 0, 6).Draw(t, "during"),
			Dies:    rapid.SampledFrom([]int{0, 0, 0, 0, 1, 2, 3, 5, 8}).Draw(t, "dies"),
			Reader:  rapid.IntRange(0, readers-1).Draw(t, "reader"),
			Reloads: readers > 1 && rapid.IntRange(0, 3).Draw(t, "reloads") == 3,
		}
	})
	return rapid.Custom(func(t *rapid.T) scenario {
		return scenario{
			Skew:     rapid.SampledFrom([]time.Duration{0, -time.Hour, time.Hour}).Draw(t, "skew"),
			PageSize: rapid.SampledFrom([]int{PageSize, 15, 60}).Draw(t, "page size"),
			MaxHeld:  rapid.SampledFrom([]int{1 << 20, 1500}).Draw(t, "held"),
			Backlog:  rapid.SliceOfN(happenings(), 0, 5).Draw(t, "backlog"),
			Polls:    rapid.SliceOfN(polls, 1, 25).Draw(t, "polls"),
		}
	})
}

func changes(vanish bool) *rapid.Generator[change] {
	return rapid.Custom(func(t *rapid.T) change {
		c := change{
			Pass: rapid.OneOf(
				rapid.Just(0), rapid.IntRange(0, 3000), rapid.IntRange(0, 15_000), rapid.IntRange(0, 60_000),
			).Draw(t, "pass"),
			Happens: rapid.SliceOfN(happenings(), 0, 3).Draw(t, "happens"),
			Fails:   rapid.IntRange(0, 19).Draw(t, "fails") == 19,
		}
		if vanish {
			c.Vanish = rapid.SliceOfN(rapid.IntRange(0, 30), 0, 2).Draw(t, "vanish")
		}
		return c
	})
}

func happenings() *rapid.Generator[happening] {
	return rapid.Custom(func(t *rapid.T) happening {
		return happening{
			Count: rapid.OneOf(rapid.IntRange(1, 2), rapid.IntRange(1, 2), rapid.IntRange(1, 25)).Draw(t, "count"),
			Late:  rapid.OneOf(rapid.Just(0), rapid.IntRange(0, latest), rapid.Just(latest)).Draw(t, "late"),
			Tied:  rapid.Bool().Draw(t, "tied"),
		}
	})
}
