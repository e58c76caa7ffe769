package auth0

import (
	"strings"
	"time"
)

// userSearch is a search for users. The zero value finds everybody.
type userSearch struct {
	query      string    // in Auth0's syntax
	connection string    // the name of one
	active     time.Time // they logged in last then or later
	from       createdFrom
}

// createdFrom is the time from which on users were created; the zero value is any time.
type createdFrom struct {
	at    time.Time
	after bool // at itself does not count
}

// holds tells whether a user who was created at a time is meant.
func (c createdFrom) holds(at time.Time) bool { return at.After(c.at) || !c.after && at.Equal(c.at) }

// text writes the search in Auth0's syntax, in which [ includes the end of a range and { does not (auth0 docs, "User search
// query syntax").
func (u userSearch) text() string {
	var terms []string
	if u.query != "" {
		terms = append(terms, "("+u.query+")")
	}
	if u.connection != "" {
		terms = append(terms, `identities.connection:"`+strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(u.connection)+`"`)
	}
	if !u.active.IsZero() {
		terms = append(terms, "last_login:["+searchTime(u.active)+" TO *]")
	}
	if at := u.from.at; !at.IsZero() {
		bracket := "["
		if u.from.after {
			bracket = "{"
		}
		terms = append(terms, "created_at:"+bracket+searchTime(at)+" TO *]")
	}
	return strings.Join(terms, " AND ")
}

// searchTime writes a time as the API does, to the millisecond, and finer only if it is: the end of a range has to be the
// very time of a user.
func searchTime(t time.Time) string {
	if t.Nanosecond()%int(time.Millisecond) == 0 {
		return t.UTC().Format("2006-01-02T15:04:05.000Z")
	}
	return t.UTC().Format("2006-01-02T15:04:05.000000000Z")
}
