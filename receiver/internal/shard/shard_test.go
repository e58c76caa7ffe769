package shard

import (
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/userlog/userlog-otel/receiver/internal/source"
)

// Who reads which log is agreed on by collectors of different versions: no change may move a log.
func TestOwnersNeverChange(t *testing.T) {
	t.Parallel()
	const acme = "dGVuYW50IGFjbWUx"
	for _, test := range []struct {
		source string
		count  int
		log    source.Subject
		owner  int
	}{
		{acme, 1, "auth0|1", 0},
		{acme, 4, "", 2},
		{acme, 4, "auth0|1", 3},
		{acme, 4, "auth0|2", 2},
		{acme, 4, "users/3", 2},
		{acme, 7, "auth0|1", 3},
		{acme, 7, "auth0|2", 5},
		{acme, 7, "häß/li?ch#", 4},
		{acme, 1000, "auth0|1", 87},
		{"dGVuYW50IG90aGVy", 4, "auth0|1", 3},
		{"dGVuYW50IG90aGVy", 1000, "auth0|1", 132},
		{"", 3, "", 0},
	} {
		assert.Equal(t, test.owner, NewRing(test.source, test.count).Owner(test.log), "%q of %q, %d shards", test.log, test.source, test.count)
	}
}

// logs are so many ids as Auth0 has them.
func logs(n int) []source.Subject {
	all := make([]source.Subject, n)
	for i := range all {
		all[i] = source.Subject(fmt.Sprintf("auth0|63d1c0ffee63d1c0%08x", i))
	}
	return all
}

func TestEveryShardHasItsPart(t *testing.T) {
	t.Parallel()
	const each = 1000
	for _, count := range []int{1, 2, 3, 7, 20} {
		ring, had := NewRing("acme", count), make([]int, count)
		for _, log := range logs(each * count) {
			had[ring.Owner(log)]++
		}
		for shard, n := range had {
			assert.InDelta(t, each, n, 5*math.Sqrt(each), "shard %d of %d: more than five standard deviations", shard, count)
		}
	}
}

// What a change of the number moves is what it has to: to the shards that are new, or away from those that are gone.
func TestOnlyWhatMustMoveMoves(t *testing.T) {
	t.Parallel()
	for _, change := range [][2]int{{4, 7}, {7, 2}, {1, 2}} {
		before, after := NewRing("acme", change[0]), NewRing("acme", change[1])
		const all = 7000
		moved := 0
		for _, log := range logs(all) {
			from, to := before.Owner(log), after.Owner(log)
			if from == to {
				continue
			}
			moved++
			assert.True(t, to >= change[0] || from >= change[1], "%s from %d to %d", log, from, to)
		}
		low, high := min(change[0], change[1]), max(change[0], change[1])
		expected := float64(all) * (1 - float64(low)/float64(high))
		assert.InDelta(t, expected, moved, 5*math.Sqrt(expected))
	}
}

func TestLogsOfTwoSourcesArePartedDifferently(t *testing.T) {
	t.Parallel()
	acme, other, same := NewRing("acme", 10), NewRing("other", 10), 0
	for _, log := range logs(1000) {
		if acme.Owner(log) == other.Owner(log) {
			same++
		}
	}
	assert.InDelta(t, 100, same, 50)
}

func BenchmarkOwner(b *testing.B) {
	ring, all := NewRing("dGVuYW50IGFjbWUx", 10), logs(1024)
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		ring.Owner(all[i%len(all)])
	}
}
