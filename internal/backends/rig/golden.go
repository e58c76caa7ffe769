package rig

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Golden compares a JSON document with testdata/<name>.json, or writes the file if update is set. What is in the document
// under these keys is another at each run: it must be there, and is left out of the comparison.
func Golden(t *testing.T, update bool, name string, document []byte, changing ...string) {
	t.Helper()
	var got map[string]any
	decoder := json.NewDecoder(bytes.NewReader(document))
	decoder.UseNumber() // a time in nanoseconds keeps its digits
	require.NoError(t, decoder.Decode(&got), "%s", document)
	for _, key := range changing {
		assert.NotEmpty(t, got[key], key)
		delete(got, key)
	}
	text, err := json.MarshalIndent(got, "", "  ")
	require.NoError(t, err)
	path := filepath.Join("testdata", name+".json")
	if update {
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o750))
		require.NoError(t, os.WriteFile(path, append(text, '\n'), 0o644)) //nolint:gosec // as other files of the repository
		return
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err)
	assert.JSONEq(t, string(want), string(text))
}
