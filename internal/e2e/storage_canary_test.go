//go:build e2e

package e2e

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// holdsNothingOf requires that no byte of what is stored, in pages that are used no more either, says one of the words.
func holdsNothingOf(t *testing.T, storage string, words []string) {
	t.Helper()
	cursors := 0
	require.NoError(t, filepath.WalkDir(storage, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		content, err := os.ReadFile(path)
		require.NoError(t, err)
		cursors += bytes.Count(content, []byte("/v1/cursor/"))
		for _, word := range words {
			assert.False(t, bytes.Contains(content, []byte(word)), "%q in %s", word, d.Name())
		}
		return nil
	}))
	require.Positive(t, cursors, "there was something to look at")
}

func TestStorageHoldsNoSecretAndNoUser(t *testing.T) {
	t.Parallel()
	w := newWorld(t, all()...)
	w.leaveRead(20, 5)
	for _, s := range w.systems { // what is set aside is kept in the storage, too
		tamper(t, w.fileOf(s), s.logs[0], forgeries["of another endpoint"][s.name])
	}
	w.settle(w.start(), 20*len(w.systems))

	words := append(w.secrets.all(), "e2e-client", "http", "203.0.113", "@example", "login")
	for _, s := range w.systems {
		for _, log := range s.logs {
			const tooShort = 4 // may be in the middle of a hash
			if len(log) >= tooShort {
				words = append(words, log)
			}
		}
	}
	require.Greater(t, len(words), 12)
	holdsNothingOf(t, w.storage(), words)
}
