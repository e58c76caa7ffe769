package schedule

import (
	"context"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/userlog/userlog-otel/receiver/internal/source"
)

// minutes are pauses of as many minutes.
func minutes(n ...float64) []time.Duration {
	pauses := make([]time.Duration, len(n))
	for i := range n {
		pauses[i] = time.Duration(n[i] * float64(time.Minute))
	}
	return pauses
}

// inTurn answers one call after the other, and the last one for ever.
func inTurn[T any](answers ...T) func() T {
	return func() T {
		next := answers[0]
		if len(answers) > 1 {
			answers = answers[1:]
		}
		return next
	}
}

func TestPauseDoublesWhileNothingNewIsFound(t *testing.T) {
	for _, test := range []struct {
		name   string
		max    time.Duration
		window int
		finds  []int // read by read, the last one for ever
		want   []time.Duration
	}{
		{"up to the longest", 10 * minute, 0, []int{0}, minutes(1, 2, 4, 8, 10, 10, 10)},
		{"not if it is off", 0, 1000, []int{0}, minutes(1, 1, 1, 1, 1)},
		{"not if it is the interval", minute, 1000, []int{0}, minutes(1, 1, 1, 1, 1)},
		{"until something is found", 10 * minute, 0, []int{0, 0, 0, 1, 0, 0, 3, 5, 0}, minutes(1, 2, 4, 1, 2, 4, 1, 1, 2, 4, 8, 10)},
		{"until half of the window would fill at the fastest rate", 5 * time.Hour, 1000, []int{0, 10, 0}, minutes(1, 1, 2, 4, 8, 16, 32, 50, 50)},
		{"to an hour while the pace is not known", 5 * time.Hour, 1000, []int{0}, minutes(1, 2, 4, 8, 16, 32, 60, 60)},
		{"what the first read found came in an unknown time", 5 * time.Hour, 1000, []int{1000, 0}, minutes(0.5, 1, 2, 4, 8, 16, 32, 60)},
		{"far where the API gives all", 5 * time.Hour, 0, []int{0, 10, 0}, minutes(1, 1, 2, 4, 8, 16, 32, 64, 128, 256, 300)},
		{"never below the interval", 5 * time.Hour, 1000, []int{0, 500, 500, 0}, minutes(1, 1, 1, 1, 1, 1)},
		{"half after more than half of the window", 5 * time.Hour, 1000, []int{0, 501, 501, 0}, minutes(1, 0.5, 0.5, 1, 1)},
		{"half also if it is off", 0, 1000, []int{0, 501, 0}, minutes(1, 0.5, 1, 1)},
		{"not half where the API gives all", 5 * time.Hour, 0, []int{0, 5000, 0}, minutes(1, 1, 2)},
	} {
		inBubble(test.name, t, func(t *testing.T) {
			w := newWorld(t, "u")
			next := inTurn(test.finds...)
			w.finds = func(source.Subject) int { return next() }
			w.run(48*time.Hour, func(s *Settings) { s.MaxInterval, s.Window = test.max, test.window })
			got := w.pauses("u")
			require.Greater(t, len(got), len(test.want))
			for i, want := range test.want {
				assert.InDelta(t, want, got[i], float64(want)/50, "pause %d: %v", i, got[i]) // a peak loses a little meanwhile
			}
		})
	}
}

func TestPauseGoesOnAfterFailures(t *testing.T) {
	for _, test := range []struct {
		name  string
		found int // by the reads that fail
		want  []time.Duration
	}{
		{"nothing found", 0, []time.Duration{minute, 2 * minute, second, 2 * second, 4 * minute, 8 * minute}},
		{"something found before it failed", 1, []time.Duration{minute, 2 * minute, second, 2 * second, minute, 2 * minute}},
	} {
		inBubble(test.name, t, func(t *testing.T) {
			w := newWorld(t, "u")
			answer := inTurn(nil, nil, failed(source.Transient), failed(source.Transient), nil)
			var last error
			w.poll = func(context.Context, source.Subject) error { last = answer(); return last }
			w.finds = func(source.Subject) int {
				if last != nil {
					return test.found
				}
				return 0
			}
			w.run(time.Hour, func(s *Settings) { s.MaxInterval = 10 * minute })
			for i, want := range test.want {
				within(t, want, w.pauses("u")[i], "pause %d", i)
			}
		})
	}
}

func TestPauseOfALogThatIsListedAgainBeginsAnew(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.list = func(context.Context) ([]source.Subject, error) {
			if n := len(w.listed); n > 30 && n <= 33 {
				return []source.Subject{}, nil
			}
			return []source.Subject{"u"}, nil
		}
		w.run(time.Hour, func(s *Settings) { s.MaxInterval = 10 * minute })
		times := w.times("u")
		again := slices.Index(times, 33*minute)
		require.Equal(t, 6, again, "%v", times)
		assert.Equal(t, []time.Duration{33 * minute, 34 * minute, 36 * minute, 40 * minute}, times[again:again+4])
	})
}

func TestPeakHalvesInAWeek(t *testing.T) {
	s := &Settings{Interval: minute, MaxInterval: 24 * time.Hour, Window: 1000}
	p := pace{pause: minute, fresh: 10}
	p.ended(s, minute)
	assert.Equal(t, 50*minute, p.longest(s).Round(second))
	for range 7 {
		p.ended(s, 24*time.Hour)
	}
	assert.Equal(t, 100*minute, p.longest(s).Round(second), "the window, at the old pace")
	p.fresh = 5
	p.ended(s, minute)
	assert.Equal(t, 100*minute, p.longest(s).Round(second), "no faster than before")
	p.fresh = 20
	p.ended(s, minute)
	assert.Equal(t, 25*minute, p.longest(s).Round(second))
}

// A peak is kept as a short number, which must not make it stay where single steps are small.
func TestPeakHalvesInAWeekAlsoInSmallSteps(t *testing.T) {
	s := &Settings{Interval: second, Window: 1000}
	p := pace{pause: second, peak: 1}
	for range int(halfLife / second) {
		p.ended(s, second)
	}
	assert.InEpsilon(t, 0.5, p.peak, 0.02)
}

// A user who does nothing costs a request for every longest pause instead of one for every interval.
func TestIdleLogsCostFewRequests(t *testing.T) {
	requests := func(t *testing.T, longest time.Duration) (n int) {
		synctest.Test(t, func(t *testing.T) {
			w := newWorld(t, logs(100)...)
			w.run(24*time.Hour-second, func(s *Settings) { s.MaxInterval, s.Window = longest, 1000 })
			n = len(w.reads)
		})
		return n
	}
	assert.Equal(t, 100*24*60, requests(t, 0))
	// Those after 0, 1, 3, 7, 15, 31 and 63 minutes, and one for each hour of the rest.
	assert.Equal(t, 100*(7+22), requests(t, time.Hour))
}
