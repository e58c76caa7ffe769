package auth0

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/userlog/userlog-otel/internal/emulator/cloud"
)

// serveLogs answers GET /api/v2/logs: by checkpoint if from is sent, then everything else but take is ignored; by
// search criteria otherwise, then take is ignored (auth0 docs: "Retrieve log events"; auth0-simple-exporter#137).
func (t *Tenant) serveLogs(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	if from := q.Get("from"); from != "" {
		t.serveCheckpoint(w, r, from, q)
		return
	}
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
	c, bad := parseSearch(q.Get("q"))
	if bad != nil {
		writeError(w, *bad)
		return
	}
	page := t.store.search(c, order, p)
	writeEntries(w, p, "logs", len(page), rawOf(page))
}

// search is a page of the entries that match.
func (s *store) search(c criteria, order ordering, p paging) []*entry {
	s.mu.RLock()
	defer s.mu.RUnlock()
	l := &s.tenant
	if c.user != "" {
		u := s.users[c.user]
		if u == nil {
			return nil
		}
		l = &u.log
	}
	if c.date.bounded() {
		dated := within(c.date, l.byDate, func(e *entry) time.Time { return e.date })
		l = &log{byDate: dated, byID: dated}
		if order.field != "date" {
			l.byID = slices.SortedStableFunc(slices.Values(dated), byID)
		}
	}
	entries, reversed := order.list(l)
	return cut(entries, reversed, p)
}

// serveCheckpoint answers the entries after from, which need not exist unless a test says so, in ascending order of
// log_id, without the window of 1,000. Link next names the last of this page, or from again if there is none: it never ends
// (recordings of go-auth0 and ruby-auth0; auth0 docs). Its scheme is that of the request, as recorded (https there).
func (t *Tenant) serveCheckpoint(w http.ResponseWriter, r *http.Request, from string, q url.Values) {
	take, bad := intParam(q, "take", defaultPerPage, 1, maxPerPage, "Number of entries to retrieve. Default 50, max 100")
	if bad != nil {
		writeError(w, *bad)
		return
	}
	page, status := t.store.after(from, take)
	if status != 0 {
		writeError(w, errorForCheckpoint(status))
		return
	}
	if len(page) > 0 {
		from = page[len(page)-1].id
	}
	w.Header().Set("Link", "<"+cloud.Origin(r)+r.URL.EscapedPath()+"?from="+url.QueryEscape(from)+
		"&take="+strconv.Itoa(take)+">; rel=\"next\"")
	writeEntries(w, paging{}, "logs", 0, rawOf(page))
}

// after copies up to take entries with an id greater than from. The status is that with which from is refused, or 0.
func (s *store) after(from string, take int) (page []*entry, status int) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if status := s.refusal(from); status != 0 {
		return nil, status
	}
	i := after(s.tenant.byID, from)
	return slices.Clone(s.tenant.byID[i:min(i+take, len(s.tenant.byID))]), 0
}

// serveLog answers GET /api/v2/logs/{id}.
func (t *Tenant) serveLog(w http.ResponseWriter, r *http.Request) {
	t.store.mu.RLock()
	e := t.store.find(r.PathValue("id"))
	t.store.mu.RUnlock()
	if e == nil {
		writeError(w, errLogUnknown)
		return
	}
	writeBody(w, http.StatusOK, e.raw)
}
