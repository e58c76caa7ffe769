//go:build e2e

package e2e

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/userlog/userlog-otel/internal/emulator/auth0"
)

// small puts a file system of so many bytes under a directory, until the end of the test.
func small(t *testing.T, dir, size string) {
	t.Helper()
	require.NoError(t, os.MkdirAll(dir, 0o700))
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size="+size); err != nil {
		t.Skipf("a file system that can be full needs the right to mount one: %v", err)
	}
	t.Cleanup(func() { assert.NoError(t, syscall.Unmount(dir, syscall.MNT_DETACH)) })
}

// fill writes a file of zeros until there is no space left, and returns its name.
func fill(t *testing.T, dir string) string {
	t.Helper()
	file, err := os.Create(filepath.Join(dir, "ballast"))
	require.NoError(t, err)
	defer file.Close()
	for err == nil {
		_, err = file.Write(make([]byte, os.Getpagesize()))
	}
	require.ErrorIs(t, err, syscall.ENOSPC)
	return file.Name()
}

const (
	fullConcurrency = 2
	fullPage        = 50
	// quiet is how long nothing may happen: several attempts to store, whose pauses begin with 0.1 s.
	quiet = 1500 * time.Millisecond
)

// fullDisk starts a collector whose storage is full when its cursors grow, and waits until it has stopped to read.
func fullDisk(t *testing.T) (r *rig, c *collector, ballast string) {
	t.Helper()
	r = newRig(t, auth0.Options{})
	small(t, r.storage(), "1m")
	r.users(storageUsers...)
	r.receiver["concurrency"], r.auth0["page_size"] = fullConcurrency, fullPage
	for _, user := range storageUsers {
		r.publish(user, newEntries(user, 5, time.Now().Add(-time.Minute), time.Second)...)
	}
	c = r.start()
	c.until("the first entries arrive", waitLimit, r.complete)
	r.cycles(c, 1, storageUsers...)

	ballast = fill(t, r.storage())
	for _, user := range storageUsers { // within the overlap, so that the cursors name them all
		r.publish(user, newEntries(user, 600, time.Now().Add(-8*time.Minute), 500*time.Millisecond)...)
	}
	r.full(c)
	assert.Zero(t, r.sink.repeats())
	return r, c, ballast
}

// full waits until a collector has stopped to read because its storage is full, which it does although it goes on to try.
func (r *rig) full(c *collector) {
	r.t.Helper()
	c.until("it is told", waitLimit, func() bool {
		return len(c.stderr.warnings("the cursor cannot be stored", syscall.ENOSPC.Error())) > 0
	})
	require.Less(r.t, r.sink.distinct(), r.ledger.size(), "the storage was meant to be full before all was read")
	asked, arrived, since := 0, 0, time.Now()
	c.until("it stops to read", waitLimit, func() bool {
		if r.sink.idle() && asked == len(r.tenant.Requests()) && arrived == len(r.sink.all()) {
			return time.Since(since) > quiet
		}
		asked, arrived, since = len(r.tenant.Requests()), len(r.sink.all()), time.Now()
		return false
	})
	assert.Len(r.t, c.stderr.warnings("the cursor cannot be stored"), 1, "it is told once")
}

func TestStorageThatIsFullStopsTheReadingUntilThereIsSpace(t *testing.T) {
	t.Parallel()
	r, c, ballast := fullDisk(t)
	require.NoError(t, os.Remove(ballast))
	c.until("it goes on by itself", waitLimit, r.complete)
	assert.NotEmpty(t, c.stderr.lines("cursors and records are taken again"))
	r.cycles(c, 3, storageUsers...)
	c.stopWell()
	r.settle(0)
}

// Whatever ends a collector whose storage is full: what its storage did not take comes again, and no more.
func TestStorageThatIsFullAtTheEndRepeatsWhatWasUnderWay(t *testing.T) {
	t.Parallel()
	const most = fullConcurrency * fullPage // a page of each log that was being read
	r, c, ballast := fullDisk(t)
	c.kill()
	require.Eventually(t, r.sink.idle, waitLimit, pollPause, "the sink still answers")
	require.Zero(t, r.sink.repeats())

	c = r.start() // there is space for no more than the cursors that there are
	r.full(c)
	assert.LessOrEqual(t, r.sink.repeats(), most, "repeats after a kill")
	assert.Positive(t, r.sink.repeats(), "the kill was meant to come between a delivery and its cursor")
	took, code := c.stop()
	assert.LessOrEqual(t, took, stopLimit)
	assert.NotZero(t, code, "an end that leaves something behind is an error")
	assert.Contains(t, c.stderr.String(), "the cursor cannot be stored")

	require.NoError(t, os.Remove(ballast))
	c = r.start()
	c.until("everything arrives", waitLimit, r.complete)
	r.cycles(c, 3, storageUsers...)
	c.stopWell()
	r.settle(2 * most)
}
