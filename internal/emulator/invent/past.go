package invent

import (
	"math/rand/v2"
	"slices"
	"time"
)

// Event is something that can be read from a certain time on.
type Event interface{ Arrives() time.Time }

func byArrival[E Event](a, b E) int { return a.Arrives().Compare(b.Arrives()) }

// Past plays so many scenes between two times, more by day than by night, and returns the events in the order of their
// arrival. next plays one scene that begins then. The last arrivals may be later than to.
func Past[E Event](r *rand.Rand, from, to time.Time, scenes int, next func(time.Time) []E) []E {
	if !to.After(from) {
		return nil
	}
	begins := make([]time.Time, scenes)
	for i := range begins {
		begins[i] = waking(r, from, to)
	}
	slices.SortFunc(begins, time.Time.Compare)
	var events []E
	for _, t := range begins {
		events = append(events, next(t)...)
	}
	slices.SortStableFunc(events, byArrival)
	return events
}

// waking is a random time that lies by night (22 to 6 UTC) four times more rarely than by day.
func waking(r *rand.Rand, from, to time.Time) time.Time {
	for {
		t := from.Add(time.Duration(r.Int64N(int64(to.Sub(from)))))
		if h := t.UTC().Hour(); h >= 6 && h < 22 || r.IntN(4) == 0 {
			return t
		}
	}
}
