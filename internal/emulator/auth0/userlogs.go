package auth0

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// serveUserLogs answers GET /api/v2/users/{id}/logs. A user who is not known has an empty log: 200 [] (unverified: the
// list is probably a search by user_id). It knows no time filter and no checkpoint: from, take and q are ignored.
func (t *Tenant) serveUserLogs(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	p, bad := parsePaging(q, errLogsWindow)
	if bad != nil {
		writeError(w, *bad)
		return
	}
	order, bad := parseSort(q, logSort)
	if bad != nil {
		writeError(w, *bad)
		return
	}
	page, total, status := t.store.userPage(r.PathValue("id"), order, p)
	if status != 0 {
		writeStatus(w, errorForStatus(status))
		return
	}
	w.Header().Set("Link", userLogsLink(r, p, total))
	writeEntries(w, p, "logs", len(page), rawOf(page))
}

// userPage is the page of a user's log, the length of the whole log, and the status that was set for the user.
func (s *store) userPage(id string, order ordering, p paging) (page []*entry, total, status int) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	u := s.users[id]
	if u == nil {
		return nil, 0, 0
	}
	if u.status != 0 {
		return nil, 0, u.status
	}
	entries, reversed := order.list(&u.log)
	return cut(entries, reversed, p), len(entries), 0
}

// userLogsLink is the Link header as it was recorded in 2019 and 2021: first and last only, and with http:// URLs
// although the tenant is reached by https (ruby-auth0, recordings of user_logs).
func userLogsLink(r *http.Request, p paging, total int) string {
	last := min(max((total-1)/p.perPage, 0), windowSize/p.perPage-1)
	base := "http://" + r.Host + r.URL.EscapedPath() + "?" + queryWithoutPage(r.URL.RawQuery)
	return "<" + base + "page=0>; rel=\"first\", <" + base + "page=" + strconv.Itoa(last) + ">; rel=\"last\""
}

// queryWithoutPage is the query as it was sent, without page, ready for a further parameter.
func queryWithoutPage(raw string) string {
	var b strings.Builder
	for pair := range strings.SplitSeq(raw, "&") {
		name, _, _ := strings.Cut(pair, "=")
		if n, err := url.QueryUnescape(name); pair == "" || (err == nil && n == "page") {
			continue
		}
		b.WriteString(pair + "&")
	}
	return b.String()
}

// writeStatus sends an error that a test ordered.
func writeStatus(w http.ResponseWriter, e apiError) {
	if e.StatusCode == http.StatusTooManyRequests {
		w.Header().Set("Retry-After", "1")
	}
	writeError(w, e)
}
