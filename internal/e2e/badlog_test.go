//go:build e2e

package e2e

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/userlog/userlog-otel/internal/emulator/auth0"
)

func TestABadLogDoesNotStopTheOthers(t *testing.T) {
	t.Parallel()
	const (
		gone      = "auth0|gone"
		forbidden = "auth0|forbidden"
		first     = "auth0|first"
		last      = "auth0|last"
	)
	r := newRig(t, auth0.Options{})
	r.users(first, gone, forbidden, last)
	r.tenant.SetUserStatus(gone, http.StatusNotFound)
	r.tenant.SetUserStatus(forbidden, http.StatusForbidden)
	c := r.start()
	for range 5 {
		for _, user := range []string{first, last} {
			r.publish(user, newEntries(user, 3, time.Now(), 0)...)
		}
		c.until("the others' entries arrive", waitLimit, r.complete)
	}
	r.cycles(c, 5, first, last)
	for _, user := range []string{gone, forbidden} {
		lines := c.stderr.warnings(user)
		if assert.Len(t, lines, 1, "warnings about %s", user) {
			assert.Equal(t, user, lines[0].User)
			t.Log(lines[0].Message)
		}
		tries := 0
		for _, request := range r.logRequests() {
			if request.User == user {
				tries++
			}
		}
		t.Logf("%s was asked for %d times, %s %d times", user, tries, first, r.reads(first))
		assert.Less(t, tries, r.reads(first), "requests for a log that cannot be read")
	}

	for _, user := range []string{gone, forbidden} { // created again, the right granted
		r.publish(user, newEntries(user, 3, time.Now(), 0)...)
		r.tenant.SetUserStatus(user, 0)
	}
	c.until("the entries of those who are back arrive", waitLimit, r.complete)
	require.NotEmpty(t, c.stderr.lines(`"level":"info"`, gone), "the recovery is told")
	r.cycles(c, 3, first, gone, forbidden, last)
	r.settle(0)
	c.stopWell()
}

// TestAnAnswerAboveTheLimitIsRefusedAndTold keeps memory bounded: a log that answers with too much is left out, with a
// reason, and the others go on.
func TestAnAnswerAboveTheLimitIsRefusedAndTold(t *testing.T) {
	t.Parallel()
	const huge, small = "auth0|huge", "auth0|small"
	r := newRig(t, auth0.Options{})
	r.users(huge, small)
	r.receiver["max_response_size"] = "64KiB"
	entries := newEntries(huge, 500, time.Now().Add(-time.Hour), time.Second)
	require.NoError(t, r.tenant.Publish(huge, entries...))
	r.tenant.Intercept(func(w http.ResponseWriter, req *http.Request) bool {
		if !strings.Contains(req.URL.Path, huge) {
			return false
		}
		_, _ = w.Write([]byte("[" + strings.Repeat(string(entries[0])+",", 1000) + string(entries[0]) + "]"))
		return true
	})
	c := r.start()
	c.until("a warning", waitLimit, func() bool { return len(c.stderr.warnings(huge, "max_response_size")) > 0 })
	r.publish(small, newEntries(small, 30, time.Now().Add(-time.Hour), time.Second)...)
	c.until("the other log's entries arrive", waitLimit, r.complete)
	r.cycles(c, 5, small)
	r.settle(0)

	r.tenant.Intercept(nil) // pages of a sensible size again
	for _, raw := range entries {
		r.ledger.add(uidOf(raw), string(raw))
	}
	c.until("the log is read once its answers fit", waitLimit, r.complete)
	r.cycles(c, 3, huge, small)
	r.settle(0)
	c.stopWell()
}
