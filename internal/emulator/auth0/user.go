package auth0

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/userlog/userlog-otel/internal/emulator/cloud"
)

// User is a user of the tenant. Times are shown to the millisecond.
type User struct {
	ID string
	// CreatedAt is the tenant's now if it is zero.
	CreatedAt time.Time
	// LastLogin is, if it is zero, the date of the newest entry of the user's log; without a log there is none.
	LastLogin time.Time
	// Connection is, if it is empty, that which the id names, as in waad|CONNECTION|id, or which is usual for its provider.
	Connection string
	Email      string
	Blocked    bool
}

// userLog is what the tenant knows of one user.
type userLog struct {
	User
	log    log
	status int
}

// AddUser makes users known to the list of users; one who is known already keeps the log and gets the rest. It is cheap
// for many at once.
func (t *Tenant) AddUser(users ...User) {
	now := t.now()
	t.store.mu.Lock()
	defer t.store.mu.Unlock()
	t.store.put(users, now)
}

// AddUsers makes users known, with empty logs, to the list of users; those already known stay as they are.
func (t *Tenant) AddUsers(ids ...string) {
	now := t.now()
	t.store.mu.Lock()
	defer t.store.mu.Unlock()
	var unknown []User
	for _, id := range ids {
		if t.store.users[id] == nil {
			unknown = append(unknown, User{ID: id})
		}
	}
	t.store.put(unknown, now)
}

// SetUserStatus makes every request about this user, their log included, fail with the HTTP status and Auth0's body
// for it: 404 for a deleted user, 403 for a missing right. 0 is normal again. A user with 404 is not listed either.
func (t *Tenant) SetUserStatus(user string, status int) {
	now := t.now()
	t.store.mu.Lock()
	defer t.store.mu.Unlock()
	t.store.user(user, now).status = status
}

// SetUsersStatus makes every request for the list of users fail with the HTTP status and Auth0's body for it: 403 if the
// scope read:users is missing, 503 if a query takes more than two seconds. 0 is normal again.
func (t *Tenant) SetUsersStatus(status int) {
	t.store.mu.Lock()
	defer t.store.mu.Unlock()
	t.store.listStatus = status
}

// Users returns the ids of all users who were added or have a log, in the order in which they became known.
func (t *Tenant) Users() []string {
	t.store.mu.RLock()
	defer t.store.mu.RUnlock()
	ids := make([]string, len(t.store.order))
	for i, u := range t.store.order {
		ids[i] = u.ID
	}
	return ids
}

// user returns the user, made now if unknown. The lock must be held.
func (s *store) user(id string, now time.Time) *userLog {
	if s.users[id] == nil {
		s.put([]User{{ID: id}}, now)
	}
	return s.users[id]
}

// put adds users, or changes those who are known. The lock must be held.
func (s *store) put(users []User, now time.Time) {
	placed, moved := make(map[*userLog]bool, len(users)), false
	for _, u := range users {
		u.CreatedAt, u.LastLogin = shown(cmp.Or(u.CreatedAt, now)), shown(u.LastLogin)
		u.Connection = cmp.Or(u.Connection, connectionOf(u.ID))
		l := s.users[u.ID]
		if moved = moved || l != nil; l == nil {
			l = &userLog{}
			s.users[u.ID] = l
			s.order = append(s.order, l)
		}
		l.User = u
		placed[l] = true
	}
	if moved {
		s.byCreated = slices.DeleteFunc(s.byCreated, func(l *userLog) bool { return placed[l] })
	}
	s.byCreated = cloud.Merge(s.byCreated, slices.Collect(maps.Keys(placed)), byCreated)
}

// shown is a time as the API shows it, and as it therefore compares.
func shown(t time.Time) time.Time { return t.UTC().Truncate(time.Millisecond) }

// connectionOf is the connection of a user with such an id: in ids of enterprise connections it stands in the middle, a
// social connection is called as its provider, and the database connection that a tenant begins with has this name.
func connectionOf(id string) string {
	switch parts := strings.Split(id, "|"); {
	case len(parts) > 2:
		return parts[1]
	case parts[0] == "auth0":
		return "Username-Password-Authentication"
	default:
		return parts[0]
	}
}

// byCreated orders users by the time of their creation, those of one time by id (that order of the vendor is unverified).
func byCreated(a, b *userLog) int {
	return cmp.Or(a.CreatedAt.Compare(b.CreatedAt), cmp.Compare(a.ID, b.ID))
}

// lastLogin is when the user logged in last; zero if never. The lock must be held.
func (u *userLog) lastLogin() time.Time {
	if n := len(u.log.byDate); n > 0 && u.LastLogin.IsZero() {
		return shown(u.log.byDate[n-1].date)
	}
	return u.LastLogin
}
