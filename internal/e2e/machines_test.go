//go:build e2e

package e2e

import (
	"fmt"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestThreeShardsSurviveTheKillOfOne kills one of three collectors under load, again and again. Nothing is lost; what comes
// again is what that one had on its way; and the logs of the others are read on meanwhile.
func TestThreeShardsSurviveTheKillOfOne(t *testing.T) {
	t.Parallel()
	m := newMachines(t, all()...)
	m.backlog(200)
	stop := m.load()
	const count, kills = 3, 4
	shard := func(i int) *collector {
		return m.launch(fmt.Sprintf("shard-%d", i), object{"shard": object{"index": i, "count": count}})
	}
	present := make([]*collector, count)
	for i := range present {
		present[i] = shard(i)
	}
	m.cycles(present[0], 2)
	waiting := 0
	for kill := range kills {
		victim, other := kill%count, present[(kill+1)%count]
		m.sink.slow(20*time.Millisecond, 20*time.Millisecond)
		other.until("a delivery is under way", waitLimit, func() bool { return !m.sink.idle() })
		present[victim].kill()
		require.Eventually(m, m.sink.idle, waitLimit, pollPause, "the sink still answers")
		waiting += m.assertOthersAreRead(other)
		present[victim] = shard(victim)
		m.sink.slow(0, 0)
		m.cycles(present[victim], 2)
	}
	require.Positive(m, waiting, "logs that waited for their collector")
	stop()
	m.judge(kills*m.bound(), present...)
}

// assertOthersAreRead lets some time pass, in which logs are read or not: each of those that are is read several times. It
// returns the number of those that are not.
func (m *machines) assertOthersAreRead(c *collector) (waiting int) {
	m.Helper()
	const reads = 3
	before, began := m.counts(), time.Now()
	c.until("some time has passed", waitLimit, func() bool { return time.Since(began) > 2*time.Second })
	read := 0
	for log, n := range m.counts() {
		if n -= before[log]; n == 0 {
			waiting++
			continue
		}
		read++
		assert.GreaterOrEqual(m, n, reads, log)
	}
	assert.Positive(m, read, "logs of the other shards")
	return waiting
}

const leadsText, waitsText, stoodText = "this collector leads and reads", "this collector does not lead", "this process stood still"

func (c *collector) says(text string, times int) bool {
	return strings.Count(c.stderr.String(), text) >= times*receiversOfAll
}

// receiversOfAll is how many receivers a collector of all systems has.
const receiversOfAll = 4

// TestLeaderIsKilledAndTheOtherTakesOver is with the real elector: one collector reads, the other waits and takes over.
func TestLeaderIsKilledAndTheOtherTakesOver(t *testing.T) {
	t.Parallel()
	m := newMachines(t, all()...)
	m.backlog(200)
	stop := m.load()
	elected := object{"k8s_leader_elector": "k8s_leader_elector"}
	leader := m.launch("a", elected)
	leader.until("it leads", waitLimit, func() bool { return leader.says(leadsText, 1) })
	standby := m.launch("b", elected)
	standby.until("it waits", waitLimit, func() bool { return standby.says(waitsText, 1) })
	m.cycles(leader, 2)
	require.NotContains(m, standby.stderr.String(), leadsText)

	leader.kill()
	standby.until("it leads", waitLimit, func() bool { return standby.says(leadsText, 1) })
	m.cycles(standby, 2)
	stop()
	m.judge(m.bound(), standby)
}

// TestLeaderThatWasStoppedForLongStopsReading is of a process that wakes up after another one has taken over: before its
// elector knows, it knows itself.
func TestLeaderThatWasStoppedForLongStopsReading(t *testing.T) {
	t.Parallel()
	m := newMachines(t, all()...)
	m.backlog(100)
	stop := m.load()
	elected := object{"k8s_leader_elector": "k8s_leader_elector"}
	leader := m.launch("a", elected)
	leader.until("it leads", waitLimit, func() bool { return leader.says(leadsText, 1) })
	standby := m.launch("b", elected)
	m.cycles(leader, 2)

	require.NoError(m, leader.cmd.Process.Signal(syscall.SIGSTOP))
	standby.until("it leads", waitLimit, func() bool { return standby.says(leadsText, 1) })
	m.cycles(standby, 2)
	require.NoError(m, leader.cmd.Process.Signal(syscall.SIGCONT))
	leader.until("it knows that it stood still", waitLimit, func() bool { return leader.says(stoodText, 1) })
	leader.until("it no longer leads", waitLimit, func() bool { return leader.says(waitsText, 1) })
	require.Equal(m, receiversOfAll, strings.Count(leader.stderr.String(), leadsText), "none of its receivers read again in between")
	m.cycles(standby, 2)
	stop()
	// What both read in the second in which the one that woke up had not looked at the clock yet, and what it had on its way.
	m.judge(2*m.bound(), standby, leader)
}
