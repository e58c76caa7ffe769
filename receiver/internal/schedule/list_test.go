package schedule

import (
	"context"
	"runtime"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"
	"weak"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/userlog/userlog-otel/receiver/internal/source"
)

// slowly makes a lister or a storage take so long from the given time on, or until its context is done.
func slowly(w *world, from, takes time.Duration) func(context.Context) error {
	return func(ctx context.Context) error {
		if w.now() < from {
			return nil
		}
		select {
		case <-time.After(takes):
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func TestKnownLogsAreReadWhileTheListIsMade(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		wait := slowly(w, second, 10*minute+30*second) // hundreds of requests behind a rate limit
		w.list = func(ctx context.Context) ([]source.Subject, error) {
			if err := wait(ctx); err != nil || w.now() < second {
				return []source.Subject{"a", "b"}, err
			}
			return []source.Subject{"b", "c"}, nil
		}
		w.run(20*minute + second/2)
		assert.Equal(t, []time.Duration{0, minute, 12*minute + 30*second}, w.listed, "one at a time, a pause after the end of the one before")
		assert.Len(t, w.times("a"), 12, "until it is known to be gone")
		assert.Len(t, w.times("b"), 21)
		assert.Equal(t, 11*minute+30*second, w.times("c")[0], "once it is known")
	})
}

func TestKnownLogsAreReadWhileNewOnesAreAdded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.list = func(context.Context) ([]source.Subject, error) {
			if w.now() < second {
				return []source.Subject{"a"}, nil
			}
			return []source.Subject{"a", "new"}, nil
		}
		wait := slowly(w, second, 10*minute) // hundreds of batches for a slow storage
		w.add = func(ctx context.Context, _ []source.Subject) error { return wait(ctx) }
		w.run(15*minute + second/2)
		assert.Len(t, w.times("a"), 16)
		assert.Equal(t, 11*minute, w.times("new")[0], "not before it is added")
		assert.Equal(t, []time.Duration{0, minute, 12 * minute, 13 * minute, 14 * minute, 15 * minute}, w.listed)
	})
}

func TestRunEndsAListingUnderWay(t *testing.T) {
	for _, test := range []struct {
		name string
		slow func(*world, func(context.Context) error)
	}{
		{"in the lister", func(w *world, hangs func(context.Context) error) {
			w.list = func(ctx context.Context) ([]source.Subject, error) { return []source.Subject{"u"}, hangs(ctx) }
		}},
		{"in the storage", func(w *world, hangs func(context.Context) error) {
			w.add = func(ctx context.Context, _ []source.Subject) error { return hangs(ctx) }
		}},
	} {
		inBubble(test.name, t, func(t *testing.T) {
			w := newWorld(t, "u")
			ended := false
			test.slow(w, func(ctx context.Context) error {
				<-ctx.Done()
				time.Sleep(second)
				ended = true
				return ctx.Err()
			})
			began := time.Now()
			w.run(10 * second)
			assert.True(t, ended)
			assert.Equal(t, 11*second, time.Since(began))
			assert.Empty(t, w.told, "the end is no failure")
			assert.Empty(t, w.reads)
		})
	}
}

func TestListIntervalIsThePauseBetweenTwoListings(t *testing.T) {
	for _, test := range []struct {
		name     string
		interval time.Duration
		want     []time.Duration
	}{
		{"that of the reads by default", 0, []time.Duration{0, 10 * second, 20 * second, 30 * second, 40 * second, 50 * second, minute}},
		{"longer", 25 * second, []time.Duration{0, 25 * second, 50 * second}},
		{"shorter", 20 * second, []time.Duration{0, 20 * second, 40 * second, minute}},
	} {
		inBubble(test.name, t, func(t *testing.T) {
			w := newWorld(t, "u")
			w.run(minute, func(s *Settings) { s.Interval, s.ListInterval = 10*second, test.interval })
			assert.Equal(t, test.want, w.listed)
			assert.Len(t, w.times("u"), 7)
		})
	}
}

// A list may cost hundreds of requests, and a storage that fails is no reason to make another one.
func TestFailedAdditionIsRepeatedWithoutAnotherListing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, "a", "b")
		tries := 0
		w.add = func(context.Context, []source.Subject) error {
			tries++
			if w.now() < 150*second {
				return errAPI
			}
			return nil
		}
		w.run(3*minute, func(s *Settings) { s.ListInterval = 2 * minute })
		require.Greater(t, tries, 6)
		require.Len(t, w.listed, 2)
		assert.Zero(t, w.listed[0])
		within(t, 2*minute+maxPause, w.listed[1]) // the first attempt when the list is no longer fresh
		assert.GreaterOrEqual(t, w.listed[1], 2*minute)
		assert.Less(t, w.times("a")[0], 3*minute)
		told := slices.Compact(slices.Clone(w.told))
		assert.Equal(t, []string{"listed: " + errAPI.Error(), "polled a", "polled b"}, told)
	})
}

func TestFailedListingIsRepeatedSoonAlsoWhileLogsAreToBeAdded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.list = func(context.Context) ([]source.Subject, error) {
			if w.now() < second {
				return []source.Subject{"a"}, nil
			}
			return nil, errAPI
		}
		w.add = func(context.Context, []source.Subject) error { return errAPI }
		w.run(10 * minute)
		require.Greater(t, len(w.listed), 10)
		assert.GreaterOrEqual(t, w.listed[1], minute)
		for i := 2; i < len(w.listed); i++ {
			within(t, maxPause, w.listed[i]-w.listed[i-1])
		}
	})
}

// A list that is the same again is not compared; but one is of which a log could not be taken up.
func TestSameListAgain(t *testing.T) {
	list := logs(1000)
	r := waiting(t.Context(), list)
	r.listing.beside, r.listing.ended = &sync.WaitGroup{}, make(chan func(), 1)
	r.s.Add = func(context.Context, []source.Subject) error { return nil }
	r.s.Remove = func(source.Subject) {}
	take := func(list []source.Subject) {
		r.reconcile(t.Context(), list, nil)
		if r.listing.next == never {
			(<-r.listing.ended)()
		}
	}
	allocs := func(list func() []source.Subject) float64 {
		return testing.AllocsPerRun(10, func() { take(list()) })
	}
	same := func() []source.Subject { return list }
	take(list)
	assert.Zero(t, allocs(same), "not compared")
	assert.Greater(t, allocs(func() []source.Subject { return slices.Clone(list) }), 1.0, "the check can fail")

	read := r.queue.head()
	r.began(read)
	take([]source.Subject{})
	assert.Zero(t, r.Users())
	take(list)
	assert.Equal(t, 999, r.Users(), "one is still being read")
	r.ended(t.Context(), outcome{log: read}, r.now())
	r.s.Add = func(context.Context, []source.Subject) error { return errAPI }
	take(list)
	require.Equal(t, 999, r.Users())
	require.NotNil(t, r.listing.left)
	r.s.Add = func(context.Context, []source.Subject) error { return nil }
	take(list)
	assert.Equal(t, 1000, r.Users(), "the same list, of which that one was not taken up")
	assert.Nil(t, r.listing.left, "kept in memory")
	take(list)
	assert.Zero(t, allocs(same))
}

func TestListThatWasTakenIsNotKept(t *testing.T) {
	r := waiting(t.Context(), logs(1000))
	list := logs(1000)
	r.reconcile(t.Context(), list, nil)
	require.True(t, r.listing.whole)
	first := weak.Make(&list[0])
	runtime.GC()
	assert.Nil(t, first.Value(), "whoever makes a list anew each time would have it in memory twice")
	runtime.KeepAlive(r)
}
