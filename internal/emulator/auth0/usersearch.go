package auth0

import (
	"cmp"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
)

// userCriteria is what the emulator understands of q for users.
type userCriteria struct {
	created span // of the first created_at; it stands apart because users are kept in this order
	rest    []func(*userLog) bool
}

// parseUserSearch reads search_engine, of which only v3 is still there, and q: the terms below, joined by AND. Everything
// else is refused with a message that says so; the real search knows more. Texts are compared as they are, but for the
// letter case of e-mail addresses (auth0 docs: "User search query syntax").
func parseUserSearch(q url.Values) (userCriteria, *apiError) {
	if engine := q.Get("search_engine"); engine != "" && engine != "v3" {
		bad := errQuery("No enum match for: "+engine, "search_engine", "The version of the search engine")
		return userCriteria{}, &bad
	}
	const known = `user_id:"...", email:"...", identities.connection:"...", blocked:true, blocked:false, ` +
		`created_at:[a TO b] and last_login:[a TO b]`
	var c userCriteria
	terms, bad := parseTerms(q.Get("q"), known)
	for _, t := range terms {
		if !c.take(t) {
			return c, errSearch(t.sent, known)
		}
	}
	return c, bad
}

func (c *userCriteria) take(t term) bool {
	var holds func(*userLog) bool
	switch {
	case t.field == "created_at" && t.span != nil && !c.created.bounded():
		c.created = *t.span
		return true
	case t.field == "created_at" && t.span != nil:
		holds = func(u *userLog) bool { return t.span.holds(u.CreatedAt) }
	case t.field == "last_login" && t.span != nil:
		holds = func(u *userLog) bool { return t.span.holds(u.lastLogin()) }
	case t.span != nil:
		return false
	case t.field == "user_id":
		holds = func(u *userLog) bool { return u.ID == t.text }
	case t.field == "email":
		holds = func(u *userLog) bool { return strings.EqualFold(u.Email, t.text) }
	case t.field == "identities.connection":
		holds = func(u *userLog) bool { return u.Connection == t.text }
	case t.field == "blocked" && (t.text == "true" || t.text == "false"):
		holds = func(u *userLog) bool { return u.Blocked == (t.text == "true") }
	default:
		return false
	}
	c.rest = append(c.rest, holds)
	return true
}

func (c *userCriteria) holds(u *userLog) bool {
	return !slices.ContainsFunc(c.rest, func(holds func(*userLog) bool) bool { return !holds(u) })
}

// userSort is what the emulator understands of sort for users; the real search sorts by any field of the profile.
var userSort = regexp.MustCompile(`^((created_at)|(user_id)|(last_login))\:(1|-1)$`)

// findUsers is a page of the users who match and are not deleted, the number of all, and the status that was set for the
// list. Without sort they come by the time of their creation (unverified).
func (s *store) findUsers(c userCriteria, order ordering, p paging) (page []userElement, total, status int) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if s.listStatus != 0 {
		return nil, 0, s.listStatus
	}
	created := within(c.created, s.byCreated, func(u *userLog) time.Time { return u.CreatedAt })
	found := make([]*userLog, 0, len(created))
	for _, u := range created {
		if u.status != http.StatusNotFound && c.holds(u) {
			found = append(found, u)
		}
	}
	switch order.field {
	case "user_id":
		slices.SortFunc(found, func(a, b *userLog) int { return cmp.Compare(a.ID, b.ID) })
	case "last_login":
		slices.SortStableFunc(found, func(a, b *userLog) int { return a.lastLogin().Compare(b.lastLogin()) })
	}
	for _, u := range cut(found, order.field != "" && !order.ascending, p) {
		page = append(page, u.element())
	}
	return page, len(found), 0
}
