package userlogreceiver

import (
	"context"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/extension/xextension/storage"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/userlog/userlog-otel/receiver/internal/checkpoint"
	"github.com/userlog/userlog-otel/receiver/internal/source"
)

// faulty is a disk of which every call first meets its fault.
type faulty struct {
	*disk
	mu    sync.Mutex
	fault fault
}

// now sets the fault.
func (f *faulty) now(fault fault) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.fault = fault
}

func (f *faulty) meet(ctx context.Context, write bool) (bool, error) {
	f.mu.Lock()
	fault := f.fault
	f.mu.Unlock()
	return fault(ctx, write)
}

// fault says what becomes of a call: it fails, it does what was asked, or, without an error, nothing is done, as it is
// where the context ends between a database's answer and its first row (contrib v0.158.0, dbstorage).
type fault func(ctx context.Context, write bool) (answered bool, err error)

func (f *faulty) Get(ctx context.Context, key string) ([]byte, error) {
	if answered, err := f.meet(ctx, false); !answered {
		return nil, err
	}
	return f.disk.Get(ctx, key)
}

func (f *faulty) Set(ctx context.Context, key string, value []byte) error {
	if answered, err := f.meet(ctx, true); !answered {
		return err
	}
	return f.disk.Set(ctx, key, value)
}

func (f *faulty) Batch(ctx context.Context, ops ...*storage.Operation) error {
	if answered, err := f.meet(ctx, ops[0].Type == storage.Set); !answered {
		return err
	}
	return f.disk.Batch(ctx, ops...)
}

func works(context.Context, bool) (bool, error) { return true, nil }

func failsReads(_ context.Context, write bool) (bool, error) {
	if write {
		return true, nil
	}
	return false, errDisk
}

func failsWrites(_ context.Context, write bool) (bool, error) {
	if write {
		return false, errDisk
	}
	return true, nil
}

func answersNothing(context.Context, bool) (bool, error) { return false, nil }

func takes(d time.Duration) fault {
	return func(ctx context.Context, _ bool) (bool, error) {
		select {
		case <-time.After(d):
			return true, nil
		case <-ctx.Done():
			return false, ctx.Err()
		}
	}
}

// counted is a log that never ends: after the n-th entry, whose cursor is n, comes the next one. It notes the cursors
// that it was read from.
type counted struct{ from notes[source.Cursor] }

func (c *counted) read(after source.Cursor) (source.Batch, error) {
	c.from.add(after)
	n, _ := strconv.Atoi(string(after)) // of "start": 0
	next := strconv.Itoa(n + 1)
	return source.Batch{Entries: []source.Entry{numbered(next)}, Cursor: source.Cursor(next)}, nil
}

type numbered string

func (n numbered) Record(r plog.LogRecord) { r.Body().SetStr(string(n)) }
func (n numbered) Time() time.Time         { return time.Time{} }

// stored is a storage in which the log of the user was read up to its 41st entry.
func stored(t *testing.T, fingerprint string) *faulty {
	t.Helper()
	f := &faulty{disk: newDisk(), fault: works}
	store := checkpoint.New(f, fingerprint)
	_, err := store.Add(t.Context(), []source.Subject{user}, func(source.Subject) source.Cursor { return "start" })
	require.NoError(t, err)
	require.NoError(t, store.Save(t.Context(), user, "41"))
	return f
}

// slowly is a fault that takes a while and then is another one.
func slowly(then fault) fault {
	return func(ctx context.Context, write bool) (bool, error) {
		if answered, err := takes(3*time.Second)(ctx, write); !answered {
			return false, err
		}
		return then(ctx, write)
	}
}

func TestNothingIsReadBeforeTheCursorsAreLoaded(t *testing.T) {
	for name, test := range map[string]struct {
		fault fault
		told  string
	}{
		"the storage fails":      {failsReads, errDisk.Error()},
		"it fails after seconds": {slowly(failsReads), errDisk.Error()},
		"it answers nothing":     {answersNothing, "no answer that can be relied on"},
		"it does not answer":     {takes(time.Hour), context.DeadlineExceeded.Error()},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var log counted
				p := apart(t, keys{"collection_interval": "1h"}, accepts)
				from := provided{reader: reader(log.read), lister: only(user), identity: []string{"acme"}}
				disk := stored(t, checkpoint.Fingerprint("acme"))
				disk.now(test.fault)
				began := time.Now()
				p.runs(t, from, disk)
				assert.Zero(t, time.Since(began), "the start does not wait for the storage")
				time.Sleep(10 * time.Minute)
				synctest.Wait()
				assert.Empty(t, log.from.all(), "read without a cursor")
				require.Len(t, p.status.all(), 1, "told once")
				assert.Contains(t, p.status.all()[0], "StatusRecoverableError: ")
				assert.Contains(t, p.status.all()[0], test.told)
				disk.now(works)
				time.Sleep(2 * time.Minute) // more than the longest pause, and what is under way
				synctest.Wait()
				require.Len(t, p.status.all(), 2)
				assert.Equal(t, "StatusOK", p.status.all()[1], "it is well again without a restart")
				assert.Equal(t, []source.Cursor{"41"}, log.from.all(), "never from the start")
				require.NoError(t, p.Shutdown(t.Context()))
			})
		})
	}
}

