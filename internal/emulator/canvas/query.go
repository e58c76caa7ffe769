package canvas

import (
	"net/url"
	"strconv"
	"time"
)

// query is what a request asks for.
type query struct {
	span

	page    string
	perPage int
}

func (i *Installation) parseQuery(q url.Values) (query, error) {
	out := query{page: firstPage, perPage: DefaultPerPage}
	if q.Has("page") {
		out.page = q.Get("page")
	}
	if q.Has("per_page") {
		out.perPage = parsePerPage(q.Get("per_page"))
	}
	out.perPage = min(out.perPage, i.options.MaxPerPage)
	out.start = parseTime(q.Get("start_time"), i.options.Zone)
	out.end = parseTime(q.Get("end_time"), i.options.Zone)
	var err error
	out.before, err = parsePage(out.page, i.options.Bookmarks)
	return out, err
}

// parsePerPage reads per_page, which is 1 at least, also if it is no number: [per_page.to_i, 1].max (canvas-lms,
// lib/api.rb).
func parsePerPage(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		return 1
	}
	return max(n, 1)
}

// parseTime reads a bound, cut to its second. One that cannot be read is no bound, and nothing says so: a Unix number, or
// an offset whose + was not encoded and arrived as a space (canvas-lms, TimeHelper.try_parse). What forms beyond these
// the server reads is unverified.
func parseTime(s string, zone *time.Location) *int64 {
	for _, layout := range []string{
		time.RFC3339Nano, "2006-01-02 15:04:05 -0700", "2006-01-02T15:04:05", "2006-01-02 15:04:05", "2006-01-02T15:04", time.DateOnly,
	} {
		if t, err := time.ParseInLocation(layout, s, zone); err == nil {
			second := t.Unix()
			return &second
		}
	}
	return nil
}
