package auth0

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
)

// user is an element of GET /api/v2/users, with the fields that a lister of logs can need.
type user struct {
	UserID     string     `json:"user_id"`
	CreatedAt  string     `json:"created_at"`
	LastLogin  string     `json:"last_login,omitempty"`
	Identities []identity `json:"identities"`
}

type identity struct {
	Provider string `json:"provider"`
	UserID   string `json:"user_id"`
	IsSocial bool   `json:"isSocial"`
}

// timeFormat is that of every time in the API: UTC, three digits of the second, Z.
const timeFormat = "2006-01-02T15:04:05.000Z"

// serveUsers answers GET /api/v2/users: the users who were added or have a log, in the order in which they became
// known. q, sort and fields are ignored. Paging ends at 1,000 users (auth0 docs: "List and search users").
func (t *Tenant) serveUsers(w http.ResponseWriter, r *http.Request) {
	p, bad := parsePaging(r.URL.Query(), func(int) apiError { return errUsersWindow })
	if bad != nil {
		writeError(w, *bad)
		return
	}
	page, total := t.store.userList(p)
	writeEntries(w, p, "users", total, page)
}

func (s *store) userList(p paging) (page []json.RawMessage, total int) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	listed := slices.DeleteFunc(slices.Clone(s.order), func(u *userLog) bool { return u.status == http.StatusNotFound })
	from, to := p.bounds(len(listed))
	for _, u := range listed[from:to] {
		raw, err := json.Marshal(u.element())
		if err == nil { // strings only: cannot fail
			page = append(page, raw)
		}
	}
	return page, len(listed)
}

// serveUser answers GET /api/v2/users/{id}.
func (t *Tenant) serveUser(w http.ResponseWriter, r *http.Request) {
	t.store.mu.RLock()
	u, found := t.store.users[r.PathValue("id")]
	var status int
	var body user
	if found {
		status, body = u.status, u.element()
	}
	t.store.mu.RUnlock()
	switch {
	case !found:
		writeError(w, errUserUnknown)
	case status != 0:
		writeStatus(w, status)
	default:
		writeJSON(w, http.StatusOK, body)
	}
}

// element is the user as the API shows it. The lock of the store must be held.
func (u *userLog) element() user {
	provider, id, _ := strings.Cut(u.id, "|")
	out := user{
		UserID:     u.id,
		CreatedAt:  u.created.UTC().Format(timeFormat),
		Identities: []identity{{Provider: provider, UserID: id, IsSocial: strings.Contains(provider, "oauth2")}},
	}
	if n := len(u.log.byDate); n > 0 {
		if last := u.log.byDate[n-1].date; !last.IsZero() {
			out.LastLogin = last.UTC().Format(timeFormat)
		}
	}
	return out
}
