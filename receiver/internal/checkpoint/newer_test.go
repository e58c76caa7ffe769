package checkpoint

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/userlog/userlog-otel/receiver/internal/source"
)

const newerValue = `{"v":2,"f":"fingerprint","c":{"floor":1}}`

func requireNewer(t *testing.T, store *Store, subject source.Subject) {
	t.Helper()
	cursor, err := store.Load(t.Context(), subject)
	require.ErrorIs(t, err, ErrNewerVersion)
	assert.Empty(t, cursor)
	_, known := store.Cursor(subject)
	assert.False(t, known)
}

func TestCursorOfANewerVersionIsNeverOverwritten(t *testing.T) {
	for _, value := range []string{`{"v":2,"f":"fingerprint","c":"x"}`, newerValue, `{"c":[1],"f":7,"v":3}`} {
		t.Run(value, func(t *testing.T) {
			_, client := opened(t)
			client.put(t, keyOf("newer"), value)
			store := New(client, mark)
			_, err := store.Add(t.Context(), []source.Subject{"newer", "new"}, from("anew"))
			require.NoError(t, err)
			requireNewer(t, store, "newer")
			store.storeAll()
			require.NoError(t, store.Flush(t.Context()))
			store.Forget("newer")
			assert.Equal(t, value, client.value(t, keyOf("newer")))
			assert.Empty(t, client.value(t, badKeyOf("newer")))
		})
	}
}

func TestCursorOfANewerVersionDoesNotCostItsNeighbours(t *testing.T) {
	_, client := opened(t)
	client.put(t, keyOf("newer"), newerValue)
	client.put(t, keyOf("bad"), `{`)
	client.put(t, keyOf("good"), string(encode("kept", mark)))
	store := New(client, mark)
	rejected, err := store.Add(t.Context(), []source.Subject{"bad", "newer", "good", "new"}, from("anew"))
	require.NoError(t, err)
	assert.Equal(t, []Rejected{{Subject: "bad", Reason: errUnreadable}}, rejected)
	for subject, want := range map[source.Subject]source.Cursor{"bad": "anew", "good": "kept", "new": "anew"} {
		assert.Equal(t, want, load(t, store, subject))
	}
	requireNewer(t, store, "newer")
	require.NoError(t, store.Save(t.Context(), "good", "moved"))
	assert.Contains(t, client.value(t, keyOf("good")), "moved")
}

func TestSubjectThatIsListedAgainIsLookedAtAgain(t *testing.T) {
	_, client := opened(t)
	client.put(t, keyOf("a"), newerValue)
	store := New(client, mark)
	_, err := store.Add(t.Context(), []source.Subject{"a"}, mustNotStart(t))
	require.NoError(t, err)
	requireNewer(t, store, "a")

	store.Forget("a")
	client.put(t, keyOf("a"), string(encode("restored", mark)))
	_, err = store.Add(t.Context(), []source.Subject{"a"}, mustNotStart(t))
	require.NoError(t, err)
	assert.Equal(t, source.Cursor("restored"), load(t, store, "a"))
}
