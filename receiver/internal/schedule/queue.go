package schedule

import (
	"container/heap"
	"iter"
	"slices"
	"time"

	"github.com/userlog/userlog-otel/receiver/internal/source"
)

// entry is one log. It has 64 bytes, which is a size that Go allocates without waste, because there may be a hundred
// thousand. Its times are those since the schedule was made: a third of a time.Time, and no less apart from the wall
// clock.
type entry struct {
	subject  source.Subject
	due      time.Duration
	read     time.Duration // end of the last full read, or of one that was refused
	pace     pace
	place    int   // in the queue, from 1; 0 while it is being read
	failures int32 // in a row, of one kind
	kind     uint8 // of these failures, a source.Kind
	refused  bool  // the last read ended with gone or forbidden
	dropped  bool  // no longer listed, and let go when its read ends
}

// queue holds the logs: those that wait, the one that is due first at its head, and those that are being read.
type queue struct {
	heap    entries
	reading map[source.Subject]*entry
}

func newQueue() queue { return queue{reading: map[source.Subject]*entry{}} }

// all are the logs in no order.
func (q *queue) all() iter.Seq[*entry] {
	return func(yield func(*entry) bool) {
		for _, e := range q.heap {
			if !yield(e) {
				return
			}
		}
		for _, e := range q.reading {
			if !yield(e) {
				return
			}
		}
	}
}

func (q *queue) head() *entry {
	if len(q.heap) == 0 {
		return nil
	}
	return q.heap[0]
}

// grow makes room for n logs more, and no more room than that.
func (q *queue) grow(n int) { q.heap = slices.Grow(q.heap, n) }

func (q *queue) push(e *entry) { heap.Push(&q.heap, e) }

func (q *queue) remove(e *entry) {
	if e.place > 0 {
		heap.Remove(&q.heap, e.place-1)
	}
}

// began moves a log to those that are being read, and ended back, unless it was dropped meanwhile.
func (q *queue) began(e *entry) {
	q.remove(e)
	q.reading[e.subject] = e
}

func (q *queue) ended(e *entry) {
	delete(q.reading, e.subject)
	if !e.dropped {
		q.push(e)
	}
}

// probe returns the log that tries alone whether the source works again: one that is due and did not fail itself, as
// long as there is one. Otherwise logs that always fail would keep the others waiting one pause each.
func (q *queue) probe(now time.Duration) *entry {
	var first *entry
	for _, e := range q.heap {
		if e.failures == 0 && e.due <= now && (first == nil || e.due < first.due) {
			first = e
		}
	}
	if first == nil {
		return q.head()
	}
	return first
}

// entries implements heap.Interface.
type entries []*entry

func (h entries) Len() int           { return len(h) }
func (h entries) Less(i, j int) bool { return h[i].due < h[j].due }
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
