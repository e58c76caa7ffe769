//go:build e2e

package e2e

import (
	"bytes"
	"math/rand/v2"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/userlog/userlog-otel/internal/emulator/auth0"
)

// metas is the size of the two meta pages that begin a file of bbolt, whose pages are as large as the memory's.
var metas = 2 * os.Getpagesize()

// What a collector does whose cursors were damaged while it was stopped. What file_storage does not survive ends it,
// with a message or with a panic that names the database; the cure is to move the file away. Never does it go on as if
// all was read.
func TestStorageFileThatIsDamagedLosesNothing(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		damage func([]byte) []byte
		ends   string // what the collector says when it ends; empty if it starts
	}{
		"moved away":              {func([]byte) []byte { return nil }, ""},
		"empty":                   {func([]byte) []byte { return []byte{} }, ""},
		"garbage":                 {func(b []byte) []byte { return scrap(len(b)) }, "gives no client: invalid database"},
		"all zero":                {func(b []byte) []byte { return make([]byte, len(b)) }, "gives no client: invalid database"},
		"meta pages zeroed":       {func(b []byte) []byte { clear(b[:metas]); return b }, "gives no client: invalid database"},
		"data pages zeroed":       {func(b []byte) []byte { clear(b[metas:]); return b }, "go.etcd.io/bbolt"},
		"data pages garbage":      {func(b []byte) []byte { return append(b[:metas], scrap(len(b)-metas)...) }, "go.etcd.io/bbolt"},
		"cut to less than a page": {func(b []byte) []byte { return b[:metas/2-1] }, "gives no client: "},
		"cut to its meta pages":   {func(b []byte) []byte { return b[:metas] }, "go.etcd.io/bbolt"},
		"text of another program": {func([]byte) []byte { return bytes.Repeat([]byte("moved by hand\n"), 100) }, "gives no client: "},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			const before, after = 30, 5
			r := newRig(t, auth0.Options{})
			r.users(storageUser)
			r.publish(storageUser, newEntries(storageUser, before, time.Now().Add(-time.Hour), time.Second)...)
			c := r.start()
			c.until("the backlog arrives", waitLimit, r.complete)
			c.stopWell()
			// Older than the overlap before now: who began "from now" would not see them.
			r.publish(storageUser, newEntries(storageUser, after, time.Now().Add(-30*time.Minute), time.Second)...)

			file := fileOf(r.storage(), receiverID)
			content, err := os.ReadFile(file)
			require.NoError(t, err)
			put(t, file, test.damage(content))
			if test.ends != "" {
				assert.Contains(t, r.startFails(), test.ends)
				assert.Len(t, r.sink.all(), before, "nothing was read")
				require.NoError(t, os.Rename(file, file+".damaged"), "the cure")
			}
			c = r.start()
			c.until("everything arrives", waitLimit, r.complete)
			r.cycles(c, 3, storageUser)
			c.stopWell()
			r.settle(before)
			assert.Equal(t, before, r.sink.repeats(), "the log is read again from initial_lookback")

			c = r.start()
			r.cycles(c, 3, storageUser)
			c.stopWell()
			r.settle(before)
		})
	}
}

// put replaces a file; no content removes it.
func put(t *testing.T, file string, content []byte) {
	t.Helper()
	if content == nil {
		require.NoError(t, os.Remove(file))
		return
	}
	require.NoError(t, os.WriteFile(file, content, 0o600))
}

// scrap are n bytes of which no page is one of bbolt.
func scrap(n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(1 + rand.N(255))
	}
	return b
}
