package checkpoint

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/userlog/userlog-otel/receiver/internal/source"
)

func TestCursorIsThePresentOneWithoutTheStorage(t *testing.T) {
	store, client := opened(t, "a")
	calls := client.calls()
	cursor, ok := store.Cursor("a")
	assert.True(t, ok)
	assert.Equal(t, source.Cursor("start"), cursor)
	_, ok = store.Cursor("never added")
	assert.False(t, ok)
	assert.Equal(t, calls, client.calls(), "the storage is not asked")

	client.fail = errStorage
	require.Error(t, store.Save(t.Context(), "a", "moved"))
	cursor, ok = store.Cursor("a")
	assert.True(t, ok)
	assert.Equal(t, source.Cursor("moved"), cursor, "accepted, though not stored")

	client.fail = nil
	require.NoError(t, store.Flush(t.Context()))
	store.Forget("a")
	_, ok = store.Cursor("a")
	assert.False(t, ok, "it is no longer read")
}
