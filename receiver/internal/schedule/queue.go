package schedule

import (
	"container/heap"
	"time"

	"github.com/userlog/userlog-otel/receiver/internal/source"
)

// entry is one log.
type entry struct {
	subject  source.Subject
	due      time.Time
	read     time.Time // end of the last full read, or of one that was refused
	refused  bool      // the last read ended with gone or forbidden
	failures int       // in a row, of one kind
	kind     source.Kind
	pace     pace
	place    int // in the queue, from 1; 0 while it is being read
}

// queue holds the logs that are not being read, the one that is due first at its head.
type queue struct{ heap entries }

func newQueue() *queue { return &queue{} }

func (q *queue) head() *entry {
	if len(q.heap) == 0 {
		return nil
	}
	return q.heap[0]
}

func (q *queue) push(e *entry) { heap.Push(&q.heap, e) }

// probe returns the log that tries alone whether the source works again: one that is due and did not fail itself, as
// long as there is one. Otherwise logs that always fail would keep the others waiting one pause each.
func (q *queue) probe(now time.Time) *entry {
	var first *entry
	for _, e := range q.heap {
		if e.failures == 0 && !e.due.After(now) && (first == nil || e.due.Before(first.due)) {
			first = e
		}
	}
	if first == nil {
		return q.head()
	}
	return first
}

func (q *queue) remove(e *entry) {
	if e.place > 0 {
		heap.Remove(&q.heap, e.place-1)
	}
}

// entries implements heap.Interface.
type entries []*entry

func (h entries) Len() int           { return len(h) }
func (h entries) Less(i, j int) bool { return h[i].due.Before(h[j].due) }
func (h entries) Swap(i, j int) {
	h[i], h[j] = h[j], h[i]
	h[i].place, h[j].place = i+1, j+1
}

func (h *entries) Push(x any) {
	e := x.(*entry) // heap.Push is called with entries only
	*h = append(*h, e)
	e.place = len(*h)
}

func (h *entries) Pop() any {
	old := *h
	e := old[len(old)-1]
	old[len(old)-1] = nil
	*h = old[:len(old)-1]
	e.place = 0
	return e
}
