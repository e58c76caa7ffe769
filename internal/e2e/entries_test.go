//go:build e2e

package e2e

import (
	"encoding/json"
	"fmt"
	"strings"
	"sync/atomic"
	"time"

	"github.com/userlog/userlog-otel/internal/emulator/auth0"
)

// lastEntry numbers all entries made by the tests, so that ids ascend in the order of arrival, as Auth0's do.
var lastEntry atomic.Int64

// dateFormat is that of every date in Auth0's API.
const dateFormat = "2006-01-02T15:04:05.000Z"

// newEntry is a login of a user at a time. Its bytes hold what a reader that parses and writes again would change.
func newEntry(user string, at time.Time) json.RawMessage {
	id := fmt.Sprintf("900%040d", lastEntry.Add(1))
	return json.RawMessage(fmt.Sprintf(`{"date":%q, "type":"s","log_id":%q,"_id":%[2]q,"user_id":%q,`+
		`"user_name":"ada@example.com","ip":"203.0.113.7","description":null,"details":{"n":1.0,"big":9007199254740993,`+
		`"text":"caf\u00e9 </a> é"}}`, at.UTC().Format(dateFormat), id, user))
}

// newEntries are n entries, the first one at a time and each a step later than the one before.
func newEntries(user string, n int, first time.Time, step time.Duration) []json.RawMessage {
	entries := make([]json.RawMessage, n)
	for i := range entries {
		entries[i] = newEntry(user, first.Add(time.Duration(i)*step))
	}
	return entries
}

// uidOf is the id of an entry: log_id, else _id, else "".
func uidOf(raw json.RawMessage) string {
	var f struct {
		LogID string `json:"log_id"`
		ID    string `json:"_id"`
	}
	_ = json.Unmarshal(raw, &f) // an id of another type counts as none
	if f.LogID != "" {
		return f.LogID
	}
	return f.ID
}

// logRequests are the requests for logs that the tenant had, in their order.
func (r *rig) logRequests() []auth0.Request {
	var found []auth0.Request
	for _, request := range r.tenant.Requests() {
		if strings.HasSuffix(request.Path, "/logs") {
			found = append(found, request)
		}
	}
	return found
}

// reads is how often the newest page of a user's log was given out.
func (r *rig) reads(user string) int {
	n := 0
	for _, request := range r.logRequests() {
		if request.User == user && request.Query.Get("page") == "0" && request.Status == 200 {
			n++
		}
	}
	return n
}

// cycles waits until the log of each of the users was read so many times more.
func (r *rig) cycles(c *collector, n int, users ...string) {
	r.t.Helper()
	wanted := map[string]int{}
	for _, user := range users {
		wanted[user] = r.reads(user) + n + 1 // a read may be under way whose page was given out before
	}
	for user, reads := range wanted {
		c.until(fmt.Sprintf("%d more reads of %s", n, user), waitLimit, func() bool { return r.reads(user) >= reads })
	}
}

// waitLimit is how long a test waits for what takes a second or two.
const waitLimit = 30 * time.Second
