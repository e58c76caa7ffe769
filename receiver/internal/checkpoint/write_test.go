package checkpoint

import (
	"context"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/extension/xextension/storage"

	"github.com/userlog/userlog-otel/receiver/internal/source"
)

// slow is a storage that takes a while for every batch, unless its context ends before.
type slow struct {
	*strict
	took time.Duration
}

func (s slow) Batch(ctx context.Context, ops ...*storage.Operation) error {
	select {
	case <-time.After(s.took):
		return s.strict.Batch(ctx, ops...)
	case <-ctx.Done():
		return ctx.Err()
	}
}

// A storage that hangs until its context ends keeps a shutdown waiting for one write, not for one of each worker.
func TestStorageThatHangsDelaysAShutdownOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := New(slow{strict: newStrict(), took: time.Hour}, mark)
		running, stop := context.WithCancel(t.Context())
		var saves sync.WaitGroup
		for _, subject := range names(8) {
			saves.Go(func() { assert.ErrorIs(t, store.Save(running, subject, "moved"), context.Canceled) })
		}
		synctest.Wait()
		began := time.Now()
		stop()
		saves.Wait()
		assert.Equal(t, saveTimeout, time.Since(began))
		require.ErrorIs(t, store.Flush(running), context.DeadlineExceeded)
		assert.Equal(t, 2*saveTimeout, time.Since(began), "the last attempt")
	})
}

func TestStorageThatHangsIsTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := New(slow{strict: newStrict(), took: time.Hour}, mark)
		began := time.Now()
		require.ErrorIs(t, store.Save(t.Context(), "a", "moved"), context.DeadlineExceeded)
		assert.Equal(t, callTimeout, time.Since(began))
		_, err := store.Load(t.Context(), "b")
		require.ErrorIs(t, err, context.DeadlineExceeded, "reading waits for it too")
	})
}

func TestSlowStorageIsSlowAndNoMore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const took = 3 * time.Second
		client := newStrict()
		store := New(slow{strict: client, took: took}, mark)
		subjects := names(20)
		_, err := store.Add(t.Context(), subjects, from("start"))
		require.NoError(t, err)
		began := time.Now()
		var saves sync.WaitGroup
		for _, subject := range subjects {
			saves.Go(func() { assert.NoError(t, store.Save(t.Context(), subject, "moved")) })
		}
		saves.Wait()
		assert.LessOrEqual(t, time.Since(began), 2*took, "the first write, and one for all who waited meanwhile")
		for _, subject := range subjects {
			require.Contains(t, client.value(t, keyOf(subject)), "moved")
		}
	})
}

func TestCanceledReadDoesNotCancelTheWriteOfItsCursor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client := newStrict()
		store := New(slow{strict: client, took: saveTimeout - time.Millisecond}, mark)
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Second, cancel)
		require.NoError(t, store.Save(ctx, "a", "moved"))
		assert.Contains(t, client.value(t, keyOf("a")), "moved")
		require.NoError(t, store.Save(ctx, "a", "last"), "a context that is done at once")
		assert.Equal(t, source.Cursor("last"), load(t, store, "a"))
	})
}

// While what failed is written once more, nothing is known of it: whoever read on then would read without end in a
// storage that fails slowly.
func TestReadingWaitsForTheSecondAttempt(t *testing.T) {
	for name, fail := range map[string]error{"that ends well": nil, "that fails": errStorage} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				store, client := opened(t, "a", "b")
				client.set(func() { client.fail = errStorage })
				require.Error(t, store.Save(t.Context(), "a", "moved"))

				gate := make(chan struct{})
				client.set(func() { client.gate, client.fail = gate, fail })
				var loads sync.WaitGroup
				ended := 0
				for _, subject := range []source.Subject{"a", "b"} {
					loads.Go(func() {
						_, err := store.Load(t.Context(), subject)
						client.set(func() { ended++ })
						assert.ErrorIs(t, err, fail, subject)
					})
				}
				synctest.Wait()
				client.set(func() { assert.Zero(t, ended, "read on while it is not known whether the cursor is stored") })
				close(gate)
				loads.Wait()
			})
		})
	}
}

// What does not fit into the time of one write is stored in several.
func TestStorageThatIsSlowForManyCursorsGetsThereInTheEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const slices = 40
		store := New(slow{strict: newStrict(), took: time.Second}, mark)
		subjects := names(slices * batchSize)
		_, err := store.Add(t.Context(), subjects, from("start"))
		require.NoError(t, err)
		store.storeAll()
		attempts := 0
		for attempts < 5 {
			attempts++
			if _, err = store.Load(t.Context(), subjects[0]); err == nil {
				break
			}
			require.ErrorIs(t, err, context.DeadlineExceeded)
		}
		require.NoError(t, err)
		assert.Equal(t, 2, attempts, "%d writes of a second each, in attempts of %v", slices, callTimeout)
	})
}
