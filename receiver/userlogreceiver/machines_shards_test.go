package userlogreceiver

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

// Collectors are exchanged one by one for others with another count, while the logs grow: nothing is lost, and what comes
// again is at most what was read while collectors of both counts ran, once from each that read its log.
func TestCountChangesUnderLoad(t *testing.T) {
	for _, s := range sites(t, 24) {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			f := newFleet(t, s)
			f.write(100)
			stop := f.load()
			var changes []span
			var present []*rig
			for _, count := range []int{4, 7, 2} {
				began := time.Now()
				next := f.shards(count) // all of them before the first old one ends: no change is longer than that
				for _, old := range present {
					old.stop()
				}
				if present = next; count != 4 {
					changes = append(changes, span{began, time.Now()})
				}
				f.assertOneReaderEach()
			}
			stop()
			f.eventually(f.complete, "all entries arrive")
			f.cycles(3)
			for _, r := range present {
				r.stop()
			}
			f.assertRepeatsAreOf(changes)
			assert.Empty(t, f.store.Refusals())
		})
	}
}

// span is a time in which collectors of two counts ran.
type span struct{ from, to time.Time }

// assertOneReaderEach lets some reads pass, with which a request that its collector gave up may come late, after which each
// log has one reader.
func (f *fleet) assertOneReaderEach() {
	f.Helper()
	f.cycles(2)
	since := f.cycles(4)
	found := readers(f.seen, since)
	for _, path := range f.site.paths {
		assert.Len(f, found[path], 1, "readers of %s", path)
	}
	assert.Len(f, found, len(f.site.paths), "nothing else is read")
}

// assertRepeatsAreOf fails for entries that came again although no change was under way when they came first, or that one
// collector delivered twice.
func (f *fleet) assertRepeatsAreOf(changes []span) {
	f.Helper()
	for uid, arrivals := range f.byUID() {
		by := map[string]int{}
		for _, a := range arrivals {
			by[a.collector]++
		}
		assert.Len(f, by, len(arrivals), "%s from one collector twice: %v", uid, by)
		if len(arrivals) == 1 {
			continue
		}
		during := false
		for _, change := range changes {
			during = during || arrivals[0].at.After(change.from.Add(-underWay)) && arrivals[0].at.Before(change.to)
		}
		assert.True(f, during, "%s came at %v first, and again", uid, arrivals[0].at)
	}
}

// underWay is how long an entry that was delivered may not be stored yet.
const underWay = time.Second
