package canvas

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/userlog/userlog-otel/receiver/internal/jsonview"
	"github.com/userlog/userlog-otel/receiver/internal/record"
)

// linked is what an answer says of the login and of the page view that an event refers to.
type linked struct {
	name                    string // unique_id of the login
	address, agent, session string // of the page view
}

// decodeEvents reads an answer: a compound document, as servers send it, or an array of events, as it is documented. The
// events are in the order of the answer. What they refer to may be missing: users and page views are deleted.
//
// An event of any shape is accepted and becomes a record; a document without a list of events is refused as a whole. The
// text of the error holds no part of the answer.
func decodeEvents(body []byte, observed time.Time, codes *record.Codes) ([]entry, error) {
	doc, err := jsonview.Parse(body)
	if err != nil {
		return nil, err
	}
	list, others := doc, jsonview.Value{}
	if doc.Kind() == '{' {
		list, others = doc.Get("events"), doc.Get("linked")
	}
	switch kind := list.Kind(); kind {
	case '[':
	case 0:
		return nil, errors.New("answer holds no list of events")
	default:
		return nil, fmt.Errorf("answer holds %s in the place of its events", jsonview.Word(kind))
	}
	logins, views := byID(others.Get("logins"), "unique_id"), byID(others.Get("page_views"), "remote_ip", "user_agent", "session_id")
	at := record.Timestamp(observed)
	events := []entry{}
	for v := range list.Elements() {
		e := newEntry(v, at, codes)
		if login := logins[e.login]; login != nil {
			e.linked.name = login[0]
		}
		if view := views[e.pageView]; view != nil {
			e.linked.address, e.linked.agent, e.linked.session = view[0], view[1], view[2]
		}
		events = append(events, e)
	}
	return events, nil
}

// byID takes some members of each element of a list, by the element's id.
func byID(list jsonview.Value, names ...string) map[string][]string {
	found := map[string][]string{}
	for v := range list.Elements() {
		id := v.Get("id").Text()
		if id == "" {
			continue
		}
		values := make([]string, len(names))
		for i, name := range names {
			values[i] = strings.Clone(v.Get(name).Text())
		}
		found[id] = values
	}
	return found
}
