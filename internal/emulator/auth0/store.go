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

// store holds all logs behind one lock. Entries handed out are immutable, slices of the logs are not: copy under the
// lock.
type store struct {
	mu     sync.RWMutex
	tenant log
	users  map[string]*userLog
	// order is the users in the order in which they became known, byCreated the same by the time of their creation.
	order, byCreated []*userLog
	// expired is the greatest id that retention has taken away.
	expired string
	// expiredFrom and foreignFrom are what a checkpoint is answered that is expired, or no entry's; 0: as any other.
	expiredFrom, foreignFrom int
	// listStatus is what the list of users answers, if it is not 0.
	listStatus int
}

// add puts entries into the logs that they belong to, and makes their users known. The lock must be held.
func (s *store) add(batch []*entry, now time.Time) {
	s.tenant.add(batch)
	var order []string
	byUser := map[string][]*entry{}
	for _, e := range batch {
		if e.user == "" {
			continue
		}
		if byUser[e.user] == nil {
			order = append(order, e.user)
		}
		byUser[e.user] = append(byUser[e.user], e)
	}
	for _, id := range order {
		u := s.user(id, now)
		for _, e := range byUser[id] {
			e.user = u.ID // one text for all
		}
		u.log.add(byUser[id])
	}
}

// find returns the entry with this id, or nil. The lock must be held.
func (s *store) find(id string) *entry {
	if i := after(s.tenant.byID, id) - 1; i >= 0 && s.tenant.byID[i].id == id {
		return s.tenant.byID[i]
	}
	return nil
}

// after is the index of the first entry of sorted (by id) whose id is greater.
func after(sorted []*entry, id string) int {
	return sort.Search(len(sorted), func(i int) bool { return sorted[i].id > id })
}
