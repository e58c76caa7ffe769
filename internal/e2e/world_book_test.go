//go:build e2e

package e2e

import (
	"maps"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
)

// fact is an entry as it was published, and what its record must be.
type fact struct {
	uid, body string
	service   string
	event     string
	at        time.Time
	// attributes are some of the record's; "" says that it must not be there.
	attributes map[string]string
	// log is that in whose order the record has to come; "": in none.
	log string
	// late says that it was made visible after others of its log that are newer.
	late bool
	// subjects are Canvas's names for the logs in which it stands.
	subjects []string
}

// altered tells what is not as it should be in a record.
func (f *fact) altered(a arrival) string {
	service, _ := a.resource.Attributes().Get("service.name")
	switch {
	case a.body() != f.body:
		return "body"
	case a.record.EventName() != f.event:
		return "event name"
	case a.record.Timestamp() != pcommon.NewTimestampFromTime(f.at):
		return "timestamp"
	case service.AsString() != f.service:
		return "service.name"
	}
	for name, want := range f.attributes {
		if value, ok := a.record.Attributes().Get(name); ok != (want != "") || ok && value.AsString() != want {
			return name
		}
	}
	return ""
}

func newBook() *book {
	return &book{facts: map[string]*fact{}, newest: map[string]time.Time{}, vanish: map[string]bool{}}
}

// book knows every entry that was published. It is safe for concurrent use.
type book struct {
	mu     sync.Mutex
	facts  map[string]*fact
	newest map[string]time.Time // that was ever visible, by log
	vanish map[string]bool      // taken away; they may have arrived
}

// enter notes entries before they become visible.
func (b *book) enter(facts ...*fact) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, f := range facts {
		if log := f.service + f.log; f.at.Before(b.newest[log]) {
			f.late = true
		} else {
			b.newest[log] = f.at
		}
		b.facts[f.uid] = f
	}
}

// spare notes that an entry is about to be taken away.
func (b *book) spare(f *fact) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.vanish[f.uid] = true
}

// excuse takes the entries of a log within a time off the book that did not arrive, and returns how many they were.
func (b *book) excuse(s *sink, log string, from, to time.Time) int {
	b.mu.Lock()
	defer b.mu.Unlock()
	n := 0
	for uid, f := range b.facts {
		if f.log == log && !f.at.Before(from) && !f.at.After(to) && !b.vanish[uid] && !s.has(uid) {
			b.vanish[uid] = true
			n++
		}
	}
	return n
}

// size is how many entries have to arrive.
func (b *book) size() int { b.mu.Lock(); defer b.mu.Unlock(); return len(b.facts) - len(b.vanish) }

// findings are what the book says of what arrived.
type findings struct {
	wanted, arrived, vanished, late        int
	missing, invented, altered, outOfOrder []string
	repeats                                int
	repeatsOf                              map[string]int // by service
}

func (b *book) compare(s *sink) findings {
	b.mu.Lock()
	defer b.mu.Unlock()
	v := findings{wanted: len(b.facts) - len(b.vanish), vanished: len(b.vanish), repeatsOf: map[string]int{}}
	missing, reached := maps.Clone(b.facts), map[string]time.Time{}
	for _, a := range s.all() {
		v.arrived++
		f := b.facts[a.uid]
		if f == nil {
			v.invented = append(v.invented, a.uid)
			continue
		}
		if what := f.altered(a); what != "" {
			v.altered = append(v.altered, f.service+" "+a.uid+": "+what)
		}
		if missing[a.uid] == nil {
			v.repeats++
			v.repeatsOf[f.service]++
			continue
		}
		delete(missing, a.uid)
		if f.late {
			v.late++
		} else if f.log != "" {
			if f.at.Before(reached[f.service+f.log]) {
				v.outOfOrder = append(v.outOfOrder, f.service+" "+a.uid)
			}
			reached[f.service+f.log] = f.at
		}
	}
	for uid, f := range missing {
		if !b.vanish[uid] {
			v.missing = append(v.missing, f.service+" "+uid)
		}
	}
	return v
}

func (v findings) log(t *testing.T) {
	t.Helper()
	t.Logf("ledger: %d entries to arrive, %d of them late; %d taken away; %d records arrived: missing %d, invented %d, altered %d, out of order %d, repeats %d %v",
		v.wanted, v.late, v.vanished, v.arrived, len(v.missing), len(v.invented), len(v.altered), len(v.outOfOrder), v.repeats, v.repeatsOf)
}

func (v findings) require(t *testing.T, maxRepeats int) {
	t.Helper()
	require.Empty(t, some(v.missing), "entries that never arrived")
	require.Empty(t, some(v.invented), "records of entries that were never published")
	require.Empty(t, some(v.altered), "records that differ from their entry")
	require.Empty(t, some(v.outOfOrder), "records that came after newer ones of their log")
	require.LessOrEqual(t, v.repeats, maxRepeats, "more repeats than allowed")
}
