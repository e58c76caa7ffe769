package auth0

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/userlog/userlog-otel/receiver/internal/rest"
	"github.com/userlog/userlog-otel/receiver/internal/source"
)

// leftOut is who a listing could not list.
type leftOut struct {
	odd       int       // elements without an id
	crowded   int       // of more than 1,000 who were created at one time, those beyond
	uncounted bool      // there may be more of them
	crowdedAt time.Time // the first such time
	stopped   string    // why the listing could not go on; "" if it could
	since     time.Time // and from which time of creation on
	rest      int       // and how many those are; 0 if that is not known
}

// crowd notes that a search was full of users who were created at one time. Those beyond its end are the matches that it
// did not give, less those of the search for what was created later. Numbers below 0 are not known.
// Users who come between the two answers hide as many who are missing; the next listing counts anew.
func (l *leftOut) crowd(at time.Time, notGiven, later int) {
	unknown := notGiven < 0 || later < 0
	if !unknown && notGiven <= later {
		return // it was just full
	}
	if l.crowdedAt.IsZero() {
		l.crowdedAt = at
	}
	if l.uncounted = l.uncounted || unknown; !unknown {
		l.crowded += notGiven - later
	}
}

// problem says who is left out; nil if nobody is.
func (l leftOut) problem() error {
	var texts []string
	if l.odd > 0 {
		texts = append(texts, users(l.odd)+" left out, whose user_id is missing or cannot be part of a path")
	}
	if !l.crowdedAt.IsZero() {
		who := "some users are"
		if !l.uncounted {
			who = users(l.crowded)
		}
		texts = append(texts, who+" left out, because more than 1,000 were created at one time, the first at "+
			searchTime(l.crowdedAt)+", and Auth0 gives no more of them: narrow the search")
	}
	if l.stopped != "" {
		who := "some users are"
		if l.rest > 0 {
			who = users(l.rest)
		}
		who += " left out"
		if !l.since.IsZero() {
			who += ", who were created at " + searchTime(l.since) + " or later"
		}
		texts = append(texts, who+", because "+l.stopped)
	}
	if len(texts) == 0 {
		return nil
	}
	return errors.New(listUsers + ": " + strings.Join(texts, "; ") +
		"; who was listed before stays (the log of the whole tenant, with tenant: true, needs no list)")
}

func users(n int) string {
	if n == 1 {
		return "1 user is"
	}
	return fmt.Sprintf("%d users are", n)
}

// explainSearch adds the cure where the user has one.
func explainSearch(err error) error {
	var e *source.Error
	if !errors.As(err, &e) || e.Op != listUsers { // the request for a token has its own
		return err
	}
	var answered *rest.StatusError
	status := 0
	if errors.As(err, &answered) {
		status = answered.Status
	}
	var cure string
	switch status {
	case http.StatusBadRequest:
		cure = "is query in the syntax of Auth0's user search?"
	case http.StatusUnauthorized:
		cure = "is the token expired, or made for another tenant or audience?"
	case http.StatusForbidden:
		cure = "grant the application the scope read:users"
	case http.StatusNotFound:
		cure = "is the endpoint the tenant's, without a path?"
	case http.StatusRequestURITooLong:
		cure = "make query shorter"
	case http.StatusServiceUnavailable:
		// Auth0's answer to a search that takes more than two seconds (auth0 docs, "User search best practices").
		cure = "if it goes on, the search takes too long: narrow it, or make query simpler"
	default:
		return err
	}
	explained := *e
	if e.Kind == source.Gone {
		explained.Kind = source.Transient // a tenant has its users; what answers so is in between, or the wrong host
	}
	explained.Err = fmt.Errorf("%w: %s", e.Err, cure)
	return &explained
}
