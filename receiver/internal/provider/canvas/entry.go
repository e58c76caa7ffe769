package canvas

import (
	"strconv"
	"strings"
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/userlog/userlog-otel/receiver/internal/claim"
	"github.com/userlog/userlog-otel/receiver/internal/jsonview"
	"github.com/userlog/userlog-otel/receiver/internal/record"
	"github.com/userlog/userlog-otel/receiver/internal/source"
)

var _ source.Entry = (*entry)(nil)

// entry is one authentication event. It keeps nothing of the answer alive that it came in, and is never changed once a
// walk has taken it.
type entry struct {
	sent     string
	observed pcommon.Timestamp
	codes    *record.Codes

	time      time.Time
	eventType string
	// The ids are texts: they have up to 64 bits, and come as numbers or as strings.
	user, login, account, pageView string
	linked                         linked

	// id is empty where the API gives none; then uid is made of the content, and tells equal ones apart by their count.
	id, uid string
	mark    claim.Mark
}

// newEntry reads an event of either form: with its references under links, as servers send it, or beside the other
// members, as it is documented (canvas-lms, lib/api/v1/authentication_event.rb; "Authentications Log API").
func newEntry(v jsonview.Value, observed pcommon.Timestamp, codes *record.Codes) entry {
	var id, created, eventType, links jsonview.Value
	var user, login, account jsonview.Value
	for name, value := range v.Members() {
		switch name {
		case "id":
			id = value
		case "created_at":
			created = value
		case "event_type":
			eventType = value
		case "links":
			links = value
		case "user_id":
			user = value
		case "pseudonym_id":
			login = value
		case "account_id":
			account = value
		}
	}
	e := entry{
		sent: strings.Clone(v.Sent()), observed: observed, codes: codes,
		time:      parseDate(created.Text()),
		eventType: strings.Clone(eventType.Text()),
		user:      strings.Clone(first(links.Get("user"), user)),
		login:     strings.Clone(first(links.Get("login"), login)),
		account:   strings.Clone(first(links.Get("account"), account)),
		pageView:  strings.Clone(links.Get("page_view").Text()),
		id:        strings.Clone(id.Text()),
	}
	if e.pageView == missing {
		e.pageView = ""
	}
	return e
}

// missing is what Canvas stores for a request that it does not know (canvas-lms, app/models/auditors/authentication.rb).
const missing = "MISSING"

func first(values ...jsonview.Value) string {
	for _, v := range values {
		if text := v.Text(); text != "" {
			return text
		}
	}
	return ""
}

// number makes the entry the n-th of those with its content, counted from 1. It matters only without an id.
func (e *entry) number(n int) {
	e.uid = e.id
	if e.uid == "" {
		content := e.content()
		if n > 1 {
			content += "\x00" + strconv.Itoa(n)
		}
		e.uid = record.ContentID(content)
	}
	e.mark = claim.MarkOf(e.uid)
}

// content is what makes an event without an id the one it is. Which of the two forms it comes in, and in which time zone
// its date is written, is not part of it.
func (e *entry) content() string {
	known := []string{e.eventType, e.login, e.account, e.user}
	if e.time.IsZero() || strings.Join(known, "") == "" {
		return e.sent
	}
	return strings.Join(append(known, strconv.FormatInt(e.time.UnixMilli(), 10)), "\x00")
}

// owner is the number of the entry's user, login or account.
func (e *entry) owner(kind string) string {
	switch kind {
	case kindUsers:
		return e.user
	case kindLogins:
		return e.login
	}
	return e.account
}

// overhead is about what an entry takes in memory beside its bytes.
const overhead = 400

func (e *entry) size() int { return len(e.sent) + overhead }

// Time is the event's created_at; zero if it has none that can be read.
func (e *entry) Time() time.Time { return e.time }

// Record writes the event into an empty record. The body is the event as it was sent.
func (e *entry) Record(r plog.LogRecord) {
	const most = 8
	attributes := record.Begin(r, record.Head{
		Time:     e.time,
		Observed: e.observed,
		UID:      e.uid,
		Type:     e.eventType,
		Code:     e.codes.Lookup(e.eventType),
		Body:     e.sent,
	}, most)
	record.Put(attributes, "client.address", e.linked.address)
	record.Put(attributes, "user.id", e.user)
	record.Put(attributes, "user.name", e.linked.name)
	record.Put(attributes, "user_agent.original", e.linked.agent)
	record.Put(attributes, "session.id", e.linked.session)
	record.Put(attributes, "canvas.login.id", e.login)
	record.Put(attributes, "canvas.account.id", e.account)
	record.Put(attributes, "canvas.page_view.id", e.pageView)
}

// parseDate reads ISO 8601 with any offset, with and without a colon in it, and the forms that databases print. It
// returns the zero time for anything else.
func parseDate(text string) time.Time {
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05Z0700", "2006-01-02 15:04:05 Z0700", "2006-01-02 15:04:05 UTC"} {
		if t, err := time.Parse(layout, text); err == nil {
			return t.UTC()
		}
	}
	return time.Time{}
}
