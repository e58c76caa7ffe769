package kobil

import (
	"cmp"
	"encoding/json"
	"math"
	"net/http"
	"slices"
	"sort"
	"strconv"
	"sync"

	"github.com/userlog/userlog-otel/internal/emulator/cloud"
)

// row is one entry of a log. It is never changed, so it may be read without a lock.
type row struct {
	raw json.RawMessage
	// place is the entry's id, where that is an integer. Without one it is the place of what was on top of the log when
	// the entry was published, and arrival keeps the entry above that for ever.
	place   int64
	arrival int
	// numbered tells that place is the entry's own id.
	numbered bool
}

// byPlace orders rows as a log does, the last one served first.
func byPlace(a, b *row) int {
	return cmp.Or(cmp.Compare(a.place, b.place), cmp.Compare(a.arrival, b.arrival))
}

// idOf is the text of an entry's id, and its value where it is a JSON integer.
func idOf(raw json.RawMessage) (text string, id int64, integer bool, err error) {
	var f struct {
		ID json.RawMessage `json:"id"`
	}
	if err := cloud.Unmarshal(raw, &f); err != nil {
		return "", 0, false, err
	}
	if id, err := strconv.ParseInt(string(f.ID), 10, 64); err == nil {
		return string(f.ID), id, true, nil
	}
	return cloud.Text(f.ID), 0, false, nil
}

// userLog is what the installation knows of one user.
type userLog struct {
	// rows stand in ascending order: the log is served from the end, and grows there.
	rows     []*row
	arrivals int
	status   int
}

// add puts rows, in the order in which they arrive, where they belong.
func (l *userLog) add(rows []*row) {
	top := int64(math.MinInt64)
	if n := len(l.rows); n > 0 {
		top = l.rows[n-1].place
	}
	for _, r := range rows {
		if !r.numbered {
			r.place = top
		}
		top = max(top, r.place)
		l.arrivals++
		r.arrival = l.arrivals
	}
	l.rows = cloud.Merge(l.rows, rows, byPlace)
}

// remove takes out all rows with this id, and tells whether there was one.
func (l *userLog) remove(id string) bool {
	if number, err := strconv.ParseInt(id, 10, 64); err == nil {
		from := sort.Search(len(l.rows), func(i int) bool { return l.rows[i].place >= number })
		to := sort.Search(len(l.rows), func(i int) bool { return l.rows[i].place > number })
		if l.cut(from, to, func(r *row) bool { return r.numbered }) {
			return true
		}
	}
	return l.cut(0, len(l.rows), func(r *row) bool {
		if r.numbered {
			return false
		}
		text, _, _, err := idOf(r.raw)
		return err == nil && text != "" && text == id
	})
}

// cut takes the rows that match out of a part of the log, and tells whether there was one.
func (l *userLog) cut(from, to int, match func(*row) bool) bool {
	kept := slices.DeleteFunc(slices.Clone(l.rows[from:to]), match)
	if len(kept) == to-from {
		return false
	}
	l.rows = slices.Replace(l.rows, from, to, kept...)
	return true
}

// store holds all logs behind one lock. Rows handed out are immutable, slices of the logs are not: copy under the lock.
type store struct {
	mu    sync.RWMutex
	users map[string]*userLog
	// order is the names in the order in which they became known.
	order []string
}

// user returns the log of the user, made now if unknown. The lock must be held.
func (s *store) user(name string) *userLog {
	l := s.users[name]
	if l == nil {
		l = &userLog{}
		s.users[name] = l
		s.order = append(s.order, name)
	}
	return l
}

// page copies up to limit entries, offset from the newest on; total is the length of the log. status is that of the
// user: 404 if unknown, 0 if there is nothing special.
func (s *store) page(user string, offset, limit int) (entries []json.RawMessage, total, status int) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	l := s.users[user]
	if l == nil {
		return nil, 0, http.StatusNotFound
	}
	if l.status != 0 {
		return nil, 0, l.status
	}
	n := len(l.rows)
	last := n - min(offset, n)
	for i := last - 1; i >= last-min(limit, last); i-- {
		entries = append(entries, l.rows[i].raw)
	}
	return entries, n, 0
}