func TestLogWhoseStartCannotBeStoredIsNotRead(t *testing.T) {
	for name, fails := range map[string]fault{"at once": failsWrites, "after seconds": slowly(failsWrites)} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var log counted
				p, disk := apart(t, keys{"collection_interval": "1h"}, accepts), &faulty{disk: newDisk(), fault: fails}
				p.runs(t, provided{reader: reader(log.read), lister: only(user)}, disk)
				time.Sleep(10 * time.Minute)
				synctest.Wait()
				assert.Empty(t, log.from.all(), "a crash would forget where it began")
				require.Len(t, p.status.all(), 1)
				assert.Contains(t, p.status.all()[0], "StatusRecoverableError: ")
				assert.Contains(t, p.status.all()[0], errDisk.Error())
				disk.now(works)
				time.Sleep(time.Minute)
				synctest.Wait()
				assert.Equal(t, []source.Cursor{"start"}, log.from.all())
				assert.Equal(t, "StatusOK", last(p.status.all()))
				require.NoError(t, p.Shutdown(t.Context()))
			})
		})
	}
}

func TestStorageThatTakesSecondsOnlySlowsDown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log counted
		p, disk := apart(t, keys{"collection_interval": "1s"}, accepts), stored(t, checkpoint.Fingerprint("acme"))
		disk.now(takes(3 * time.Second))
		p.runs(t, provided{reader: reader(log.read), lister: only(user), identity: []string{"acme"}}, disk)
		time.Sleep(time.Minute)
		require.NoError(t, p.Shutdown(t.Context()))
		assert.Empty(t, p.status.all(), "slow is no failure")
		require.Greater(t, len(log.from.all()), 10)
		assert.Equal(t, source.Cursor("41"), log.from.all()[0])
		assert.True(t, disk.holds(last(log.from.all())))
	})
}

// What cannot be stored is not delivered again and again: the cursor stays in memory, is stored before the log is read
// on, and only a crash meanwhile brings the last entries again.
func TestStorageThatFailsForAWhileRepeatsNothing(t *testing.T) {
	for name, fails := range map[string]fault{
		"at once": failsWrites, "after seconds": slowly(failsWrites), "without an answer": takes(time.Hour),
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var log counted
				var delivered notes[string]
				p := apart(t, keys{"collection_interval": "1s"}, func(_ context.Context, logs plog.Logs) error {
					delivered.add(logs.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().At(0).Body().Str())
					return nil
				})
				disk := stored(t, checkpoint.Fingerprint("acme"))
				p.runs(t, provided{reader: reader(log.read), lister: only(user), identity: []string{"acme"}}, disk)
				time.Sleep(5 * time.Second)
				synctest.Wait()
				before := len(delivered.all())
				require.Positive(t, before)

				disk.now(fails)
				time.Sleep(time.Hour)
				synctest.Wait()
				assert.Len(t, delivered.all(), before+1, "at most what was under way")
				require.Len(t, p.status.all(), 1, "told once, not at every attempt")
				assert.True(t, strings.HasPrefix(p.status.all()[0], "StatusRecoverableError: the cursor cannot be stored: "), p.status.all()[0])

				disk.now(works)
				time.Sleep(2 * time.Minute)
				synctest.Wait()
				require.NoError(t, p.Shutdown(t.Context()))
				assert.Equal(t, "StatusOK", last(p.status.all()))
				require.Greater(t, len(delivered.all()), before+10)
				for i, n := range delivered.all() {
					require.Equal(t, strconv.Itoa(42+i), n, "each entry once, and none is left out")
				}
			})
		})
	}
}

// noted is a reader that notes from when it is to read.
type noted struct {
	reader
	starts *notes[time.Time]
}

func (n noted) Start(at time.Time) source.Cursor {
	n.starts.add(at)
	return n.reader.Start(at)
}

func TestStorageThatFailsAtTheFirstStartDoesNotMoveTheStart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var (
			log    counted
			starts notes[time.Time]
		)
		p, disk := apart(t, keys{"collection_interval": "1h", "initial_lookback": "0s"}, accepts), &faulty{disk: newDisk(), fault: failsReads}
		began := time.Now()
		p.runs(t, provided{reader: noted{reader(log.read), &starts}, lister: only(user)}, disk)
		time.Sleep(10 * time.Minute)
		disk.now(works)
		time.Sleep(time.Minute)
		synctest.Wait()
		require.NotEmpty(t, log.from.all())
		for _, at := range starts.all() {
			assert.Equal(t, began, at, "entries that appeared while the storage failed are wanted")
		}
		require.NoError(t, p.Shutdown(t.Context()))
	})
}

func TestStartOfALogIsItsOwn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var (
			log    counted
			starts notes[time.Time]
		)
		p, disk := apart(t, keys{"initial_lookback": "0s"}, accepts), &faulty{disk: newDisk(), fault: failsReads}
		from := provided{reader: noted{reader(log.read), &starts}}
		reads := p.reads(from, checkpoint.New(disk, ""), p.handOn(t, from), p.observer)
		require.Error(t, reads.add(t.Context(), []source.Subject{"gone before it was added"}))
		time.Sleep(24 * time.Hour)
		disk.now(works)
		began := time.Now()
		require.NoError(t, reads.add(t.Context(), []source.Subject{"new"}))
		assert.Equal(t, []time.Time{began}, starts.all(), "not the time at which another one could not be added")

		many := make([]source.Subject, 1500)
		for i := range many {
			many[i] = source.Subject(strconv.Itoa(i))
		}
		writes := 0
		disk.now(func(_ context.Context, write bool) (bool, error) {
			if write {
				writes++
			}
			return !write || writes != 2, errDisk
		})
		require.Error(t, reads.add(t.Context(), many), "the second part fails")
		require.NoError(t, reads.add(t.Context(), many))
		told := p.logs.FilterMessageSnippet("without a stored cursor").All()
		assert.Equal(t, int64(1500), told[len(told)-1].ContextMap()["logs"])
	})
}
