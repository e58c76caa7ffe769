package auth0

import (
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/userlog/userlog-otel/receiver/internal/source"
)

// usersPerPage is the most that Auth0 gives at once.
const usersPerPage = 100

// searchPages is how far the pages of one search were read.
type searchPages struct {
	userSearch
	span     pageSpan       // the next page
	read     int            // rows
	last     source.Subject // of those rows the last, if it has an id
	created  time.Time      // of the last row of the last page whose last row tells
	total    int            // of users, as the last page told it; -1 if it did not
	fresh    int            // users whom no search before had given
	odd      int            // elements without an id, whom no search before had given either
	restarts int
	notGiven int // by the search before, of its total; below 0 if that is not known
}

func pagesOf(s userSearch) searchPages {
	return searchPages{userSearch: s, span: pageSpan{perPage: usersPerPage}, created: s.from.at, total: -1}
}

// parameters ask for the next page. The total is for telling how many cannot be had.
func (s *searchPages) parameters() url.Values {
	v := url.Values{
		"page":           {strconv.Itoa(s.span.page)},
		"per_page":       {strconv.Itoa(s.span.perPage)},
		"include_totals": {"true"},
		"sort":           {"created_at:1"},
		"fields":         {"user_id,created_at"},
		"include_fields": {"true"},
		"search_engine":  {"v3"},
	}
	if text := s.text(); text != "" {
		v.Set("q", text)
	}
	return v
}

// joins tells whether a page follows on the rows read without a hole: the last of those is on it, too. If users vanish,
// those below them move up, and some of them maybe to a page that was read before.
func (s *searchPages) joins(rows []userRow) bool {
	return s.last == "" || slices.ContainsFunc(rows, func(row userRow) bool { return row.id == s.last })
}

// restart begins the search anew. Whom it gives again is known.
func (s *searchPages) restart() {
	anew := pagesOf(s.userSearch)
	anew.fresh, anew.restarts, anew.notGiven = s.fresh, s.restarts+1, s.notGiven
	*s = anew
}
