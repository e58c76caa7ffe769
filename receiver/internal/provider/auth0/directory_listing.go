package auth0

import (
	"context"

	"github.com/userlog/userlog-otel/receiver/internal/rest"
	"github.com/userlog/userlog-otel/receiver/internal/source"
)

// listUsers names the request in errors (auth0 docs, Management API, "List or search users").
const listUsers = "GET /api/v2/users"

const (
	// maxUsers bounds the memory of a listing. To ask for the logs of so many takes 17 hours at the 16 requests a second of
	// the largest public plan.
	maxUsers = 1_000_000
	// maxRestarts is how often one search is begun anew because users vanished from it.
	maxRestarts = 2
)

// listing is one pass over all users who match, in the order of their creation: search by search, each of which begins
// with the users who were created when the last one of the search before was.
type listing struct {
	at    searchPages
	users []source.Subject
	known map[source.Subject]struct{}
	left  leftOut
	torn  bool // users vanished again and again, so that others may have slipped past
	done  bool
}

func newListing(s userSearch) *listing {
	return &listing{at: pagesOf(s), users: []source.Subject{}, known: map[source.Subject]struct{}{}}
}

// run asks for page after page to the end. After an error it can be called again, and goes on where that happened: that
// some time went by does no harm, because what changed meanwhile shows in the next listing.
func (l *listing) run(ctx context.Context, client *rest.Client) error {
	for !l.done {
		resp, err := client.Get(ctx, rest.Request{Op: listUsers, Path: "/api/v2/users", Query: l.at.parameters()})
		if err != nil {
			return err
		}
		page, err := decodeUsers(resp.Body)
		if err != nil {
			return &source.Error{Kind: source.Unreadable, Op: listUsers, Err: err}
		}
		l.take(page)
	}
	return nil
}

// take adds the users of a page, and finds out which one follows.
func (l *listing) take(p userPage) {
	l.add(p.rows)
	s := &l.at
	s.total = p.total
	if s.from.after && s.read == 0 && s.restarts == 0 {
		l.left.crowd(s.from.at, s.notGiven, s.total)
	}
	switch slipped := !s.joins(p.rows); {
	case slipped && s.restarts < maxRestarts:
		s.restart()
		return
	case slipped:
		l.torn = true
	}
	switch given := s.span.start() + len(p.rows); {
	case len(p.rows) >= s.span.perPage:
		l.turn(p.rows[len(p.rows)-1])
	case s.total > given:
		l.stop("a page that is not the last one holds fewer users than it should", s.total-given)
	default:
		l.end()
	}
}

func (l *listing) add(rows []userRow) {
	for i, row := range rows {
		if row.id == "" {
			again := l.at.span.start()+i < l.at.read || !l.at.from.at.IsZero() && !row.created.After(l.at.from.at)
			if !again {
				l.at.odd++
			}
			continue
		}
		if _, ok := l.known[row.id]; !ok {
			l.known[row.id] = struct{}{}
			l.users = append(l.users, row.id)
			l.at.fresh++
		}
	}
}

// turn goes on after a full page, of which this is the last row: with the next page, or the next search. Of one search
// Auth0 gives at most 1,000 users, as it does of log entries, however many match; a page after that is answered with 400,
// invalid_paging (auth0 docs, "List and search users").
func (l *listing) turn(row userRow) {
	s := &l.at
	s.read, s.last = s.span.end(), row.id
	if !row.created.IsZero() {
		if row.created.Before(s.created) || !s.from.holds(row.created) {
			l.stop(disorder, 0)
			return
		}
		s.created = row.created
	}
	if span, ok := nextSpan(s.read, usersPerPage); ok {
		s.span = span
		return
	}
	switch {
	case row.created.IsZero():
		l.stop("a user has no created_at that can be read", s.total-s.read)
	case len(l.users) >= maxUsers:
		l.stop("more than 1,000,000 users match", s.total-s.read)
	case row.created.Equal(s.from.at): // all of them were: the others of that time cannot be had
		l.next(createdFrom{at: row.created, after: true})
	case s.fresh == 0:
		l.stop(disorder, 0)
	default:
		l.next(createdFrom{at: row.created})
	}
}

// disorder is what a server shows that takes no notice of the parameters sort or q.
const disorder = "the search does not keep to the order, or the time of creation, that it is asked for"

// next begins the next search.
func (l *listing) next(from createdFrom) {
	l.left.odd += l.at.odd
	before := l.at
	l.at = pagesOf(before.userSearch)
	l.at.from, l.at.created = from, from.at
	l.at.notGiven = before.total - before.read
}

// stop ends a listing that cannot go on. The rest is how many users are left then; 0 or less if that is not known.
func (l *listing) stop(reason string, rest int) {
	l.left.stopped, l.left.since, l.left.rest = reason, l.at.created, rest
	l.end()
}

func (l *listing) end() {
	l.left.odd += l.at.odd
	l.done = true
}
