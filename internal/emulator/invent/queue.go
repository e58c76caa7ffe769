package invent

import (
	"slices"
	"sort"
	"time"
)

// Queue holds events back until they arrive. The zero value is empty. It is not safe for concurrent use.
type Queue[E Event] struct{ events []E }

// Push adds events.
func (q *Queue[E]) Push(events ...E) {
	q.events = append(q.events, events...)
	slices.SortStableFunc(q.events, byArrival)
}

// Due takes out the events that have arrived by now, in the order of their arrival; those that arrive at once are in the
// order in which they were pushed.
func (q *Queue[E]) Due(now time.Time) []E {
	n := sort.Search(len(q.events), func(i int) bool { return q.events[i].Arrives().After(now) })
	due := slices.Clone(q.events[:n])
	q.events = slices.Delete(q.events, 0, n)
	return due
}
