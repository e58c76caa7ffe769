package rest

import (
	"net/http"
	"time"
)

// Limit is what an answer tells of the API's limit.
type Limit struct {
	// Limit and Remaining are in requests of a window. Of an API that counts what requests cost, Remaining is in its own
	// units, and Limit is 0.
	Limit, Remaining float64
	// Resets is when the window ends, by the local clock; zero if the API does not tell.
	Resets time.Time
}

// ReadLimit reads the headers of an answer; false if they tell nothing.
func ReadLimit(h http.Header, date, now time.Time) (Limit, bool) {
	said := readLimits(h, date, now)
	switch {
	case said.quota.known:
		return Limit{Limit: said.quota.limit, Remaining: said.quota.remaining, Resets: said.quota.resets}, true
	case said.draught.known:
		return Limit{Remaining: said.draught.left}, true
	}
	return Limit{}, false
}

// Throttles tells whether an answer asks for fewer requests. It leaves the body to be read.
func Throttles(resp *http.Response) bool { return isThrottle(resp) }
