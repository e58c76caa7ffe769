//go:build e2e

package e2e

import (
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/userlog/userlog-otel/internal/emulator/auth0"
)

func TestRefusedDeliveriesAreRepeatedAndTheAPIIsLeftAlone(t *testing.T) {
	t.Parallel()
	users := []string{"auth0|63d1c0ffee01", "auth0|63d1c0ffee02"}
	r := newRig(t, auth0.Options{})
	r.users(users...)
	r.metrics = true
	r.receiver["concurrency"] = len(users)
	r.receiver["retry_on_failure"] = object{"initial_interval": "100ms", "max_interval": "400ms"}
	for _, user := range users {
		r.publish(user, newEntries(user, 350, time.Now().Add(-time.Hour), time.Second)...)
	}
	r.sink.refuse(always(http.StatusServiceUnavailable))

	c := r.start()
	c.until("a delivery of each log is refused", waitLimit, func() bool { return len(firstUIDs(r.sink.refusals())) == len(users) })
	inFlight, refusals, began := len(r.logRequests()), len(r.sink.refusals()), time.Now()
	c.until("more refusals", waitLimit, func() bool { return len(r.sink.refusals()) >= refusals+16 })
	t.Logf("refused for %v: %d requests to the API before the first refusal, %d after it; %d refused deliveries",
		time.Since(began).Round(time.Millisecond), inFlight, len(r.logRequests())-inFlight, len(r.sink.refusals()))
	require.Len(t, r.logRequests(), inFlight, "requests to the API while the sink refuses")
	require.Len(t, firstUIDs(r.sink.refusals()), len(users), "the same records have to be repeated")
	require.NotEmpty(t, c.stderr.warnings("refuses"), "a warning about the refusals")
	require.Zero(t, c.metric("entries_delivered"))

	r.sink.refuse(nil)
	c.until("everything arrives", waitLimit, r.complete)
	r.cycles(c, 5, users...)
	r.settle(0)
	require.InDelta(t, r.ledger.size(), c.metric("entries_delivered"), 0)
	c.stopWell()
}

func TestOneRecordRefusedForGoodIsToldAndCostsNoOther(t *testing.T) {
	t.Parallel()
	const user, pageSize = "auth0|63d1c0ffee01", 10
	r := newRig(t, auth0.Options{})
	r.users(user)
	r.metrics = true
	r.auth0["page_size"] = pageSize
	entries := newEntries(user, 50, time.Now().Add(-time.Hour), time.Second)
	bad := uidOf(entries[25])
	r.publish(user, entries...)
	r.sink.refuse(func(uids []string) int {
		if slices.Contains(uids, bad) {
			return http.StatusBadRequest
		}
		return 0
	})

	c := r.start()
	c.until("the last entry arrives", waitLimit, func() bool { return r.sink.has(uidOf(entries[49])) })
	r.cycles(c, 3, user)
	r.ledger.spare(bad)
	r.settle(0)
	require.False(t, r.sink.has(bad))
	require.InDelta(t, 1, c.metric("entries_refused"), 0)
	require.InDelta(t, len(entries)-1, c.metric("entries_delivered"), 0)
	told := c.stderr.warnings("refused")
	require.Len(t, told, 1, "one line of log about the record that was given up")
	require.Contains(t, told[0].raw, bad)
	c.stopWell()
}

// firstUIDs are the different ids that batches begin with.
func firstUIDs(batches [][]string) []string {
	var first []string
	for _, batch := range batches {
		if len(batch) > 0 && !slices.Contains(first, batch[0]) {
			first = append(first, batch[0])
		}
	}
	return first
}
