package auth0

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestReplayPutsEntriesIntoTheLogOfTheirUser(t *testing.T) {
	entries := []json.RawMessage{
		json.RawMessage(`{"log_id":"1","user_id":"auth0|a"}`),
		json.RawMessage(`{"log_id":"2","user_id":"auth0|a"}`),
		json.RawMessage(`{"log_id":"3","user_id":""}`),
		json.RawMessage(`{"log_id":"4","user_id":null}`),
		json.RawMessage(`{"log_id":"5","user_id":7}`),
		json.RawMessage(`{"log_id":"6","user_id":"auth0|b"}`),
	}
	r := New(Options{})
	require.NoError(t, r.Replay("rest", entries))
	assert.Equal(t, []string{"auth0|a", "rest", "auth0|b"}, r.Users())
	assert.Len(t, r.Entries("rest"), 3)
	assert.Len(t, r.Entries(""), 6)

	r = New(Options{})
	require.NoError(t, r.Replay("", entries))
	assert.Equal(t, []string{"auth0|a", "auth0|b"}, r.Users())
	assert.Len(t, r.Entries(""), 6)
	require.Error(t, r.Replay("", []json.RawMessage{json.RawMessage("x")}))
}
