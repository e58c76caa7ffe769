package kobil

import (
	"net/http"
	"net/url"
	"strconv"
)

// serveLog answers GET of a user's log: limit entries, offset from the newest on. There is no time filter.
func (i *Installation) serveLog(w http.ResponseWriter, user string, q url.Values) {
	limit, ok := intParam(q, "limit", i.options.DefaultLimit)
	offset, alsoOK := intParam(q, "offset", 0)
	if !ok || !alsoOK {
		writeJSON(w, http.StatusBadRequest, errBadPaging)
		return
	}
	most := limit
	if i.options.MaxLimit > 0 {
		most = min(limit, i.options.MaxLimit)
	}
	entries, total, status := i.store.page(user, offset, most)
	if status != 0 {
		writeJSON(w, status, errorForStatus(status))
		return
	}
	i.writePage(w, page{
		filter:  filter{DeviceID: "null", Limit: limit, Offset: offset, UserID: user},
		entries: entries,
		more:    offset < total-len(entries),
	})
}

// intParam reads a whole number from 0 on, or def if it is absent. What the real API says to other values is unverified.
func intParam(q url.Values, name string, def int) (n int, ok bool) {
	s := q.Get(name)
	if s == "" {
		return def, true
	}
	n, err := strconv.Atoi(s)
	return n, err == nil && n >= 0
}
