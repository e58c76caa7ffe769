//go:build e2e

package e2e

import (
	"encoding/json"
	"fmt"
	"maps"
	"sync"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// ledger knows what has to arrive. It is safe for concurrent use.
type ledger struct {
	mu   sync.Mutex
	want map[string]string // body by log.record.uid
	// spared need not arrive, because they were removed; they may, with the body in want.
	spared map[string]bool
}

// spare says that an entry was removed.
func (l *ledger) spare(uid string) { l.mu.Lock(); defer l.mu.Unlock(); l.spared[uid] = true }

func (l *ledger) add(uid, body string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.want[uid] = body
}

// size is how many entries have to arrive.
func (l *ledger) size() int { l.mu.Lock(); defer l.mu.Unlock(); return len(l.want) - len(l.spared) }

// verdict is the comparison of what arrived with what had to.
type verdict struct {
	missing, invented, altered, repeated []string
	repeats                              int
}

func (l *ledger) compare(s *sink) verdict {
	l.mu.Lock()
	defer l.mu.Unlock()
	var v verdict
	missing, seen := maps.Clone(l.want), map[string]bool{}
	for _, a := range s.all() {
		body, known := l.want[a.uid]
		switch {
		case !known:
			v.invented = append(v.invented, a.uid)
		case body != a.body():
			v.altered = append(v.altered, a.uid)
		}
		if seen[a.uid] {
			v.repeated = append(v.repeated, a.uid)
			v.repeats++
		}
		seen[a.uid] = true
		delete(missing, a.uid)
	}
	for uid := range missing {
		if !l.spared[uid] {
			v.missing = append(v.missing, uid)
		}
	}
	return v
}

// publish makes entries visible in the log of a user, and notes that they have to arrive. It may be called from any
// goroutine.
func (r *rig) publish(user string, entries ...json.RawMessage) {
	r.t.Helper()
	for _, raw := range entries {
		r.ledger.add(uidOf(raw), string(raw))
	}
	assert.NoError(r.t, r.tenant.Publish(user, entries...))
}

// complete tells whether everything that has to arrive has arrived.
func (r *rig) complete() bool {
	return r.sink.distinct() >= r.ledger.size() && len(r.ledger.compare(r.sink).missing) == 0
}

// logVerdict prints where the ledger stands.
func (r *rig) logVerdict() verdict {
	r.t.Helper()
	v := r.ledger.compare(r.sink)
	r.t.Logf("ledger: %d to arrive, %d arrived; missing %d %v, invented %d %v, altered %d %v, repeats %d %v", r.ledger.size(),
		len(r.sink.all()), len(v.missing), some(v.missing), len(v.invented), some(v.invented), len(v.altered), some(v.altered),
		v.repeats, some(v.repeated))
	return v
}

// settle requires that nothing is missing, invented or altered, and at most so many repeats.
func (r *rig) settle(maxRepeats int) {
	r.t.Helper()
	v := r.logVerdict()
	require.Empty(r.t, some(v.missing), "entries that never arrived")
	require.Empty(r.t, some(v.invented), "records of entries that were never published")
	require.Empty(r.t, some(v.altered), "records whose body differs from the entry")
	require.LessOrEqual(r.t, v.repeats, maxRepeats, "repeats")
}

// some is a list that is short enough to print.
func some(list []string) []string {
	const most = 3
	if len(list) > most {
		return append(list[:most:most], fmt.Sprintf("and %d more", len(list)-most))
	}
	return list
}
