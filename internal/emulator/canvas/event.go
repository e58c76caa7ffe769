package canvas

import (
	"cmp"
	"encoding/json"
	"strconv"
	"time"
)

// Event is a login or logout.
type Event struct {
	// ID is the event's UUID. "" leaves it out, as no server does.
	ID string
	// At is when it happened, cut to its second, as servers do when they make the event (canvas-lms,
	// event_stream/record.rb).
	At time.Time
	// Type is event_type: "login" or "logout"; forks know more.
	Type string
	// User, Login and Account are whose it is; it stands in the log of each. 0 is null, and stands in no such log.
	User, Login, Account int64
	// PageView is the id of the page view, "" for none.
	PageView string
}

// The kinds of subjects; a subject is a kind, a slash and an id: "users/3". Logins are "logins/5" here whatever
// [Options.LoginsPath] is.
const (
	users     = "users"
	logins    = "logins"
	accounts  = "accounts"
	pageViews = "page_views" // has no log; for [Installation.Forget]
)

func subject(kind string, id int64) string { return kind + "/" + strconv.FormatInt(id, 10) }

// subjects are those in whose logs the event stands.
func (e Event) subjects() []string {
	var out []string
	for _, s := range []struct {
		kind string
		id   int64
	}{{users, e.User}, {logins, e.Login}, {accounts, e.Account}} {
		if s.id != 0 {
			out = append(out, subject(s.kind, s.id))
		}
	}
	return out
}

// record is an event as it is stored. It is never changed, so it may be read without a lock.
type record struct {
	Event
	// second is the event's time in Unix seconds.
	second int64
	// number is the id that the database gave it: the order of arrival. It is not the event's ID, and not served.
	number int64
	// raw, if set, is served instead of the event.
	raw json.RawMessage
}

// byTime orders records as logs do, the last one served first (canvas-lms, event_stream: order created_at desc, id
// desc). Older servers order by created_at alone, so that within a second everything is possible there.
func byTime(a, b *record) int {
	return cmp.Or(cmp.Compare(a.second, b.second), cmp.Compare(a.number, b.number))
}

// readRaw finds in a raw event what names others, so that linked can hold them; what cannot be read counts as absent.
func readRaw(raw json.RawMessage) Event {
	var f struct {
		ID    json.RawMessage
		Links struct {
			Login, User json.RawMessage
			PageView    json.RawMessage `json:"page_view"`
		}
	}
	_ = json.Unmarshal(raw, &f) // any bytes are allowed
	return Event{ID: text(f.ID), Login: number(f.Links.Login), User: number(f.Links.User), PageView: text(f.Links.PageView)}
}

// text is a JSON string, or the digits of a number, in raw; else "".
func text(raw json.RawMessage) string {
	var s string
	if json.Unmarshal(raw, &s) == nil {
		return s
	}
	var n json.Number
	if json.Unmarshal(raw, &n) == nil {
		return n.String()
	}
	return ""
}

func number(raw json.RawMessage) int64 {
	n, err := strconv.ParseInt(text(raw), 10, 64)
	if err != nil {
		return 0
	}
	return n
}
