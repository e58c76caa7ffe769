package schedule

import (
	"context"
	"math/rand/v2"
	"slices"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/userlog/userlog-otel/receiver/internal/source"
)

const (
	second = time.Second
	minute = time.Minute
)

func TestFirstReadAfterInitialDelayThenAPauseAfterEachEnd(t *testing.T) {
	for _, test := range []struct {
		name         string
		delay, takes time.Duration
		want         []time.Duration
	}{
		{"at once, in no time", 0, 0, []time.Duration{0, minute, 2 * minute, 3 * minute}},
		{"later", 30 * second, 0, []time.Duration{30 * second, 90 * second, 150 * second, 210 * second}},
		{"reads that take long", 0, 10 * second, []time.Duration{0, 70 * second, 140 * second, 210 * second}},
		{"reads longer than the pause", 0, 2 * minute, []time.Duration{0, 3 * minute}},
	} {
		inBubble(test.name, t, func(t *testing.T) {
			w := newWorld(t, "u")
			w.poll = func(context.Context, source.Subject) error { time.Sleep(test.takes); return nil }
			w.run(220*second, func(s *Settings) { s.InitialDelay = test.delay })
			assert.Equal(t, test.want, w.times("u"))
			assert.Equal(t, test.delay, w.listed[0])
		})
	}
}

func TestAtMostConcurrencyReadsAndNoLogTwiceAtOnce(t *testing.T) {
	for _, concurrency := range []int{1, 3, 8} {
		inBubble("", t, func(t *testing.T) {
			w := newWorld(t)
			all := logs(20)
			w.list = func(context.Context) ([]source.Subject, error) { // another part of them each time
				return slices.DeleteFunc(slices.Clone(all), func(source.Subject) bool { return rand.IntN(3) == 0 }), nil
			}
			w.poll = func(context.Context, source.Subject) error {
				time.Sleep(time.Duration(rand.IntN(150)) * second)
				return []error{nil, nil, failed(source.Transient), failed(source.Gone)}[rand.IntN(4)]
			}
			w.run(3*time.Hour, func(s *Settings) { s.Concurrency = concurrency })
			assert.Equal(t, concurrency, w.most) // that no log is read twice at once is checked in every read
			assert.Greater(t, len(w.reads), 100)
		})
	}
}

func TestSlowLogStarvesNoOther(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		subjects := logs(30)
		w := newWorld(t, subjects...)
		w.poll = func(_ context.Context, s source.Subject) error {
			if s == subjects[0] {
				time.Sleep(time.Hour)
			} else {
				time.Sleep(second)
			}
			return nil
		}
		w.run(time.Hour+time.Minute, func(s *Settings) { s.Concurrency = 2 })
		for _, s := range subjects[1:] {
			assert.GreaterOrEqual(t, len(w.times(s)), 40, s) // a round takes a minute and half
		}
	})
}

func TestLogsAreReadInTheOrderInWhichTheyAreDue(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		subjects := logs(10)
		w := newWorld(t, subjects...)
		w.poll = func(context.Context, source.Subject) error { time.Sleep(20 * second); return nil }
		w.run(2*time.Hour, func(s *Settings) { s.Concurrency = 1 }) // never enough time: always all but one are due
		var round []source.Subject
		for _, r := range w.reads[:10] {
			round = append(round, r.subject)
		}
		assert.ElementsMatch(t, subjects, round)
		for i, r := range w.reads {
			require.Equal(t, round[i%10], r.subject, "read %d", i)
		}
	})
}

func TestLogsComeAndGoWithTheList(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		lists := [][]source.Subject{{"a", "b"}, {"b", "c", "c"}, {}, {"a"}}
		w.list = func(context.Context) ([]source.Subject, error) {
			list := lists[0]
			if len(lists) > 1 {
				lists = lists[1:]
			}
			return list, nil
		}
		var added []source.Subject
		w.add = func(_ context.Context, s []source.Subject) error { added = append(added, s...); return nil }
		w.run(235*second, func(s *Settings) { s.ListInterval = 59 * second })
		assert.Equal(t, []time.Duration{0, 177 * second}, w.times("a"))
		assert.Equal(t, []time.Duration{firstReads, firstReads + minute}, w.times("b"))
		assert.Equal(t, []time.Duration{59 * second}, w.times("c"))
		assert.Equal(t, []source.Subject{"a", "b", "c", "a"}, added)
		assert.ElementsMatch(t, []source.Subject{"a", "b", "c"}, w.removed)
		assert.Len(t, slices.DeleteFunc(w.told, func(s string) bool { return s[:2] != "un" }), 3)
	})
}

