package day

import (
	"slices"
	"sort"
	"time"
)

// Queue holds events back until they arrive. The zero value is empty. It is not safe for concurrent use.
type Queue struct{ events []Event }

// Push adds events.
func (q *Queue) Push(events ...Event) {
	q.events = append(q.events, events...)
	slices.SortFunc(q.events, compare)
}

// Due takes out the events that have arrived by now, in the order of their log_ids.
func (q *Queue) Due(now time.Time) []Event {
	n := sort.Search(len(q.events), func(i int) bool { return q.events[i].Arrival.After(now) })
	due := slices.Clone(q.events[:n])
	q.events = slices.Delete(q.events, 0, n)
	return due
}
