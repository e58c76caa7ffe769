//go:build e2e

package e2e

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/userlog/userlog-otel/internal/emulator/auth0"
)

func TestAChangedUsersFileIsReadWithoutARestart(t *testing.T) {
	t.Parallel()
	const first, second, third = "auth0|first", "auth0|second", "auth0|third"
	r := newRig(t, auth0.Options{})
	path := filepath.Join(r.dir, "users.txt")
	list := func(users ...string) {
		write(t, path+".new", strings.Join(users, "\n"))
		require.NoError(t, os.Rename(path+".new", path))
	}
	list(first)
	r.auth0["users_file"] = path
	for _, user := range []string{first, second} {
		require.NoError(t, r.tenant.Publish(user)) // known, and empty
	}
	r.publish(first, newEntries(first, 3, time.Now().Add(-time.Hour), time.Second)...)
	c := r.start()
	c.until("the first user's entries arrive", waitLimit, r.complete)

	r.publish(second, newEntries(second, 120, time.Now().Add(-time.Hour), time.Second)...)
	list("# the new ones", first, "", second)
	changed := time.Now()
	c.until("the new user's entries arrive", waitLimit, r.complete)
	t.Logf("a new user's entries arrived %v after the file changed", time.Since(changed).Round(time.Millisecond))

	list(second, third)
	c.until("the third user is read", waitLimit, func() bool { return r.reads(third) > 0 })
	count := r.reads(first)
	r.cycles(c, 5, second, third)
	assert.LessOrEqual(t, r.reads(first), count+1, "reads of a user who is no longer listed")

	require.NoError(t, os.Remove(path))
	c.until("a warning about the missing file", waitLimit, func() bool { return len(c.stderr.warnings("cannot be read")) > 0 })
	r.publish(second, newEntries(second, 3, time.Now(), 0)...)
	c.until("the users of before are still read", waitLimit, r.complete)

	list("# nobody")
	c.until("a warning about the empty file", waitLimit, func() bool { return len(c.stderr.warnings("holds no ids")) > 0 })
	count = r.reads(second)
	time.Sleep(500 * time.Millisecond) // five intervals
	assert.LessOrEqual(t, r.reads(second), count+1, "reads of a user of before")

	list(first, second, third) // back: what was delivered is still known
	r.publish(first, newEntries(first, 3, time.Now(), 0)...)
	c.until("entries of the user who is back arrive", waitLimit, r.complete)
	r.cycles(c, 3, first, second, third)
	r.settle(0)
	c.stopWell()
}
