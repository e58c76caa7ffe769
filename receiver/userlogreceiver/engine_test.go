package userlogreceiver

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/userlog/userlog-otel/receiver/internal/checkpoint"
	"github.com/userlog/userlog-otel/receiver/internal/poll"
	"github.com/userlog/userlog-otel/receiver/internal/source"
)

var errDisk = errors.New("disk full")

func TestBadCursorStartsTheLogAgain(t *testing.T) {
	p := apart(t, nil, accepts)
	fails := reader(func(source.Cursor) (source.Batch, error) {
		return source.Batch{}, &source.Error{Kind: source.BadCursor, Err: errors.New("the stored cursor cannot be read")}
	})
	store := checkpoint.New(nil, "")
	_, err := store.Add(t.Context(), []source.Subject{user}, func(source.Subject) source.Cursor { return "bad" })
	require.NoError(t, err)
	reads := reads{
		observer: p.observer, store: store, reader: fails,
		poller: poll.Poller{Reader: fails, Checkpoints: store, Observer: p.observer},
	}
	fresh, more, err := reads.poll(t.Context(), user, nil)
	require.NoError(t, err, "no failure: nothing is to be waited for")
	assert.Positive(t, fresh, "no idle log")
	assert.False(t, more, "a cursor that is refused again is not asked for in a loop")
	cursor, err := store.Load(t.Context(), user)
	require.NoError(t, err)
	assert.Equal(t, source.Cursor("start"), cursor)
	assert.InDelta(t, 1, sum(t, p.telemetry, "cursors.rejected"), 0)
	assert.Equal(t, 1, p.logs.FilterMessageSnippet("the stored cursor cannot be read").Len())
}

func TestShutdownStoresWhatTheStorageRefusedBefore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, disk := apart(t, keys{"collection_interval": "1m"}, accepts), newDisk()
		disk.set(func(context.Context) error {
			if disk.holds("start") {
				return errDisk
			}
			return nil
		})
		p.close = append(p.close, disk.Close)
		p.runs(t, provided{reader: reader(oneEntry), lister: only(user)}, disk)
		synctest.Wait()
		require.Equal(t, 1, p.logs.FilterMessageSnippet("the cursor cannot be stored").Len())
		assert.False(t, disk.holds("moved"))

		disk.set(nil)
		require.NoError(t, p.Shutdown(t.Context()))
		assert.True(t, disk.holds("moved"))
		assert.True(t, disk.closed)
	})
}

// A consumer that takes all the time it is given, then a storage that does: the read ends while Shutdown waits for it.
func TestShutdownWaitsForAllThatAReadMayStillDo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		slow := func(ctx context.Context, _ plog.Logs) error {
			<-ctx.Done()
			return nil // taken in the last moment
		}
		p, disk := apart(t, nil, slow), newDisk()
		p.close = append(p.close, disk.Close)
		p.runs(t, provided{reader: reader(oneEntry), lister: only(user)}, disk)
		synctest.Wait()
		const nearlyAll = 1900 * time.Millisecond // of the time for a write
		disk.set(func(ctx context.Context) error {
			select {
			case <-time.After(nearlyAll):
				return nil
			case <-ctx.Done():
				return ctx.Err()
			}
		})
		began := time.Now()
		require.NoError(t, p.Shutdown(t.Context()))
		assert.Less(t, time.Since(began), shutdownTimeout)
		assert.True(t, disk.holds("moved"), "accepted and not stored")
	})
}

func TestShutdownReturnsAlsoIfTheStorageHangs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		slow := func(ctx context.Context, _ plog.Logs) error {
			<-ctx.Done()
			return nil
		}
		p, disk := apart(t, nil, slow), newDisk()
		p.close = append(p.close, disk.Close)
		p.runs(t, provided{reader: reader(oneEntry), lister: only(user)}, disk)
		synctest.Wait()
		disk.set(func(ctx context.Context) error {
			<-ctx.Done()
			return ctx.Err()
		})
		began := time.Now()
		err := p.Shutdown(t.Context())
		require.ErrorIs(t, err, context.DeadlineExceeded)
		assert.NotContains(t, err.Error(), "a read did not end")
		assert.Less(t, time.Since(began), 6*time.Second, "the read, and one attempt more to store its cursor")
		assert.True(t, disk.closed)
	})
}

func TestShutdownUnderAReadThatDoesNotEndLeavesItTheStorage(t *testing.T) {
	for name, deadline := range map[string]time.Duration{"": time.Hour, "told to hurry": time.Second} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				release := make(chan struct{})
				p, disk := apart(t, nil, func(context.Context, plog.Logs) error { <-release; return nil }), newDisk()
				p.close = append(p.close, disk.Close)
				settled := 0
				p.settle = append(p.settle, func(context.Context) error { settled++; return nil })
				p.runs(t, provided{reader: reader(oneEntry), lister: only(user)}, disk)
				synctest.Wait()

				ctx, cancel := context.WithTimeout(t.Context(), deadline)
				defer cancel()
				began := time.Now()
				require.ErrorContains(t, p.Shutdown(ctx), "a read did not end")
				assert.Equal(t, min(deadline, shutdownTimeout), time.Since(began))
				assert.Equal(t, 1, settled, "its connections are closed")
				assert.False(t, disk.closed)

				close(release)
				synctest.Wait()
				assert.True(t, disk.holds("moved"), "the read stored its cursor")
				require.NoError(t, p.Shutdown(t.Context()))
				assert.True(t, disk.closed)
				assert.Equal(t, 1, settled)
			})
		})
	}
}

func TestUserThatComesBackGoesOnFromTheStoredCursor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var delivered atomic.Int32
		p, disk := apart(t, keys{"collection_interval": "1m"}, func(context.Context, plog.Logs) error { delivered.Add(1); return nil }), newDisk()
		times := 0
		p.runs(t, provided{reader: reader(oneEntry), lister: lister(func() []source.Subject {
			if times++; times == 2 {
				return []source.Subject{"other"}
			}
			return []source.Subject{user, "other"}
		})}, disk)
		time.Sleep(150 * time.Second)
		require.NoError(t, p.Shutdown(t.Context()))
		assert.Equal(t, 3, times)
		assert.Equal(t, 2, disk.loads, "it was out of the memory")
		assert.EqualValues(t, 2, delivered.Load(), "one entry of each log")
	})
}

// A read whose entries were not accepted is repeated, and finds the same gap.
func TestGapIsCountedOnceHoweverOftenItIsFound(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tries := 0
		p := apart(t, keys{"retry_on_failure": keys{"enabled": false}}, func(context.Context, plog.Logs) error {
			if tries++; tries < 5 {
				return errors.New("busy")
			}
			return nil
		})
		from := time.Now()
		p.runs(t, provided{lister: only(user), reader: reader(func(after source.Cursor) (source.Batch, error) {
			batch, err := oneEntry(after)
			if len(batch.Entries) > 0 {
				batch.Gap = &source.Gap{From: from, To: from.Add(time.Hour), Reason: "the API is short"}
			}
			return batch, err
		})}, nil)
		time.Sleep(time.Minute)
		require.NoError(t, p.Shutdown(t.Context()))
		assert.Equal(t, 5, tries)
		assert.InDelta(t, 1, sum(t, p.telemetry, "gaps"), 0)
		assert.Equal(t, 1, p.logs.FilterMessageSnippet("gap in the log").Len())
	})
}
