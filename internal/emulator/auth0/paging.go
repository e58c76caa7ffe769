package auth0

import (
	"net/url"
	"strconv"
)

const (
	// defaultPerPage is what comes if per_page is not sent, also for take (recordings of ruby-auth0: exactly 50).
	defaultPerPage = 50
	// maxPerPage is the greatest per_page and take (auth0 docs: "up to 100 logs per request").
	maxPerPage = 100
	// windowSize is how many results paging reaches; what lies behind needs the checkpoint (auth0 docs: "Retrieve log
	// events": "a maximum of 1,000 log events").
	windowSize = 1000
)

// paging is the page that a list request asks for.
type paging struct {
	page, perPage int
	totals        bool
}

// parsePaging reads page, per_page and include_totals; limit makes the answer to a page that reaches beyond the window.
// The rule page*per_page+per_page <= 1000 is that of the search engine behind it; for sizes that do not divide 1,000 it
// is unverified.
func parsePaging(q url.Values, limit func(page int) apiError) (paging, *apiError) {
	p := paging{perPage: defaultPerPage}
	var e *apiError
	if p.page, e = intParam(q, "page", 0, 0, 1<<30, "Page index of the results to return. First page is 0"); e != nil {
		return p, e
	}
	if p.perPage, e = intParam(q, "per_page", defaultPerPage, 1, maxPerPage, "Number of results per page. Defaults to 50"); e != nil {
		return p, e
	}
	if p.totals, e = boolParam(q, "include_totals", false, "Return results inside an object that contains the total result count (true) or as a direct array of results (false, default)"); e != nil {
		return p, e
	}
	if (p.page+1)*p.perPage > windowSize {
		bad := limit(p.page)
		return p, &bad
	}
	return p, nil
}

// intParam reads a whole number between least and most, or def if it is absent.
func intParam(q url.Values, name string, def, least, most int, description string) (int, *apiError) {
	s := q.Get(name)
	if s == "" {
		return def, nil
	}
	n, err := strconv.Atoi(s)
	var bad apiError
	switch {
	case err != nil:
		bad = errQuery("Expected type integer but found type string", name, description)
	case n < least:
		bad = errQuery("Value "+strconv.Itoa(n)+" is less than minimum "+strconv.Itoa(least), name, description)
	case n > most:
		bad = errQuery("Value "+strconv.Itoa(n)+" is greater than maximum "+strconv.Itoa(most), name, description)
	default:
		return n, nil
	}
	return 0, &bad
}

// boolParam reads true or false, or def if it is absent.
func boolParam(q url.Values, name string, def bool, description string) (bool, *apiError) {
	switch q.Get(name) {
	case "":
		return def, nil
	case "true":
		return true, nil
	case "false":
		return false, nil
	}
	bad := errQuery("Expected type boolean but found type string", name, description)
	return def, &bad
}

// bounds is the part of a list of n elements that the page shows.
func (p paging) bounds(n int) (from, to int) {
	return min(p.page*p.perPage, n), min((p.page+1)*p.perPage, n)
}
