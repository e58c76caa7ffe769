package schedule

import (
	"context"
	"errors"
	"iter"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/userlog/userlog-otel/receiver/internal/poll"
	"github.com/userlog/userlog-otel/receiver/internal/source"
)

// backlogs are logs, some of which have no end, with everything that a poll.Poller needs. A log with an end has one
// entry more in every read.
type backlogs struct {
	t       *testing.T
	endless map[source.Subject]bool
	fail    func() error // of logs with an end

	mu        sync.Mutex
	cursors   map[source.Subject]source.Cursor
	delivered map[source.Subject]int
	turns     []source.Subject
}

func newBacklogs(t *testing.T, endless ...source.Subject) *backlogs {
	b := &backlogs{
		t: t, endless: map[source.Subject]bool{}, fail: func() error { return nil },
		cursors: map[source.Subject]source.Cursor{}, delivered: map[source.Subject]int{},
	}
	for _, s := range endless {
		b.endless[s] = true
	}
	return b
}

// numbered is the n-th entry of a log.
type numbered struct {
	log source.Subject
	n   int
}

func (numbered) Record(plog.LogRecord) {}
func (numbered) Time() time.Time       { return time.Time{} }

func (b *backlogs) Start(time.Time) source.Cursor { return "" }

func (b *backlogs) Read(ctx context.Context, s source.Subject, after source.Cursor) iter.Seq2[source.Batch, error] {
	b.mu.Lock()
	b.turns = append(b.turns, s)
	b.mu.Unlock()
	return func(yield func(source.Batch, error) bool) {
		n, _ := strconv.Atoi(string(after)) // the first one is empty
		for more := true; more; more = b.endless[s] {
			time.Sleep(time.Second)
			if err := errors.Join(ctx.Err(), b.fail()); ctx.Err() != nil || err != nil && !b.endless[s] {
				yield(source.Batch{}, err)
				return
			}
			n++
			if !yield(source.Batch{Entries: []source.Entry{numbered{s, n}}, Cursor: source.Cursor(strconv.Itoa(n))}, nil) {
				return
			}
		}
	}
}

// Deliver checks that nothing is lost or comes again.
func (b *backlogs) Deliver(_ context.Context, entries []source.Entry) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, e := range entries {
		e := e.(numbered)
		assert.Equal(b.t, b.delivered[e.log]+1, e.n, "of %s", e.log)
		b.delivered[e.log] = e.n
	}
	return nil
}

func (b *backlogs) Load(_ context.Context, s source.Subject) (source.Cursor, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.cursors[s], nil
}

func (b *backlogs) Save(_ context.Context, s source.Subject, c source.Cursor) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.cursors[s] = c
	return nil
}

// quiet is a poll.Observer.
type quiet struct{}

func (quiet) Read(context.Context, int, int, int) {}
func (quiet) Progressed(source.Subject)           {}

func (quiet) Gap(context.Context, source.Subject, source.Gap) {}

// read runs a schedule over the logs.
func (b *backlogs) read(w *world, d time.Duration, concurrency int, interval time.Duration) *Schedule {
	settings := w.settings()
	settings.Interval, settings.Concurrency = interval, concurrency
	settings.Poll = (&poll.Poller{Reader: b, Checkpoints: b, Deliverer: b, Observer: quiet{}}).Poll
	s := New(settings)
	w.runs(s, d)
	return s
}

func (b *backlogs) turnsOf(s source.Subject) (n int) {
	for _, turn := range b.turns {
		if turn == s {
			n++
		}
	}
	return n
}

func TestLongBacklogStarvesNoOther(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		others := logs(10)
		b := newBacklogs(t, "endless")
		w := newWorld(t, append(others, "endless")...)
		began := time.Now()
		s := b.read(w, 2*time.Hour, 1, second)

		require.Greater(t, len(b.turns), 1000)
		for i := range len(b.turns) - 11 {
			assert.Subset(t, b.turns[i:i+11], others, "from turn %d on", i)
		}
		assert.Greater(t, b.delivered["endless"], 3600, "it moves on, more than half of the time")
		assert.NotContains(t, w.told, "polled endless", "a turn is no read of the log")
		assert.Equal(t, began, s.Oldest(), "it was never read in full")
	})
}

