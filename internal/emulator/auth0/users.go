package auth0

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"

	"github.com/userlog/userlog-otel/internal/emulator/cloud"
)

// userElement is a user as the API shows them, with the fields that a lister of logs can need.
type userElement struct {
	CreatedAt  string     `json:"created_at,omitempty"`
	Email      string     `json:"email,omitempty"`
	Identities []identity `json:"identities,omitempty"`
	UserID     string     `json:"user_id,omitempty"`
	LastLogin  string     `json:"last_login,omitempty"`
	Blocked    bool       `json:"blocked,omitempty"`
}

type identity struct {
	Connection string `json:"connection"`
	Provider   string `json:"provider"`
	UserID     string `json:"user_id"`
	IsSocial   bool   `json:"isSocial"`
}

// timeFormat is that of every time in the API: UTC, three digits of the second, Z.
const timeFormat = "2006-01-02T15:04:05.000Z"

// serveUsers answers GET /api/v2/users: the users who were added or have a log, as far as q, sort, fields and
// include_fields ask for them. Paging ends at 1,000 users (auth0 docs: "List and search users").
func (t *Tenant) serveUsers(w http.ResponseWriter, r *http.Request) {
	u, bad := parseUserList(r.URL.Query())
	if bad != nil {
		writeError(w, *bad)
		return
	}
	page, total, status := t.store.findUsers(u.search, u.order, u.paging)
	if status != 0 {
		writeStatus(w, errorForUsers(status))
		return
	}
	elements := make([]json.RawMessage, len(page))
	for i, user := range page {
		elements[i] = cloud.Encode(user.only(u.fields))
	}
	writeEntries(w, u.paging, "users", total, elements)
}

// userList is what a request for the list of users asks for.
type userList struct {
	paging paging
	order  ordering
	fields fieldChoice
	search userCriteria
}

func parseUserList(q url.Values) (u userList, bad *apiError) {
	if u.paging, bad = parsePaging(q, func(int) apiError { return errUsersWindow }); bad != nil {
		return u, bad
	}
	if u.order, bad = parseSort(q, userSort); bad != nil {
		return u, bad
	}
	if u.fields, bad = parseFields(q); bad != nil {
		return u, bad
	}
	u.search, bad = parseUserSearch(q)
	return u, bad
}

// serveUser answers GET /api/v2/users/{id}.
func (t *Tenant) serveUser(w http.ResponseWriter, r *http.Request) {
	t.store.mu.RLock()
	u, found := t.store.users[r.PathValue("id")]
	var status int
	var body userElement
	if found {
		status, body = u.status, u.element()
	}
	t.store.mu.RUnlock()
	switch {
	case !found:
		writeError(w, errUserUnknown)
	case status != 0:
		writeStatus(w, errorForStatus(status))
	default:
		writeJSON(w, http.StatusOK, body)
	}
}

// element is the user as the API shows them. The lock of the store must be held.
func (u *userLog) element() userElement {
	provider, id, _ := strings.Cut(u.ID, "|")
	out := userElement{
		CreatedAt: u.CreatedAt.Format(timeFormat),
		Email:     u.Email,
		Identities: []identity{{
			Connection: u.Connection, Provider: provider, UserID: id, IsSocial: strings.Contains(provider, "oauth2"),
		}},
		UserID:  u.ID,
		Blocked: u.Blocked,
	}
	if last := u.lastLogin(); !last.IsZero() {
		out.LastLogin = last.Format(timeFormat)
	}
	return out
}

// only is the user with the members that are to be shown.
func (u userElement) only(c fieldChoice) userElement {
	for name, member := range map[string]*string{
		"created_at": &u.CreatedAt, "email": &u.Email, "user_id": &u.UserID, "last_login": &u.LastLogin,
	} {
		if !c.shows(name) {
			*member = ""
		}
	}
	if !c.shows("identities") {
		u.Identities = nil
	}
	u.Blocked = u.Blocked && c.shows("blocked")
	return u
}
