//go:build e2e

package e2e

import (
	"math/rand/v2"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/userlog/userlog-otel/internal/emulator/auth0"
)

// TestPagesThatShiftLoseAndRepeatNothing changes a log between the requests for its pages: new entries push rows down,
// removed ones pull rows up past the page that is asked for next.
func TestPagesThatShiftLoseAndRepeatNothing(t *testing.T) {
	t.Parallel()
	const (
		user     = "auth0|63d1c0ffee01"
		pageSize = 20
	)
	for name, change := range map[string]struct{ added, removed int }{
		"entries appear":            {added: 15},
		"entries vanish":            {removed: 7},
		"entries appear and vanish": {added: 3, removed: 3},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, auth0.Options{})
			r.users(user)
			r.auth0["page_size"] = pageSize
			// Over 27 minutes: most of them are met in the first read only, and by no overlap again.
			r.publish(user, newEntries(user, 400, time.Now().Add(-time.Hour), 4*time.Second)...)

			var mu sync.Mutex
			changes := 30
			r.tenant.OnRequest(func(req *http.Request, _ int) {
				mu.Lock()
				defer mu.Unlock()
				if req.URL.Query().Get("page") == "0" || changes == 0 {
					return
				}
				changes--
				for range change.removed { // of the newest rows, which were given out before
					entries := r.tenant.Entries(user)
					uid := uidOf(entries[len(entries)-1-rand.N(pageSize)])
					r.ledger.spare(uid)
					r.tenant.Remove(user, uid)
				}
				r.publish(user, newEntries(user, change.added, time.Now(), 0)...)
			})
			c := r.start()
			c.until("everything arrives", waitLimit, r.complete)
			r.cycles(c, 5, user)
			mu.Lock()
			left := changes
			mu.Unlock()
			require.Less(t, left, 30, "changes while pages were read")
			t.Logf("%d changes, %d requests", 30-left, len(r.logRequests()))
			c.stopWell()
			r.settle(0)
		})
	}
}

// TestTheServersClockDecides reads from a server whose clock is wrong: initial_lookback counts by its dates.
func TestTheServersClockDecides(t *testing.T) {
	t.Parallel()
	const user = "auth0|63d1c0ffee01"
	for name, skew := range map[string]time.Duration{"an hour ahead": time.Hour, "an hour behind": -time.Hour} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			now := func() time.Time { return time.Now().Add(skew) }
			r := newRig(t, auth0.Options{Now: now})
			r.users(user)
			r.receiver["initial_lookback"] = "10m"
			require.NoError(t, r.tenant.Publish(user, newEntry(user, now().Add(-12*time.Minute)))) // too old
			r.publish(user, newEntries(user, 30, now().Add(-8*time.Minute), time.Second)...)
			c := r.start()
			c.until("everything arrives", waitLimit, r.complete)
			for range 5 {
				r.publish(user, newEntry(user, now()), newEntry(user, now().Add(-9*time.Minute)))
				c.until("new entries arrive", waitLimit, r.complete)
			}
			r.cycles(c, 3, user)
			c.stopWell()
			r.settle(0)
		})
	}
}
