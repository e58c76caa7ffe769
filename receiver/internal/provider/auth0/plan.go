package auth0

// MaxResults is how many of the newest entries the API gives by paging; asking beyond them is answered with 400
// ("exceeds the allowed maximum of 1000 records"; auth0 docs, "Retrieve Logs Using the Management API").
const MaxResults = 1000

// pageSpan is one page of a list: perPage rows from row page*perPage on.
type pageSpan struct{ page, perPage int }

func (s pageSpan) start() int { return s.page * s.perPage }
func (s pageSpan) end() int   { return s.start() + s.perPage }

// nextSpan plans the page that follows when the first `read` rows of the list were read.
//
// Rows that vanish pull the rows below them up, so that one could slip from the next page to the one before unseen.
// Each page therefore begins at a row that was read before; if no such row is on it, the list has shifted. As the API
// only gives pages that begin at a multiple of their size, the page that reaches furthest is searched for: 11 requests
// instead of 10 for a full window. With page sizes below 9 there is not always such a page; there, pages follow on each
// other without this proof.
//
// It returns false at the end of what the API gives.
func nextSpan(read, maxPerPage int) (pageSpan, bool) {
	best, found := pageSpan{}, false
	for n := maxPerPage; n > 0; n-- {
		s := pageSpan{page: (read - 1) / n, perPage: n}
		if s.end() > read && s.end() <= MaxResults && (!found || s.end() > best.end()) {
			best, found = s, true
		}
	}
	if found {
		return best, true
	}
	for n := maxPerPage; n > 0; n-- {
		if s := (pageSpan{page: read / n, perPage: n}); s.start() == read && s.end() <= MaxResults {
			return s, true
		}
	}
	return pageSpan{}, false
}
