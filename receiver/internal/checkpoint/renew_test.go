package checkpoint

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/userlog/userlog-otel/receiver/internal/source"
)

func TestRenewedStoreTakesWhatOthersStored(t *testing.T) {
	store, client := opened(t, "a", "b")
	other := New(client, mark)
	_, err := other.Add(t.Context(), []source.Subject{"a"}, mustNotStart(t))
	require.NoError(t, err)
	require.NoError(t, other.Save(t.Context(), "a", "moved"))
	assert.Equal(t, source.Cursor("start"), load(t, store, "a"), "without it")

	client.fail = errStorage
	require.Error(t, store.Save(t.Context(), "b", "not stored"))
	client.fail = nil
	store.Renew()
	_, err = store.Add(t.Context(), []source.Subject{"a", "b"}, mustNotStart(t))
	require.NoError(t, err)
	assert.Equal(t, source.Cursor("moved"), load(t, store, "a"))
	assert.Equal(t, source.Cursor("start"), load(t, store, "b"), "a claim that comes late would hide nothing, but who knows what others stored meanwhile")
	require.NoError(t, store.Flush(t.Context()))
	assert.NotContains(t, client.value(t, keyOf("b")), "not stored")
}

func TestWithoutAStorageNothingIsRenewed(t *testing.T) {
	store := New(nil, mark)
	_, err := store.Add(t.Context(), []source.Subject{"a"}, func(source.Subject) source.Cursor { return "start" })
	require.NoError(t, err)
	store.Renew()
	assert.Equal(t, source.Cursor("start"), load(t, store, "a"))
}