func TestBacklogIsReadOnWhileNoOtherLogIsDue(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBacklogs(t, "endless")
		w := newWorld(t, append([]source.Subject{"endless"}, logs(10)...)...)
		b.read(w, 24*time.Hour, 1, 25*time.Hour)
		assert.Len(t, b.turns, 12, "each once, but for the one that made room for those that were due at first: %v", b.turns)
		assert.Greater(t, b.delivered["endless"], 24*3600-60)
	})
}

func TestNoReadMakesRoomWhileWorkersAreFree(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBacklogs(t, "endless 1", "endless 2", "endless 3")
		w := newWorld(t, "endless 1", "endless 2", "endless 3", "short")
		b.read(w, time.Hour, 4, minute)
		for s := range b.endless {
			assert.Equal(t, 1, b.turnsOf(s))
		}
		assert.Equal(t, 60, b.turnsOf("short"))
	})
}

func TestBacklogsTakeTurnsWithEachOther(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		endless := logs(7)
		b := newBacklogs(t, endless...)
		b.read(newWorld(t, endless...), 6*time.Hour, 3, minute)
		for _, s := range endless {
			assert.InEpsilon(t, 6*3600*3/7, b.delivered[s], 0.05, "entry a second each, from three workers")
		}
	})
}

// The log that tries alone whether the API works again may be one with a backlog.
func TestBacklogOfTheLogThatTriesAloneHoldsNoOtherUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		others := logs(10)
		b := newBacklogs(t, "endless")
		w := newWorld(t)
		w.list = func(context.Context) ([]source.Subject, error) {
			if w.now() < 2*minute {
				return others, nil
			}
			return append([]source.Subject{"endless"}, others...), nil
		}
		b.fail = func() error {
			if w.now() < 5*minute {
				return failed(source.Transient)
			}
			return nil
		}
		b.read(w, 10*minute, 4, 2*minute)
		for _, s := range others {
			assert.GreaterOrEqual(t, b.delivered[s], 2, s)
		}
		assert.Contains(t, w.told, "held: transient")
	})
}

// Nothing else could be read in the meantime.
func TestReadUnderWayGoesOnWhileTheSourceIsHeld(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		others := logs(10)
		b := newBacklogs(t, "endless")
		b.fail = func() error { return asked(source.Unauthorized, time.Hour) }
		w := newWorld(t, append([]source.Subject{"endless"}, others...)...)
		b.read(w, 59*minute, 2, minute)
		require.Equal(t, 1, b.turnsOf("endless"))
		assert.Greater(t, b.delivered["endless"], 50*60)
	})
}

func TestWhichLogsAreMadeRoomFor(t *testing.T) {
	const now = minute
	for _, test := range []struct {
		name     string
		inFlight int // of 2
		probing  bool
		held     time.Duration
		due      time.Duration
		want     bool
	}{
		{"one that is due while all workers read", 2, false, 0, 0, true},
		{"not one that is not due", 2, false, 0, second, false},
		{"not one for which a worker is free", 1, false, 0, 0, false},
		{"one that waits for the log that tries alone", 1, true, 0, 0, true},
		{"not one of a source that is held", 2, true, second, 0, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			b := newBreaker(minute)
			b.probing, b.until = test.probing, now+test.held
			r := run{Schedule: New(Settings{Concurrency: 2}), breaker: b}
			for _, s := range logs(test.inFlight) {
				r.queue.began(&entry{subject: s})
			}
			assert.False(t, r.waiting(now), "without any")
			r.queue.push(&entry{due: now + test.due})
			assert.Equal(t, test.want, r.waiting(now))
		})
	}
}

func TestOneReadMakesRoomForOneLog(t *testing.T) {
	s := New(Settings{})
	assert.False(t, s.makesRoom())
	s.wanted.Store(true)
	assert.True(t, s.makesRoom())
	assert.False(t, s.makesRoom(), "another one made room")
}
