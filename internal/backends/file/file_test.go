// Package file tests the example that writes to a file.
package file

import (
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/userlog/userlog-otel/internal/backends/rig"
)

// limit is how long a test waits for what takes seconds on an idle machine.
const limit = 60 * time.Second

type world struct {
	t      *testing.T
	clouds *rig.Clouds
	dir    string
	want   []string
}

func newWorld(t *testing.T, scenes int) *world {
	t.Helper()
	w := &world{t: t, clouds: rig.NewClouds(t, 1, 20), dir: t.TempDir()}
	now := time.Now()
	w.clouds.Past(t, now.Add(-12*time.Hour), now.Add(-time.Minute), scenes)
	w.want = slices.Sorted(slices.Values(rig.IDs(t, w.clouds.Auth0.Entries(""))))
	return w
}

func (w *world) start(more ...string) *rig.Collector {
	w.t.Helper()
	return rig.Start(w.t, w.dir, w.clouds.Env, append(append([]string{rig.Example(w.t, "file")}, rig.Hurry("user_log/auth0")...), more...)...)
}

// read are the uids in all files, the rotated ones too.
func (w *world) read() []string {
	w.t.Helper()
	return rig.FileUIDs(w.t, filepath.Join(w.dir, "run", "file", "records*.json"))
}

func TestWhatIsWrittenIsWhatWasRead(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 200)
	c := w.start()
	c.Until("all entries are in the file", limit, func() bool { return len(w.read()) >= len(w.want) })
	c.Stop()
	assert.Equal(t, w.want, w.read())
}

func TestNothingIsLostByAKill(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 200)
	for range 3 {
		before := len(w.read())
		c := w.start()
		c.Until("some of the backlog is written", limit, func() bool { return len(w.read()) > before || before >= len(w.want) })
		c.Kill()
	}
	c := w.start()
	c.Until("all entries are in the file", limit, func() bool { return slices.Equal(slices.Compact(w.read()), w.want) })
	c.Stop()
}

func TestARotatedFileStays(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1500) // more than the MiB that is the smallest size of a file
	c := w.start("yaml:exporters::file::rotation::max_megabytes: 1")
	c.Until("all entries are in the files", limit, func() bool { return slices.Equal(w.read(), w.want) })
	c.Stop()
	files, err := filepath.Glob(filepath.Join(w.dir, "run", "file", "records*.json"))
	require.NoError(t, err)
	assert.Greater(t, len(files), 1)
}
