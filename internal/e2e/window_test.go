//go:build e2e

package e2e

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/userlog/userlog-otel/internal/emulator/auth0"
)

// TestWhatTheAPINoLongerGivesIsTold lets more entries appear between two reads than the API gives by paging.
func TestWhatTheAPINoLongerGivesIsTold(t *testing.T) {
	t.Parallel()
	const (
		user    = "auth0|63d1c0ffee01"
		other   = "auth0|63d1c0ffee02"
		flood   = 1500
		window  = 1000
		overlap = 10 * time.Minute // by default
	)
	for name, step := range map[string]time.Duration{
		"longer than the overlap": time.Second,           // 25 minutes
		"within the overlap":      20 * time.Millisecond, // 30 seconds: every read has to walk the whole window again
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, auth0.Options{})
			r.users(user, other)
			r.metrics = true
			now := time.Now()
			r.publish(user, newEntries(user, 3, now.Add(-time.Hour), time.Second)...)
			r.publish(other, newEntries(other, 3, now.Add(-time.Hour), time.Second)...)
			c := r.start()
			c.until("the first entries arrive", waitLimit, r.complete)
			require.Zero(t, c.metric("gaps"))
			known := now.Add(-time.Hour + 2*time.Second)

			entries := newEntries(user, flood, now.Add(-flood*step), step)
			for _, raw := range entries[flood-window:] {
				r.ledger.add(uidOf(raw), string(raw))
			}
			before := len(r.logRequests())
			require.NoError(t, r.tenant.Publish(user, entries...)) // in one go, so that no read sees a part
			c.until("the newest 1,000 arrive", waitLimit, func() bool { return r.sink.distinct() >= r.ledger.size() })
			t.Logf("%d requests since the flood", len(r.logRequests())-before)
			r.cycles(c, 3, user, other)
			r.settle(0)

			assert.InDelta(t, 1, c.metric("gaps"), 0, "gaps in the metrics")
			warnings := c.stderr.warnings("gap in the log of user", user)
			require.Len(t, warnings, 1, "warnings about the gap")
			assert.Equal(t, user, warnings[0].User)
			// From what had arrived before, or at most the overlap earlier, because of entries published late.
			assertBetween(t, known.Add(-overlap), known, warnings[0].From, "from")
			oldest := now.Add(-window * step)
			assertBetween(t, oldest, oldest, warnings[0].To, "to: the oldest entry that the API still gave")
			t.Log(warnings[0].Message)
			c.stopWell()
		})
	}
}

// assertBetween compares a time in a line of log with two in the milliseconds of the API.
func assertBetween(t *testing.T, earliest, latest time.Time, got, what string) {
	t.Helper()
	at, err := time.Parse(time.RFC3339Nano, got)
	require.NoError(t, err, what)
	assert.False(t, at.Before(earliest.Truncate(time.Millisecond)), "%s: %v is before %v", what, at, earliest)
	assert.False(t, at.After(latest), "%s: %v is after %v", what, at, latest)
}
