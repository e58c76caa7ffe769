package canvas

import (
	"context"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/userlog/userlog-otel/receiver/internal/source"
)

// The kinds of logs, as they are called in subjects and in the paths of requests (Canvas LMS, "Authentications Log API").
const (
	kindUsers    = "users"
	kindAccounts = "accounts"
	kindLogins   = "logins"
)

// subjectOf names a log: users/3, accounts/1 or logins/sis_login_id:abc.
func subjectOf(kind, id string) source.Subject { return source.Subject(kind + "/" + id) }

func parts(s source.Subject) (kind, id string) {
	kind, id, _ = strings.Cut(string(s), "/")
	return kind, id
}

// Whose names the attribute of records that tells whose log a subject is, and its value.
func Whose(s source.Subject) (name, value string) {
	kind, id := parts(s)
	switch kind {
	case kindAccounts:
		return "canvas.account.id", id
	case kindLogins:
		return "canvas.login.id", id
	}
	return "user.id", id
}

// isNumber tells an id of Canvas's own from a name for one, such as self or sis_user_id:abc.
func isNumber(id string) bool {
	return id != "" && !strings.ContainsFunc(id, func(r rune) bool { return r < '0' || r > '9' })
}

// pathOf is the path of a log, percent-encoded. logins is what the installation calls logins there.
func pathOf(s source.Subject, logins string) string {
	kind, id := parts(s)
	if kind == kindLogins {
		kind = logins
	}
	return logsPath + kind + "/" + url.PathEscape(id)
}

const logsPath = "/api/v1/audit/authentication/"

// linkedAs tells whether a path that an answer links to is that of a log. Canvas knows several names for one thing: it
// may call logins pseudonyms, and give the number of what was asked for by another name, with the number of its shard
// where that is another one, as in 2107~362.
func linkedAs(s source.Subject) func(path string) bool {
	kind, id := parts(s)
	return func(path string) bool {
		rest, ok := strings.CutPrefix(path, logsPath)
		linkedKind, linkedID, _ := strings.Cut(rest, "/")
		sameKind := linkedKind == kind || kind == kindLogins && linkedKind == "pseudonyms"
		return ok && sameKind && (linkedID == url.PathEscape(id) || !isNumber(id) && isNumber(strings.Replace(linkedID, "~", "", 1)))
	}
}

// Logs lists the logs of a configuration. List is for one caller at a time.
type Logs struct {
	users source.Lister
	fixed []source.Subject
	// named are those whose id is a name. They may be the same as others with a number.
	named atomic.Pointer[[]source.Subject]
	kinds int
}

var _ source.Lister = (*Logs)(nil)

// NewLogs makes a list of the logs of the users that a lister names, nil if there are none, and of accounts and logins.
func NewLogs(users source.Lister, accounts, logins []string) *Logs {
	l := &Logs{users: users}
	for _, id := range accounts {
		l.fixed = append(l.fixed, subjectOf(kindAccounts, id))
	}
	for _, id := range logins {
		l.fixed = append(l.fixed, subjectOf(kindLogins, id))
	}
	for _, some := range []bool{users != nil, len(accounts) > 0, len(logins) > 0} {
		if some {
			l.kinds++
		}
	}
	slices.Sort(l.fixed)
	l.fixed = slices.Compact(l.fixed)
	l.note(l.fixed)
	return l
}

// List implements source.Lister.
func (l *Logs) List(ctx context.Context) ([]source.Subject, error) {
	if l.users == nil {
		return l.fixed, nil
	}
	users, err := l.users.List(ctx)
	if err != nil && users == nil && len(l.fixed) == 0 {
		return nil, err
	}
	all := slices.Clone(l.fixed)
	for _, id := range users {
		all = append(all, subjectOf(kindUsers, string(id)))
	}
	l.note(all)
	return all, err
}

func (l *Logs) note(all []source.Subject) {
	var named []source.Subject
	for _, s := range all {
		if _, id := parts(s); !isNumber(id) {
			named = append(named, s)
		}
	}
	l.named.Store(&named)
}

// Overlap tells whether one event can be in several of the logs. It has one user, one login and one account, so logs of
// one kind share none, unless a log has two names.
func (l *Logs) Overlap() bool { return l.kinds > 1 || len(*l.named.Load()) > 0 }
