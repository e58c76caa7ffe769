package rig

import (
	"cmp"
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// IDs are the ids of entries as the emulated clouds give them, which become the attribute log.record.uid.
func IDs(t *testing.T, entries []json.RawMessage) []string {
	t.Helper()
	ids := make([]string, len(entries))
	for i, raw := range entries {
		var entry struct {
			LogID string          `json:"log_id"`
			ID    json.RawMessage `json:"id"` // KOBIL's are numbers
		}
		require.NoError(t, json.Unmarshal(raw, &entry))
		ids[i] = cmp.Or(entry.LogID, strings.Trim(string(entry.ID), `"`))
		require.NotEmpty(t, ids[i])
	}
	return ids
}