func TestLogDroppedAndListedAgainDuringItsReadIsReadOnceAtATime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		n := 0
		w.list = func(context.Context) ([]source.Subject, error) {
			n++
			if n == 2 {
				return []source.Subject{}, nil
			}
			return []source.Subject{"u"}, nil
		}
		w.poll = func(context.Context, source.Subject) error { time.Sleep(150 * second); return nil }
		w.run(6 * minute)
		// Listed at 0, dropped at 1m, listed at 2m while the read goes on to 2m30s, taken up at 3m.
		assert.Equal(t, []time.Duration{0, 3 * minute}, w.times("u"))
		assert.Equal(t, []string{"unlisted u", "polled u"}, w.told, "unlisted after its last read, or its problems stay for ever")
		assert.Equal(t, []source.Subject{"u"}, w.removed)
	})
}

func TestListingErrorKeepsTheOldListAndIsRepeatedSoon(t *testing.T) {
	for _, test := range []struct {
		name string
		bad  []source.Subject // what comes with the error
		want int              // reads of each log in five minutes
		more bool             // listings than one a minute
	}{
		{"without subjects", nil, 5, true},
		{"with some left out", []source.Subject{"a", "b"}, 5, false},
	} {
		inBubble(test.name, t, func(t *testing.T) {
			w := newWorld(t)
			w.list = func(context.Context) ([]source.Subject, error) {
				if w.now() >= minute && w.now() < 4*minute {
					return test.bad, errAPI
				}
				return []source.Subject{"a", "b"}, nil
			}
			w.run(5*minute - second)
			assert.Len(t, w.times("a"), test.want)
			assert.Len(t, w.times("b"), test.want)
			assert.NotContains(t, w.told, "unlisted a")
			assert.Contains(t, w.told, "listed: "+errAPI.Error())
			if test.more {
				assert.Greater(t, len(w.listed), 8)
				assert.Less(t, len(w.listed), 20)
			} else {
				assert.Len(t, w.listed, 5)
			}
		})
	}
}

func TestReadsBeginOnceTheStorageTakesNewLogs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, "a", "b")
		tries := 0
		w.add = func(_ context.Context, s []source.Subject) error {
			tries++
			assert.Len(t, s, 2)
			if w.now() < 30*second {
				return errAPI
			}
			return nil
		}
		w.run(80 * second)
		require.Len(t, w.times("a"), 1)
		assert.GreaterOrEqual(t, w.times("a")[0], 30*second, "read before its start was stored")
		assert.Greater(t, tries, 3)
		assert.Less(t, tries, 12)
		assert.Contains(t, w.told, "listed: "+errAPI.Error())
	})
}

// A storage that fails for new logs must not hold those that are known.
func TestKnownLogsAreReadWhileNewOnesCannotBeAdded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.list = func(context.Context) ([]source.Subject, error) {
			if w.now() < minute {
				return []source.Subject{"a"}, nil
			}
			return []source.Subject{"a", "new"}, nil
		}
		w.add = func(_ context.Context, s []source.Subject) error {
			if s[0] == "new" {
				return errAPI
			}
			return nil
		}
		w.run(5*minute - second)
		assert.Len(t, w.times("a"), 5)
		assert.Empty(t, w.times("new"))
	})
}

func TestRunReturnsWhenReadsUnderWayHaveEnded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, logs(100)...)
		var stopped atomic.Int32
		w.poll = func(ctx context.Context, _ source.Subject) error {
			<-ctx.Done()
			time.Sleep(second) // the last save
			stopped.Add(1)
			return ctx.Err()
		}
		began := time.Now()
		w.run(10 * second)
		assert.Equal(t, 11*second, time.Since(began))
		assert.EqualValues(t, 4, stopped.Load())
		assert.Empty(t, w.told, "the end is no failure")
	})
}

func TestRunReturnsAtOnceIfItsContextIsDone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, "u")
		ctx, stop := context.WithCancel(t.Context())
		stop()
		New(w.settings()).Run(ctx)
		assert.Empty(t, w.listed)
	})
}
