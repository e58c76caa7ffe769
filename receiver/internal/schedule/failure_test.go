package schedule

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/userlog/userlog-otel/receiver/internal/source"
)

func TestPausesAfterFailures(t *testing.T) {
	doubling := []time.Duration{1 * second, 2 * second, 4 * second, 8 * second, 16 * second, 30 * second, 30 * second, 30 * second}
	growing := []time.Duration{2 * minute, 4 * minute, 8 * minute, 16 * minute, 32 * minute, time.Hour, time.Hour}
	granted := []time.Duration{2 * minute, 4 * minute, 8 * minute, 10 * minute, 10 * minute, 10 * minute}
	same := func(d time.Duration) []time.Duration { return slices.Repeat([]time.Duration{d}, 6) }
	for _, test := range []struct {
		name  string
		err   error
		exact bool // without jitter
		want  []time.Duration
	}{
		{"transient", failed(source.Transient), false, doubling},
		{"unreadable", failed(source.Unreadable), false, doubling},
		{"bad cursor that comes again", failed(source.BadCursor), false, doubling},
		{"storage or consumer", errors.New("other"), false, doubling},
		{"forbidden", failed(source.Forbidden), false, granted},
		{"gone", failed(source.Gone), false, growing},
		{"transient, told how long", asked(source.Transient, 5*minute), true, same(5 * minute)},
		{"gone, told how long", asked(source.Gone, 5*time.Hour), true, same(5 * time.Hour)},
		{"unauthorized", failed(source.Unauthorized), true, same(refusedPause)},
		{"unauthorized, told how long", asked(source.Unauthorized, 5*minute), true, same(5 * minute)},
	} {
		inBubble(test.name, t, func(t *testing.T) {
			w := newWorld(t, "u")
			w.poll = func(context.Context, source.Subject) error { return test.err }
			w.run(48 * time.Hour)
			got := w.pauses("u")
			require.Greater(t, len(got), len(test.want))
			for i, want := range test.want {
				if test.exact {
					assert.Equal(t, want, got[i], "pause %d", i)
				} else {
					within(t, want, got[i], "pause %d", i)
				}
			}
			within(t, test.want[len(test.want)-1], got[len(got)-1], "it does not grow for ever")
		})
	}
}

func TestShortIntervalBoundsThePauses(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, "u")
		w.poll = func(context.Context, source.Subject) error { return failed(source.Transient) }
		w.run(minute, func(s *Settings) { s.Interval = 100 * time.Millisecond })
		within(t, 100*time.Millisecond, w.pauses("u")[0])
	})
}

func TestPauseBeginsAnewAfterASuccessAndWithAnotherKind(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, "u")
		answers := []error{
			failed(source.Transient), failed(source.Transient), failed(source.Transient), nil,
			failed(source.Transient), failed(source.Transient), failed(source.Transient), failed(source.Gone), nil,
		}
		w.poll = func(context.Context, source.Subject) error {
			if len(answers) == 0 {
				return nil
			}
			answer := answers[0]
			answers = answers[1:]
			return answer
		}
		w.run(time.Hour)
		want := []time.Duration{second, 2 * second, 4 * second, minute, second, 2 * second, 4 * second, 2 * minute, minute}
		for i, got := range w.pauses("u")[:len(want)] {
			within(t, want[i], got, "pause %d", i)
		}
	})
}

func TestFailingLogsDelayNoOther(t *testing.T) {
	for _, kind := range []source.Kind{source.Transient, source.Unreadable, source.Forbidden, source.Gone, source.BadCursor} {
		inBubble(kind.String(), t, func(t *testing.T) {
			w := newWorld(t, "good", "bad 1", "bad 2", "bad 3")
			w.poll = func(_ context.Context, s source.Subject) error {
				if s == "good" {
					return nil
				}
				return failed(kind)
			}
			w.run(time.Hour-second, func(s *Settings) { s.Interval = 10 * minute })
			assert.Equal(t, []time.Duration{0, 10 * minute, 20 * minute, 30 * minute, 40 * minute, 50 * minute}, w.times("good"))
			assert.GreaterOrEqual(t, len(w.times("bad 1")), 3)
			assert.NotContains(t, w.told, "held: "+kind.String())
		})
	}
}

// More logs that always fail than it takes to hold the source: while the others rest nothing succeeds, and the source
// is held. When the others are due, one of them must be the next that tries, not another of those that fail.
func TestManyFailingLogsDelayTheOthersByOnePauseAtMost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, append(logs(40), "good 1", "good 2")...)
		w.poll = func(_ context.Context, s source.Subject) error {
			if strings.HasPrefix(string(s), "good") {
				return nil
			}
			return failed(source.Unreadable)
		}
		w.run(5*time.Hour, func(s *Settings) { s.Interval = 10 * minute })
		for _, good := range []source.Subject{"good 1", "good 2"} {
			times := w.times(good)
			require.Greater(t, len(times), 20)
			for i := 5; i < len(times); i++ { // by then it is known which logs fail
				assert.LessOrEqual(t, times[i]-times[i-1], 10*minute+maxPause)
			}
		}
	})
}

