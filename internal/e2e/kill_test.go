//go:build e2e

package e2e

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/userlog/userlog-otel/internal/emulator/auth0"
)

func TestKilledInABacklogNothingIsLost(t *testing.T) {
	t.Parallel()
	const (
		concurrency = 2
		pageSize    = 50
		each        = 600
	)
	users := []string{"auth0|63d1c0ffee01", "auth0|63d1c0ffee02", "auth0|63d1c0ffee03", "auth0|63d1c0ffee04"}
	r := newRig(t, auth0.Options{})
	r.users(users...)
	r.receiver["concurrency"] = concurrency
	r.auth0["page_size"] = pageSize
	for _, user := range users {
		r.publish(user, newEntries(user, each, time.Now().Add(-time.Hour), 3*time.Second)...)
	}
	total := len(users) * each

	before := 0
	for i, percent := range []int{3, 15, 30, 40, 50, 60, 70, 80} {
		// Kills are to meet deliveries that had not arrived, deliveries that had, and what is between two deliveries.
		switch i % 4 {
		case 0, 2:
			r.sink.slow(30*time.Millisecond, 0)
		case 1:
			r.sink.slow(0, 30*time.Millisecond)
		default:
			r.sink.slow(4*time.Millisecond, 4*time.Millisecond)
		}
		c := r.start()
		c.until("part of the backlog arrives", waitLimit, func() bool { return r.sink.distinct() >= total*percent/100 })
		c.kill()
		r.waitIdle()
		arrived, repeats := r.sink.distinct(), r.sink.repeats()
		t.Logf("killed when %d of %d had arrived; repeats since the kill before: %d", arrived, total, repeats-before)
		require.Positive(t, arrived)
		require.Less(t, arrived, total, "the kill was meant to be in the middle of the backlog")
		assert.LessOrEqual(t, repeats-before, concurrency*pageSize, "repeats after one kill")
		before = repeats
	}

	c := r.start()
	c.until("everything arrives", waitLimit, r.complete)
	r.cycles(c, 3, users...)
	assert.LessOrEqual(t, r.sink.repeats()-before, concurrency*pageSize, "repeats after the last kill")
	c.stopWell()
	r.settle(8 * concurrency * pageSize)
}

// waitIdle waits until the sink has taken all that a dead collector sent.
func (r *rig) waitIdle() {
	r.t.Helper()
	require.Eventually(r.t, r.sink.idle, waitLimit, pollPause, "the sink still answers")
}
