//go:build e2e

package e2e

import (
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/userlog/userlog-otel/internal/emulator/auth0"
)

func TestStorageWithACursorOfANewerVersionKeepsIt(t *testing.T) {
	t.Parallel()
	r := newRig(t, auth0.Options{})
	r.users(storageUser, storageNeighbour)
	r.metrics = true
	publish := func(at time.Time) {
		for _, user := range []string{storageUser, storageNeighbour} {
			r.publish(user, newEntries(user, 10, at, time.Second)...)
		}
	}
	publish(time.Now().Add(-time.Hour))
	c := r.start()
	c.until("the backlog arrives", waitLimit, r.complete)
	c.stopWell()
	publish(time.Now().Add(-30 * time.Minute))

	file := fileOf(r.storage(), receiverID)
	newer := ""
	tamper(t, file, storageUser, func(v storedValue) string { v.Version = 2; newer = v.String(); return newer })
	c = r.start()
	c.until("the neighbour's entries arrive", waitLimit, func() bool { return r.sink.distinct() == 30 })
	c.until("it is told", waitLimit, func() bool { return len(c.stderr.warnings("newer version", storageUser)) > 0 })
	r.cycles(c, 10, storageNeighbour)
	assert.Len(t, c.stderr.warnings("newer version"), 1, "told once")
	assert.Zero(t, c.metric("cursors_rejected"), "it is not set aside")
	c.stopWell()
	assert.Equal(t, 30, r.sink.distinct(), "nothing of that log is read")
	content, err := os.ReadFile(file)
	require.NoError(t, err)
	require.Contains(t, string(content), keyOf(storageUser)+newer, "it is as it was")

	tamper(t, file, storageUser, func(v storedValue) string { v.Version = 1; return v.String() })
	c = r.start()
	c.until("the newer version goes on from there", waitLimit, r.complete)
	r.cycles(c, 3, storageUser, storageNeighbour)
	c.stopWell()
	r.settle(0)
}
