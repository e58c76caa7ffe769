//go:build e2e

package e2e

import (
	"fmt"
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/userlog/userlog-otel/internal/emulator/auth0"
)

// many are so many users.
func many(n int) []string {
	users := make([]string, n)
	for i := range users {
		users[i] = fmt.Sprintf("auth0|63d1%06d", i)
	}
	return users
}

func TestRetryAfterHoldsAllUsersOfTheSource(t *testing.T) {
	t.Parallel()
	const (
		pause = 3 * time.Second
		// hold is how long requests that come after the 429 are kept open. While the receiver reads the 429, each of its
		// other workers can so begin one request and no more.
		hold    = time.Second
		workers = 4 // concurrency, by default
	)
	users := many(8)
	r := newRig(t, auth0.Options{})
	r.users(users...)
	r.metrics = true
	c := r.start()
	for _, user := range users {
		c.until("every log is read", waitLimit, func() bool { return r.reads(user) > 0 })
	}

	var throttled atomic.Pointer[time.Time]
	r.tenant.Intercept(func(w http.ResponseWriter, _ *http.Request) bool {
		now := time.Now()
		if throttled.CompareAndSwap(nil, &now) {
			w.Header().Set("Retry-After", "3")
			w.WriteHeader(http.StatusTooManyRequests)
			return true
		}
		time.Sleep(throttled.Load().Add(hold).Sub(now))
		return false
	})
	c.until("429 is answered", waitLimit, func() bool { return throttled.Load() != nil })
	for _, user := range users {
		r.publish(user, newEntries(user, 3, time.Now(), 0)...)
	}
	c.until("everything arrives", waitLimit, r.complete)
	at := *throttled.Load()
	under, first := 0, time.Duration(0)
	for _, request := range r.logRequests() {
		switch after := request.Time.Sub(at); {
		case after <= 0:
		case after <= hold:
			under++
		default:
			assert.GreaterOrEqual(t, after, pause, "request for %s within the pause", request.User)
			if first == 0 {
				first = after
			}
		}
	}
	t.Logf("%d requests were under way; the next one came %v after the 429", under, first.Round(time.Millisecond))
	assert.Less(t, under, workers, "requests under way: one of each other worker")
	require.NotEmpty(t, c.stderr.warnings("asks to wait"))
	require.Positive(t, c.metric("throttled_time"))
	r.cycles(c, 2, users...)
	r.settle(0)
	c.stopWell()
}

// TestTheReserveIsNeverSpent lets many users with a backlog compete for a small limit, as the emulator counts it.
func TestTheReserveIsNeverSpent(t *testing.T) {
	t.Parallel()
	const (
		limit   = 10
		reserve = 2 // with the default of 0.2
		window  = time.Second
	)
	users := many(12)
	r := newRig(t, auth0.Options{RateLimit: auth0.RateLimit{Limit: limit, Window: window}})
	r.users(users...)
	r.receiver["collection_interval"] = "10ms"
	for _, user := range users {
		r.publish(user, newEntries(user, 250, time.Now().Add(-time.Hour), time.Second)...)
	}
	c := r.start()
	c.until("everything arrives", time.Minute, r.complete)
	requests := r.logRequests()
	for len(requests) < 6*(limit-reserve) { // and some more windows
		c.until("more requests", waitLimit, func() bool { return len(r.logRequests()) > len(requests) })
		requests = r.logRequests()
	}
	c.stopWell()

	least := limit
	for _, request := range r.logRequests() {
		if request.Status == 0 { // cut off by the end of the collector
			continue
		}
		assert.NotEqual(t, http.StatusTooManyRequests, request.Status)
		assert.GreaterOrEqual(t, request.Remaining, reserve, "what is left to others, as the tenant counts")
		least = min(least, request.Remaining)
	}
	span := requests[len(requests)-1].Time.Sub(requests[0].Time)
	t.Logf("%d requests in %v: %.1f a second of the %d allowed, %d left to others at least",
		len(requests), span.Round(time.Millisecond), float64(len(requests))/span.Seconds(), limit-reserve, least)
	require.Less(t, least, limit-1, "the limit is used")
	r.settle(0)
}

// TestReceiversOfOneTenantShareItsLimit has two receivers in one collector that read different users of one tenant, all
// with a backlog.
func TestReceiversOfOneTenantShareItsLimit(t *testing.T) {
	t.Parallel()
	const (
		limit   = 10
		reserve = 2 // with the default of 0.2
	)
	tenant := auth0.New(auth0.Options{RateLimit: auth0.RateLimit{Limit: limit, Window: time.Second}})
	one, other := newAuth0Of(tenant, many(6)[:3]...), newAuth0Of(tenant, many(6)[3:]...)
	other.id, other.twin = "auth0-other", one
	for _, s := range []*system{one, other} {
		s.block["token"] = "canary-shared-77ab41c09e"
		s.secrets = []string{"canary-shared-77ab41c09e"}
	}
	w := newWorld(t, one, other)
	w.keys["collection_interval"] = "10ms"
	w.backlog(400)
	c := w.start()
	c.until("everything arrives", time.Minute, w.complete)
	requests := len(tenant.Requests())
	c.until("some more windows pass", time.Minute, func() bool { return len(tenant.Requests()) > requests+4*(limit-reserve) })

	least, by, served := limit, map[string]int{}, 0
	for i, request := range tenant.Requests() {
		if by[request.User] == 0 {
			served = i
		}
		assert.NotEqual(t, http.StatusTooManyRequests, request.Status)
		if request.Status != 0 {
			assert.GreaterOrEqual(t, request.Remaining, reserve, "what is left to others, as the tenant counts")
			least = min(least, request.Remaining)
		}
		by[request.User]++
	}
	t.Logf("%d requests, %v; %d left to others at least", len(tenant.Requests()), by, least)
	require.Less(t, least, limit-2, "the limit is used")
	require.Len(t, by, 6)
	require.Less(t, served, 5*4, "every user has its first turn before the backlogs of the first four, which take five requests each, are read")
	w.settle(c, 0)
}
