package canvas

import (
	"slices"
	"sort"
	"sync"

	"github.com/userlog/userlog-otel/internal/emulator/cloud"
)

// eventLog is what the installation knows of one subject.
type eventLog struct {
	// records stand in ascending order: the log is served from the end, and grows there.
	records []*record
	status  int
}

// store holds all logs, and what events link to, behind one lock. Records handed out are immutable, slices of the logs
// are not: copy under the lock.
type store struct {
	mu     sync.RWMutex
	logs   map[string]*eventLog
	last   int64 // number of the newest record
	linked directory
}

// log returns the log of the subject, made now if unknown. The lock must be held.
func (s *store) log(subject string) *eventLog {
	l := s.logs[subject]
	if l == nil {
		l = &eventLog{}
		s.logs[subject] = l
	}
	return l
}

// add numbers the records and puts each into the logs of its subjects.
func (s *store) add(records []*record, subjects func(*record) []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	batches := map[string][]*record{}
	for _, r := range records {
		s.last++
		r.number = s.last
		for _, subject := range subjects(r) {
			batches[subject] = append(batches[subject], r)
		}
	}
	for subject, batch := range batches {
		l := s.log(subject)
		l.records = cloud.Merge(l.records, batch, byTime)
	}
}

// remove takes the records with this id out of all logs.
func (s *store) remove(id string) (found bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, l := range s.logs {
		n := len(l.records)
		l.records = slices.DeleteFunc(l.records, func(r *record) bool { return id != "" && r.ID == id })
		found = found || len(l.records) < n
	}
	return found
}

// page returns up to limit of the records in the range, the newest first, and whether there are more. It must be called
// with the lock held.
func (l *eventLog) page(in span, limit int) (records []*record, more bool) {
	from, to := in.bounds(l.records)
	first := max(from, to-limit)
	records = slices.Clone(l.records[first:to])
	slices.Reverse(records)
	return records, first > from
}

// span is the part of a log that a request asks for.
type span struct {
	start, end *int64    // Unix seconds, both inclusive; nil: open
	before     *bookmark // exclusive; nil: from the newest on
}

// bounds are the first record in the span and the one behind its last, in ascending order.
func (s span) bounds(records []*record) (from, to int) {
	to = len(records)
	if s.end != nil {
		to = sort.Search(to, func(i int) bool { return records[i].second > *s.end })
	}
	if s.before != nil {
		to = sort.Search(to, func(i int) bool { return !s.before.follows(records[i]) })
	}
	if s.start != nil {
		from = sort.Search(to, func(i int) bool { return records[i].second >= *s.start })
	}
	return from, to
}
