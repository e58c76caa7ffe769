package auth0

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/userlog/userlog-otel/receiver/internal/jsonview"
	"github.com/userlog/userlog-otel/receiver/internal/source"
)

// maxUserID bounds the id of a user, in bytes. The longest ids of identity systems, of enterprise connections, have some
// hundred characters.
const maxUserID = 1024

// userPage is one page of a listing.
type userPage struct {
	rows  []userRow
	total int // of all pages; -1 if the answer does not tell
}

// userRow is one user of a page.
type userRow struct {
	id      source.Subject // "" if there is none that can be read
	created time.Time      // zero if there is none that can be read
}

// decodeUsers reads {"start":0,"limit":100,"length":1,"total":1,"users":[…]}, the answer with include_totals, or an array
// of users alone. An element of any shape costs its neighbours nothing; a document that is no list of users is refused as
// a whole. The text of the error holds no part of the answer. The ids keep nothing of the answer alive.
func decodeUsers(body []byte) (userPage, error) {
	document, err := jsonview.Parse(body)
	if err != nil {
		return userPage{}, err
	}
	p, list := userPage{total: -1}, document
	if document.Kind() == '{' {
		if list = document.Get("users"); list.Kind() == 0 {
			return userPage{}, errors.New("answer is an object without users")
		}
		if total, err := strconv.Atoi(document.Get("total").Sent()); err == nil && total >= 0 {
			p.total = total
		}
	}
	if list.Kind() != '[' {
		return userPage{}, fmt.Errorf("answer holds %s, not a list of users", jsonview.Word(list.Kind()))
	}
	for element := range list.Elements() {
		p.rows = append(p.rows, userRow{
			id:      userID(element.Get("user_id")),
			created: parseDate(element.Get("created_at").Text()),
		})
	}
	return p, nil
}

// userID is a copy of the id in a value; "" if it is none that can be part of a path, or of the key of a cursor.
func userID(v jsonview.Value) source.Subject {
	id := v.Text()
	switch {
	case v.Kind() != '"', id == ".", id == "..", len(id) > maxUserID:
		return ""
	case strings.ContainsFunc(id, func(r rune) bool { return unicode.IsControl(r) || r == utf8.RuneError }):
		return "" // U+FFFD stands for what cannot be read
	}
	return source.Subject(strings.Clone(id))
}