func TestRefusedCredentialsHoldTheWholeSource(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		subjects := logs(50)
		w := newWorld(t, subjects...)
		w.poll = func(context.Context, source.Subject) error {
			time.Sleep(second)
			if w.now() < 10*minute {
				return failed(source.Unauthorized)
			}
			return nil
		}
		w.run(12 * minute)
		var early []read
		for _, r := range w.reads {
			if r.began < 10*minute {
				early = append(early, r)
			}
		}
		assert.LessOrEqual(t, len(early), 4+10*60/30, "at most one a half minute, after the first four")
		for i, r := range early[4:] {
			last := early[i+3]
			assert.GreaterOrEqual(t, r.began-last.ended, refusedPause, "one alone, after a pause")
		}
		for _, s := range subjects {
			times := w.times(s)
			assert.True(t, slices.ContainsFunc(times, func(at time.Duration) bool { return at >= 10*minute-second && at < 11*minute }),
				"%s was not read after the recovery but at %v", s, times)
			assert.Contains(t, w.told, "polled "+string(s))
			assert.NotContains(t, w.told, "polled "+string(s)+": unauthorized", "one problem of the source, not one of each log")
		}
		assert.Equal(t, "held: unauthorized", w.told[0])
	})
}

func TestFiveLogsThatFailInARowHoldTheSource(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		subjects := logs(1000)
		w := newWorld(t, subjects...)
		w.poll = func(context.Context, source.Subject) error {
			time.Sleep(100 * time.Millisecond)
			if w.now() < 10*minute {
				return failed(source.Transient)
			}
			return nil
		}
		w.run(13 * minute)
		down := 0
		for _, r := range w.reads {
			if r.began < 10*minute {
				down++
			}
		}
		assert.Less(t, down, 60, "an API that is down is not asked for every log")
		assert.Greater(t, down, 20)
		held := slices.Index(w.told, "held: transient")
		assert.Equal(t, 4, held, "the fifth is no problem of one log")

		back := w.reads[down:]
		assert.Less(t, back[0].began, 10*minute+maxPause+second, "noticed within half a minute")
		for _, s := range subjects {
			times := w.times(s)
			require.NotEmpty(t, times)
			assert.Greater(t, times[len(times)-1], 10*minute-second)
		}
	})
}

// The workers that fail together with the fifth read say nothing that is new.
func TestHoldBeginsShortWhateverTheConcurrency(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, logs(100)...)
		w.poll = func(context.Context, source.Subject) error {
			if w.now() < 500*time.Millisecond {
				time.Sleep(100 * time.Millisecond)
				return failed(source.Transient)
			}
			return nil
		}
		w.run(10*second, func(s *Settings) { s.Concurrency = 32 })
		assert.Greater(t, w.reads[len(w.reads)-1].began, second/2, "still held: 27 failures more made the pause longest")
	})
}

func TestSourceStaysHeldAsLongAsItAsks(t *testing.T) {
	for _, test := range []struct {
		kind  source.Kind
		after int // reads
	}{
		{source.Transient, 5},
		{source.Unreadable, 5},
		{source.Unauthorized, 1},
	} {
		inBubble(test.kind.String(), t, func(t *testing.T) {
			w := newWorld(t, logs(20)...)
			w.poll = func(context.Context, source.Subject) error {
				if w.now() < minute {
					return asked(test.kind, 5*minute)
				}
				return nil
			}
			w.run(6*minute, func(s *Settings) { s.Concurrency = 1 })
			require.Greater(t, len(w.reads), 20)
			last := w.reads[test.after-1].ended
			assert.Less(t, last, second)
			assert.Equal(t, last+5*minute, w.reads[test.after].began)
		})
	}
}

// A read that ends after the one that was told how long, and was told nothing, does not make the hold shorter.
func TestHoldIsNotMadeShorterByReadsUnderWay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, logs(20)...)
		answers := append(slices.Repeat([]error{failed(source.Transient)}, 4), asked(source.Transient, 5*minute), failed(source.Transient))
		w.poll = func(context.Context, source.Subject) error {
			w.mu.Lock()
			n := len(answers)
			if n == 0 {
				w.mu.Unlock()
				time.Sleep(20 * second)
				return nil
			}
			answer := answers[0]
			answers = answers[1:]
			w.mu.Unlock()
			time.Sleep(time.Duration(10-n) * second) // they end in this order
			return answer
		}
		w.run(7*minute, func(s *Settings) { s.Concurrency = 6 })
		late := slices.IndexFunc(w.reads, func(r read) bool { return r.began > 30*second })
		require.Positive(t, late)
		assert.GreaterOrEqual(t, w.reads[late].began, 5*minute)
	})
}

func TestSuccessBetweenFailuresKeepsTheSourceOpen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, logs(40)...)
		n := 0
		w.poll = func(context.Context, source.Subject) error {
			time.Sleep(second)
			n++
			if n%5 == 0 {
				return nil
			}
			return failed(source.Transient)
		}
		w.run(30*minute, func(s *Settings) { s.Concurrency = 1 })
		assert.NotContains(t, w.told, "held: transient")
	})
}

func TestAnswerAboutOneLogEndsTheHold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, "gone", "b", "c")
		w.poll = func(_ context.Context, s source.Subject) error {
			switch {
			case w.now() < second:
				return failed(source.Unauthorized)
			case s == "gone":
				return failed(source.Gone)
			}
			return nil
		}
		w.run(35*second, func(s *Settings) { s.Concurrency = 1 })
		assert.Len(t, w.reads, 4, "after the pause all three are read")
	})
}

// What the consumer or the storage refuses says nothing of the API, also while the source is held.
func TestLocalFailureIsNoProblemOfTheSource(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, logs(6)...)
		w.poll = func(context.Context, source.Subject) error {
			if w.now() < second {
				return failed(source.Unauthorized)
			}
			return errors.New("storage")
		}
		w.run(2*minute, func(s *Settings) { s.Concurrency = 1 })
		assert.Equal(t, "held: unauthorized", w.told[0])
		require.Greater(t, len(w.told), 6)
		for _, told := range w.told[1:] {
			assert.True(t, strings.HasPrefix(told, "polled"), told)
		}
	})
}
