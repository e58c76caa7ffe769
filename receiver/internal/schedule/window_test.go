package schedule

import (
	"context"
	"math/rand/v2"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/userlog/userlog-otel/receiver/internal/source"
)

const day = 24 * time.Hour

// tenant has users who are active from 8 to 18 o'clock from Monday to Friday.
type tenant struct {
	monday time.Time // at midnight, before everything

	mu       sync.Mutex
	users    map[source.Subject]*user
	requests int
	entries  int
	lost     int
	largest  int // number of entries that one read found
}

// user makes entries in a Poisson process of working time.
type user struct {
	rand *rand.Rand
	rate float64       // entries an hour
	next time.Duration // working time of the next one
}

// newTenant has users whose activity follows Zipf's law: the busiest one makes n times as many entries as the n-th.
func newTenant(users int, busiest float64, monday time.Time) *tenant {
	t := &tenant{monday: monday, users: map[source.Subject]*user{}}
	past := worked(time.Since(monday))
	for i, subject := range logs(users) {
		u := &user{rand: rand.New(rand.NewPCG(7, uint64(i))), rate: busiest / float64(i+1)}
		for u.next <= past {
			u.step()
		}
		t.users[subject] = u
	}
	return t
}

func (u *user) step() {
	u.next += time.Duration(u.rand.ExpFloat64() / u.rate * float64(time.Hour))
}

// worked is the working time of so much time since a Monday.
func worked(since time.Duration) (worked time.Duration) {
	weekday := 0
	for left := since; left > 0; left -= day {
		if weekday < 5 {
			worked += min(max(left-8*time.Hour, 0), 10*time.Hour)
		}
		weekday = (weekday + 1) % 7
	}
	return worked
}

// poll reads the log of a user, of which only the newest entries are given.
func (t *tenant) poll(_ context.Context, s source.Subject, _ func() bool) (int, bool, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	u, now, found := t.users[s], worked(time.Since(t.monday)), 0
	for ; u.next <= now; u.step() {
		found++
	}
	t.requests++
	t.entries += found
	t.largest = max(t.largest, found)
	t.lost += max(0, found-window)
	return min(found, window), false, nil
}

const (
	window   = 1000 // that of Auth0
	interval = 15 * minute
)

// watched reads the logs of a tenant from a time of its week on.
func watched(t *testing.T, busiest float64, from, lasts time.Duration, change func(*Settings)) (seen *tenant) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		seen = newTenant(10_000, busiest, time.Now().Add(-from))
		w := newWorld(t, logs(10_000)...)
		w.run(lasts, func(s *Settings) {
			s.Poll, s.Observer, s.Interval, s.MaxInterval = seen.poll, idle{}, interval, 8*time.Hour
			change(s)
		})
	})
	t.Logf("%d requests, %d entries, at most %d in a read, %d lost", seen.requests, seen.entries, seen.largest, seen.lost)
	return seen
}

func TestNoLogOutgrowsItsWindowBetweenTwoReads(t *testing.T) {
	for _, test := range []struct {
		name        string
		busiest     float64 // entries an hour
		from, lasts time.Duration
	}{
		{"the morning after", window, 3*day + 16*time.Hour, 19 * time.Hour},
		{"begun on Sunday evening, when nothing is known", window / 2, 6*day + 20*time.Hour, 17 * time.Hour},
	} {
		t.Run(test.name, func(t *testing.T) {
			bounded := watched(t, test.busiest, test.from, test.lasts, func(s *Settings) { s.Window = window })
			assert.Zero(t, bounded.lost)
			assert.LessOrEqual(t, bounded.largest, window/2)
			assert.Greater(t, bounded.entries, 10_000)

			unbounded := watched(t, test.busiest, test.from, test.lasts, func(*Settings) {})
			assert.Positive(t, unbounded.lost, "longer pauses alone lose entries: the check can fail")
			assert.Less(t, bounded.requests, 10_000*int(test.lasts/interval)/2)
		})
	}
}
