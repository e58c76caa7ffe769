//go:build e2e

package e2e

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestMisbehaviourOfTheWindowIsToldEverywhere lets more entries appear between two reads than Auth0 gives by paging: what is
// lost is told by log, metric and status, with user and times, and everything newer flows, in that log and in all others.
func TestMisbehaviourOfTheWindowIsToldEverywhere(t *testing.T) {
	t.Parallel()
	const flood, window, step = 1500, 1000, time.Second
	w := newWorld(t, all()...)
	w.gaps = true
	w.metrics, w.status = true, true
	s := w.system("auth0")
	// The status tells of a gap until the log was read without one: it has to be seen in between.
	s.keys["collection_interval"] = "1s"
	log, r, now := s.lastPart(), w.random("flood"), time.Now()
	known := s.invent(r, log, now.Add(-time.Hour))
	w.publish(s, log, known)
	c := w.start()
	c.until("the first entry arrives", waitLimit, w.complete)
	require.Zero(t, c.metric("gaps"))

	facts := make([]*fact, flood)
	for i := range facts {
		facts[i] = s.invent(r, log, now.Add(time.Duration(i-flood)*step))
	}
	reachable := facts[flood-window:]
	w.book.enter(reachable...)
	require.NoError(t, s.publish(log, facts...)) // in one go, so that no read sees a part
	status, problem := "", ""
	c.until("the status tells of the gap", waitLimit, func() bool {
		status, problem = w.statusOf(s)
		return strings.Contains(problem, "gap in the log of user")
	})
	assert.Equal(t, "StatusRecoverableError", status)
	warnings := c.stderr.warnings(s.receiver())
	require.Len(t, warnings, 1)
	assert.Equal(t, log, warnings[0].User)
	assertBetween(t, known.at.Add(-overlap), known.at, warnings[0].From, "from: what had arrived, or at most the overlap earlier")
	assertBetween(t, reachable[0].at, reachable[0].at, warnings[0].To, "to: the oldest entry that the API still gave")
	for _, part := range []string{warnings[0].From, warnings[0].To, "samlp|acme|"} {
		assert.Contains(t, problem, part, "the status")
		assert.Contains(t, warnings[0].Message, part, "the log")
	}
	for _, part := range []string{"one", "two", "three"} {
		newer := w.grow(part, func(*system, string) bool { return false })
		c.until("newer entries arrive", paceLimit, func() bool { return w.arrived(newer) })
	}
	c.until("everything that the API gives arrives", waitLimit, w.complete)
	c.until("the status is well again", waitLimit, func() bool { status, _ := w.statusOf(s); return status == "StatusOK" })
	assert.InDelta(t, 1, c.metric("gaps"), 0, "gaps in the metrics")
	assertGapRecord(t, w.sink, map[string]string{"user.id": log, "user_log.gap.from": warnings[0].From, "user_log.gap.to": warnings[0].To})
	w.settle(c, 0)
}

// assertGapRecord looks for the one record of a gap, with these attributes; "" says that one must not be there.
func assertGapRecord(t *testing.T, s *sink, attributes map[string]string) {
	t.Helper()
	told := s.told()
	require.Len(t, told, 1, "records of gaps")
	for name, want := range attributes {
		got, ok := told[0].record.Attributes().Get(name)
		if assert.Equal(t, want != "", ok, name) && ok {
			assert.Equal(t, want, got.AsString(), name)
		}
	}
}
