package schedule

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/userlog/userlog-otel/receiver/internal/source"
)

func TestUsersAndOldest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, "bad", "good")
		w.poll = func(_ context.Context, s source.Subject) error {
			if s == "bad" && w.now() >= 5*minute {
				return failed(source.Transient)
			}
			return nil
		}
		s := New(w.settings())
		assert.Zero(t, s.Users())
		assert.True(t, s.Oldest().IsZero())
		began := time.Now()
		w.runs(s, 10*minute+second)
		assert.Equal(t, 2, s.Users())
		assert.Equal(t, began.Add(4*minute), s.Oldest(), "the end of the last full read of the log that fails")
	})
}

// An alert on the age of the oldest cursor would never end for a user that is deleted.
func TestOldestLeavesOutWhatTheAPIRefuses(t *testing.T) {
	for _, kind := range []source.Kind{source.Gone, source.Forbidden} {
		inBubble(kind.String(), t, func(t *testing.T) {
			w := newWorld(t, "good", "refused")
			w.poll = func(_ context.Context, s source.Subject) error {
				if s == "refused" && w.now() >= minute {
					return failed(kind)
				}
				return nil
			}
			s := New(w.settings())
			began := time.Now()
			w.runs(s, 10*minute+second)
			assert.Equal(t, began.Add(10*minute), s.Oldest(), "that of the other one")
		})
	}
}

func TestOldestIsZeroIfEveryLogIsRefused(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, "a", "b")
		w.poll = func(context.Context, source.Subject) error { return failed(source.Gone) }
		s := New(w.settings())
		w.runs(s, 10*minute)
		assert.True(t, s.Oldest().IsZero())
		assert.Equal(t, 2, s.Users())
	})
}

// When the API is down, a log that it refused before is not older than the others.
func TestOldestCountsFromTheLastRefusal(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, "u")
		w.poll = func(context.Context, source.Subject) error {
			if w.now() < 25*minute {
				return failed(source.Forbidden)
			}
			return failed(source.Transient)
		}
		s := New(w.settings())
		began := time.Now()
		w.runs(s, 2*time.Hour)
		assert.GreaterOrEqual(t, s.Oldest().Sub(began), 14*minute)
		assert.Less(t, s.Oldest().Sub(began), 25*minute)
	})
}

func TestLogThatIsDroppedUnderItsReadNoLongerCounts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.list = func(context.Context) ([]source.Subject, error) {
			if w.now() < minute {
				return []source.Subject{"long", "good"}, nil
			}
			return []source.Subject{"good"}, nil
		}
		w.poll = func(_ context.Context, s source.Subject) error {
			if s == "long" {
				time.Sleep(time.Hour)
			}
			return nil
		}
		s := New(w.settings())
		began := time.Now()
		time.AfterFunc(minute/2, func() {
			assert.Equal(t, 2, s.Users())
			assert.Equal(t, began, s.Oldest())
		})
		time.AfterFunc(10*minute+second, func() {
			assert.Equal(t, 1, s.Users())
			assert.Equal(t, began.Add(10*minute+firstReads), s.Oldest())
		})
		w.runs(s, 11*minute)
	})
}
