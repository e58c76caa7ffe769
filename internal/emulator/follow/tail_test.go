package follow

import (
	"context"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// tailing runs a Tail until stop is called.
type tailing struct {
	t     *testing.T
	mu    sync.Mutex
	lines []string
	stop  func()
}

func tail(t *testing.T, path string) *tailing {
	t.Helper()
	tl, err := NewTail(path)
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	g := &tailing{t: t}
	var wg sync.WaitGroup
	wg.Go(func() {
		assert.NoError(t, tl.Run(ctx, func(b []byte) error {
			g.mu.Lock()
			defer g.mu.Unlock()
			g.lines = append(g.lines, string(b))
			return nil
		}))
	})
	g.stop = func() { cancel(); wg.Wait() }
	t.Cleanup(g.stop)
	return g
}

func (g *tailing) wants(lines ...string) {
	g.t.Helper()
	require.EventuallyWithT(g.t, func(c *assert.CollectT) {
		g.mu.Lock()
		defer g.mu.Unlock()
		assert.Equal(c, lines, g.lines)
	}, 5*time.Second, 10*time.Millisecond)
}

func write(t *testing.T, path, text string, flags int) {
	t.Helper()
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|flags, 0o600)
	require.NoError(t, err)
	_, err = f.WriteString(text)
	require.NoError(t, err)
	require.NoError(t, f.Close())
}

func TestTailWaitsForTheFileAndForWholeLines(t *testing.T) {
	path := filepath.Join(t.TempDir(), "out.json")
	g := tail(t, path)
	write(t, path, "one\n\ntw", os.O_APPEND)
	g.wants("one")
	write(t, path, "o\nrest", os.O_APPEND)
	g.wants("one", "two")
	g.stop()
	g.wants("one", "two", "rest")
}

func TestTailSkipsWhatIsOldAndSeesTruncation(t *testing.T) {
	path := filepath.Join(t.TempDir(), "out.json")
	write(t, path, "old line\n", 0)
	g := tail(t, path)
	write(t, path, "new\n", os.O_APPEND)
	g.wants("new")
	write(t, path, "again\n", os.O_TRUNC)
	g.wants("new", "again")
}

func TestTailFollowsAFileThatIsReplaced(t *testing.T) {
	path := filepath.Join(t.TempDir(), "out.json")
	g := tail(t, path)
	write(t, path, "one\n", 0)
	g.wants("one")
	write(t, path, "two\n", os.O_APPEND)
	require.NoError(t, os.Rename(path, path+".1"))
	write(t, path, "three\n", 0)
	g.wants("one", "two", "three")
}

func TestTailRefusesADirectory(t *testing.T) {
	_, err := NewTail(t.TempDir())
	require.Error(t, err)
}
