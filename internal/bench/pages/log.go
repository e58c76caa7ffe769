package pages

import (
	"sort"
	"strconv"
	"strings"
	"time"
)

// Log is the log of a tenant. Entry n is of user n modulo Users, so that the entries are spread evenly.
type Log struct {
	// First is the date of entry 0, Step the time between two entries. Dates are cut to milliseconds.
	First time.Time     `json:"first"`
	Step  time.Duration `json:"step"`
	// Users is the number of users, at least 1.
	Users int `json:"users"`
	// Entries is the number of entries to begin with.
	Entries int `json:"entries"`
	// Latency is how long every answer takes, besides the work.
	Latency time.Duration `json:"latency"`
}

// dateOf is the date of an entry, which is also when it arrived in the log.
func (l *Log) dateOf(number int) time.Time { return l.First.Add(time.Duration(number) * l.Step) }

// after is the number of the first entry whose log_id is greater than an id, which need not be that of an entry.
func (l *Log) after(id string, entries int) int {
	var own [idSize]byte
	return sort.Search(entries, func(number int) bool {
		s := stampOf(l.dateOf(number))
		s.writeID(own[:], number)
		return string(own[:]) > id
	})
}

// userPrefix begins the user ids of a database connection.
const userPrefix = "auth0|"

// userSize is that of the rest of such an id.
const userSize = len(userPlace)

// UserID is the id of a user, by its number.
func UserID(number int) string {
	id := make([]byte, len(userPrefix)+userSize)
	writeNumber(id[copy(id, userPrefix):], number)
	return string(id)
}

// userOf is the number of the user with an id, or false if there is none.
func (l *Log) userOf(id string) (int, bool) {
	number, err := strconv.Atoi(strings.TrimPrefix(id, userPrefix))
	return number, err == nil && number >= 0 && number < l.Users && len(id) == len(userPrefix)+userSize
}

// countOf is the number of entries of a user.
func (l *Log) countOf(user, entries int) int { return (entries - user + l.Users - 1) / l.Users }
