package auth0

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/userlog/userlog-otel/receiver/internal/rest"
	"github.com/userlog/userlog-otel/receiver/internal/source"
)

// DirectorySettings are what a Directory is made from. Query, Connection and LastLogin narrow the users down together; those
// that are zero do not.
type DirectorySettings struct {
	Client *rest.Client
	// Query is in the syntax of Auth0's user search.
	Query string
	// Connection is the name of one connection.
	Connection string
	// LastLogin is how long ago a user may have logged in last.
	LastLogin time.Duration
	// Now is the local clock.
	Now func() time.Time

	_ struct{}
}

// Directory lists the users of a tenant by Auth0's user search, the oldest first. It is not safe for concurrent use.
//
// It remembers the last listing, so that one that cannot be complete drops nobody, and how far one came that failed, so
// that the next one goes on from there.
type Directory struct {
	s      DirectorySettings
	users  []source.Subject // of the last listing
	failed *listing         // nil: the last one did not
}

var _ source.Lister = (*Directory)(nil)

// NewDirectory makes a lister.
func NewDirectory(s DirectorySettings) *Directory { return &Directory{s: s} }

// List implements source.Lister. It takes eleven requests for a thousand users. If one fails, the error comes without
// users. If some users cannot be had by searching, those that can come together with all of the last listing, and an error
// that says what is missing; it holds no ids. The slice is the same as before as long as the users are.
func (d *Directory) List(ctx context.Context) ([]source.Subject, error) {
	l := d.failed
	if l == nil {
		l = newListing(d.narrowed())
	}
	d.failed = l
	if err := l.run(ctx, d.s.Client); err != nil {
		return nil, explainSearch(err)
	}
	d.failed = nil
	problem := l.left.problem()
	d.take(l, problem == nil && !l.torn)
	if problem != nil {
		return d.users, problem
	}
	return d.users, d.nobody()
}

// narrowed is the search for the users who are wanted now.
func (d *Directory) narrowed() userSearch {
	u := userSearch{query: d.s.Query, connection: d.s.Connection}
	if d.s.LastLogin > 0 {
		u.active = d.s.Now().Add(-d.s.LastLogin)
	}
	return u
}

// take takes the users of a listing that came to its end. Only one that is complete drops users.
func (d *Directory) take(l *listing, complete bool) {
	users := l.users
	if !complete {
		for _, user := range d.users {
			if _, ok := l.known[user]; !ok {
				users = append(users, user)
			}
		}
	}
	if !slices.Equal(users, d.users) || d.users == nil {
		source.KeepTexts(users, d.users)
		d.users = slices.Clip(users)
	}
}

var errNobody = errors.New(listUsers + ": no user matches: are query and connection right?")

// nobody is an error if there is nobody whose log could be read, unless that is what a quiet night looks like.
func (d *Directory) nobody() error {
	if len(d.users) > 0 || d.s.LastLogin > 0 {
		return nil
	}
	return errNobody
}
