package auth0

import (
	"slices"
	"sort"
	"sync"
	"time"

	"github.com/userlog/userlog-otel/internal/emulator/cloud"
)

// log holds the same entries twice, each slice sorted ascending: the lists of the API are read from either end.
type log struct {
	byDate []*entry
	byID   []*entry
}

func (l *log) add(batch []*entry) {
	l.byDate = cloud.Merge(l.byDate, batch, byDate)
	l.byID = cloud.Merge(l.byID, batch, byID)
}

func (l *log) remove(match func(*entry) bool) bool {
	n := len(l.byID)
	l.byDate = slices.DeleteFunc(l.byDate, match)
	l.byID = slices.DeleteFunc(l.byID, match)
	return len(l.byID) < n
}

// userLog is what the tenant knows of one user.
type userLog struct {
	id      string
	log     log
	status  int
	created time.Time
}

// store holds all logs behind one lock. Entries handed out are immutable, slices of the logs are not: copy under the
// lock.
type store struct {
	mu     sync.RWMutex
	tenant log
	users  map[string]*userLog
	// order is the users in the order in which they became known.
	order []*userLog
}

// user returns the user, made now if unknown. The lock must be held.
func (s *store) user(id string, now time.Time) *userLog {
	u := s.users[id]
	if u == nil {
		u = &userLog{id: id, created: now}
		s.users[id] = u
		s.order = append(s.order, u)
	}
	return u
}

// find returns the entry with this id, or nil.
func (s *store) find(id string) *entry {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if i := after(s.tenant.byID, id) - 1; i >= 0 && s.tenant.byID[i].id == id {
		return s.tenant.byID[i]
	}
	return nil
}

// after is the index of the first entry of sorted (by id) whose id is greater.
func after(sorted []*entry, id string) int {
	return sort.Search(len(sorted), func(i int) bool { return sorted[i].id > id })
}
