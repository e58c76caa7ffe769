package canvas

import (
	"strconv"
	"strings"
)

// directory is what events link to.
type directory struct {
	users     map[int64]string
	logins    map[int64]login
	accounts  map[int64]string
	pageViews map[string]pageView
}

type login struct {
	user, account int64
	uniqueID      string
}

type pageView struct{ remoteIP, userAgent, sessionID, url string }

// AddUser makes a user known: events link to it, and its log is there.
func (i *Installation) AddUser(id int64, name string) {
	i.know(subject(users, id), func(d *directory) { d.users[id] = name })
}

// AddLogin makes a login of a user in an account known, with the name that is typed in, as [Installation.AddUser].
func (i *Installation) AddLogin(id, userID, accountID int64, uniqueID string) {
	i.know(subject(logins, id), func(d *directory) { d.logins[id] = login{userID, accountID, uniqueID} })
}

// AddAccount makes an account known, as [Installation.AddUser].
func (i *Installation) AddAccount(id int64, name string) {
	i.know(subject(accounts, id), func(d *directory) { d.accounts[id] = name })
}

// AddPageView makes a page view known, so that events can link to it. A text that is empty is null.
func (i *Installation) AddPageView(id, remoteIP, userAgent, sessionID, url string) {
	i.store.mu.Lock()
	defer i.store.mu.Unlock()
	i.store.linked.pageViews[id] = pageView{remoteIP, userAgent, sessionID, url}
}

func (i *Installation) know(subject string, add func(*directory)) {
	i.store.mu.Lock()
	defer i.store.mu.Unlock()
	add(&i.store.linked)
	i.store.log(subject)
}

// Forget takes "users/3", "logins/5", "accounts/1" or "page_views/ID" out of what events link to. Its log stays; a
// server that deletes a user also answers 404 for it, see [Installation.SetStatus].
func (i *Installation) Forget(subject string) {
	kind, id, _ := strings.Cut(subject, "/")
	i.store.mu.Lock()
	defer i.store.mu.Unlock()
	d := &i.store.linked
	n, err := strconv.ParseInt(id, 10, 64)
	switch {
	case kind == pageViews:
		delete(d.pageViews, id)
	case err != nil: // no such id
	case kind == users:
		delete(d.users, n)
	case kind == logins:
		delete(d.logins, n)
	case kind == accounts:
		delete(d.accounts, n)
	}
}

// document is the compound document around the events.
type document struct {
	Logins    []any `json:"logins"`
	Accounts  []any `json:"accounts"`
	Users     []any `json:"users"`
	PageViews []any `json:"page_views"`
}

// linkedTo collects what the records link to, each once. Accounts are those of the logins, not those of the events, so
// an event whose login is gone links to none (canvas-lms, lib/api/v1/authentication_event.rb). The lock of the store must
// be held.
func (d *directory) linkedTo(records []*record, v view) document {
	out := document{Logins: []any{}, Accounts: []any{}, Users: []any{}, PageViews: []any{}}
	seen := map[string]bool{}
	once := func(subject string) bool {
		again := seen[subject]
		seen[subject] = true
		return !again
	}
	for _, r := range records {
		if l, ok := d.logins[r.Login]; ok && once(subject(logins, r.Login)) {
			out.Logins = append(out.Logins, v.login(r.Login, l))
			if name, ok := d.accounts[l.account]; ok && once(subject(accounts, l.account)) {
				out.Accounts = append(out.Accounts, v.account(l.account, name))
			}
		}
		if name, ok := d.users[r.User]; ok && once(subject(users, r.User)) {
			out.Users = append(out.Users, v.user(r.User, name))
		}
		if p, ok := d.pageViews[r.PageView]; ok && once(pageViews+"/"+r.PageView) {
			out.PageViews = append(out.PageViews, v.pageView(r.PageView, p, r.User))
		}
	}
	return out
}
