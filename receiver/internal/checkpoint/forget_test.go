package checkpoint

import (
	"sync"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/userlog/userlog-otel/receiver/internal/source"
)

func TestForgottenCursorIsLoadedAgain(t *testing.T) {
	store, _ := opened(t, "a", "b")
	require.NoError(t, store.Save(t.Context(), "a", "moved"))
	store.Forget("a")
	store.Forget("a")
	store.Forget("never known")
	assert.Equal(t, map[source.Subject]source.Cursor{"b": "start"}, store.cursors)

	rejected, err := store.Add(t.Context(), []source.Subject{"a"}, mustNotStart(t))
	require.NoError(t, err)
	assert.Empty(t, rejected)
	assert.Equal(t, source.Cursor("moved"), load(t, store, "a"))
}

func TestCursorIsForgottenOnlyOnceItIsStored(t *testing.T) {
	store, client := opened(t, "a", "b")
	client.fail = errStorage
	require.Error(t, store.Save(t.Context(), "a", "moved"))
	store.Forget("a")
	require.Error(t, store.Flush(t.Context()))
	assert.Contains(t, store.cursors, source.Subject("a"), "the only place where it is")

	client.fail = nil
	load(t, store, "b")
	assert.Contains(t, client.value(t, keyOf("a")), "moved")
	assert.NotContains(t, store.cursors, source.Subject("a"), "kept for ever")
	assert.Empty(t, store.leaving)
}

func TestForgettingUnderAWriteLosesNothing(t *testing.T) {
	for name, fail := range map[string]error{"that ends well": nil, "that fails": errStorage} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				store, client := opened(t, "a")
				gate := make(chan struct{})
				client.set(func() { client.gate, client.fail = gate, fail })
				var saves sync.WaitGroup
				saves.Go(func() { assert.ErrorIs(t, store.Save(t.Context(), "a", "moved"), fail) })
				synctest.Wait() // it is being written
				store.Forget("a")
				close(gate)
				saves.Wait()

				client.set(func() { client.gate, client.fail = nil, nil })
				require.NoError(t, store.Flush(t.Context()))
				assert.Contains(t, client.value(t, keyOf("a")), "moved")
				assert.Empty(t, store.cursors)
			})
		})
	}
}

func TestSubjectThatComesBackBeforeItsCursorIsStoredIsKept(t *testing.T) {
	store, client := opened(t, "a")
	client.fail = errStorage
	require.Error(t, store.Save(t.Context(), "a", "moved"))
	store.Forget("a")
	client.fail = nil
	_, err := store.Add(t.Context(), []source.Subject{"a"}, mustNotStart(t))
	require.NoError(t, err)
	require.NoError(t, store.Flush(t.Context()))
	assert.Equal(t, source.Cursor("moved"), load(t, store, "a"))
}

func TestWithoutStorageNothingIsForgotten(t *testing.T) {
	store := New(nil, mark)
	_, err := store.Add(t.Context(), []source.Subject{"a"}, from("start"))
	require.NoError(t, err)
	require.NoError(t, store.Save(t.Context(), "a", "moved"))
	store.Forget("a")
	_, err = store.Add(t.Context(), []source.Subject{"a"}, mustNotStart(t))
	require.NoError(t, err)
	assert.Equal(t, source.Cursor("moved"), load(t, store, "a"))
}
