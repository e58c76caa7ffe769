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

// TestRefusedDeliveriesAreRepeatedAndTheAPIsAreLeftAlone lets the sink not take anything for a while, in all the ways in
// which a backend can. Meanwhile nothing more is read than what is under way, and the memory stays as it is.
func TestRefusedDeliveriesAreRepeatedAndTheAPIsAreLeftAlone(t *testing.T) {
	t.Parallel()
	duration := 2 * time.Second
	if *long {
		duration = 2 * time.Minute
	}
	for name, test := range map[string]struct{ refuse, heal func(w *world) }{
		"503":                    {func(w *world) { w.sink.refuse(always(503)) }, func(w *world) { w.sink.refuse(nil) }},
		"429":                    {func(w *world) { w.sink.refuse(always(429)) }, func(w *world) { w.sink.refuse(nil) }},
		"connections that break": {func(w *world) { w.sink.refuse(always(abort)) }, func(w *world) { w.sink.refuse(nil) }},
		"a closed port":          {func(w *world) { w.sink.close() }, func(w *world) { w.sink.open() }},
		"no answer in time":      {func(w *world) { w.exporter["timeout"] = "1s"; w.sink.slow(time.Minute, 0) }, func(w *world) { w.sink.slow(0, 0) }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, all()...)
			w.metrics = true
			w.keys["retry_on_failure"] = object{"initial_interval": "100ms", "max_interval": "400ms"}
			w.backlog(300)
			test.refuse(w)
			c := w.start()
			for _, s := range w.systems {
				c.until(s.name+" tells of the refusal", waitLimit, func() bool { return len(c.stderr.warnings(s.receiver(), "refuses")) > 0 })
			}
			// What may be read beside the logs whose deliveries are refused: nothing, once all workers have one.
			underWay, memory := w.steady(c), memoryOf(t, c.cmd.Process.Pid, "VmRSS:")
			began := time.Now()
			c.until("the refusal has lasted", 2*duration, func() bool { return time.Since(began) > duration })
			require.Equal(t, underWay, w.requests(), "requests to the APIs while the sink refuses")
			more := memoryOf(t, c.cmd.Process.Pid, "VmRSS:") - memory
			require.True(t, *raced || more < 8<<10, "%d kB more memory after %v of refusals", more, duration)
			require.Zero(t, c.metric("entries_delivered"))
			for _, s := range w.systems {
				require.Len(t, c.stderr.warnings(s.receiver(), "refuses"), 1, "one line for the whole refusal")
			}

			test.heal(w)
			c.until("everything arrives", settleLimit, w.complete)
			w.cycles(c, 2)
			require.InDelta(t, w.book.size(), c.metric("entries_delivered"), 0)
			w.settle(c, 0)
		})
	}
}

// requests is how many requests the APIs had.
func (w *world) requests() int {
	n := 0
	for _, s := range w.systems {
		n += len(s.cloud.Requests())
	}
	return n
}

// steady waits until nothing more is asked for, and returns the number of requests.
func (w *world) steady(c *collector) int {
	w.Helper()
	last, since := w.requests(), time.Now()
	c.until("no more requests", waitLimit, func() bool {
		if now := w.requests(); now != last {
			last, since = now, time.Now()
		}
		return time.Since(since) > time.Second
	})
	return last
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
