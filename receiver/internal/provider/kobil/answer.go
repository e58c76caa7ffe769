package kobil

import (
	"errors"
	"fmt"
	"time"

	"github.com/userlog/userlog-otel/receiver/internal/jsonview"
	"github.com/userlog/userlog-otel/receiver/internal/record"
)

// list is what an answer holds: entries, the newest first.
type list struct {
	entries []entry
	// ended is what moreResultsAvailable: false says, more what true says. The member may be absent, and the vendor's page
	// says that it defaults to true, so that true may stand there for ever.
	ended, more bool
}

// decodeList reads an answer. The vendor's page says that data is the array of entries with the flags beside it; its
// sample has an object there that holds both. Both are accepted, and the list under its own name at the top, too.
//
// An entry of any shape is accepted and becomes a record; a document without a list of entries is refused as a whole.
// The text of the error holds no part of the answer. The entries are views of body.
func decodeList(body []byte, observed time.Time, codes *record.Codes) (list, error) {
	doc, err := jsonview.Parse(body)
	if err != nil {
		return list{}, err
	}
	items, more := find(doc)
	l := list{ended: more.Text() == "false", more: more.Text() == "true"}
	switch kind := items.Kind(); {
	case kind == '[':
	case l.ended && (kind == 0 || kind == 'n'): // nothing there, and no more to come
		return l, nil
	case kind == 0:
		return list{}, errors.New("answer holds no list of log entries")
	default:
		return list{}, fmt.Errorf("answer holds %s in the place of its log entries", jsonview.Word(kind))
	}
	at := record.Timestamp(observed)
	for item := range items.Elements() {
		l.entries = append(l.entries, newEntry(item, at, codes))
	}
	return l, nil
}

// find returns the list of entries in a document, and the flag that says whether there are more.
func find(doc jsonview.Value) (items, more jsonview.Value) {
	const itemsName, moreName = "reportingInfoItems", "moreResultsAvailable"
	if doc.Kind() == '[' {
		return doc, jsonview.Value{}
	}
	more = doc.Get(moreName)
	switch data := doc.Get("data"); data.Kind() {
	case '[':
		return data, more
	case '{':
		if inner := data.Get(moreName); inner.Kind() != 0 {
			more = inner
		}
		return data.Get(itemsName), more
	default:
		if items = doc.Get(itemsName); items.Kind() == 0 {
			items = data
		}
		return items, more
	}
}

// isGone tells whether the API's answer says that it does not know the user. The status has that name in the vendor's
// table of answers, where it goes with 404.
func isGone(body []byte) bool {
	doc, err := jsonview.Parse(body)
	return err == nil && doc.Get("status").Text() == "USER_NOT_FOUND"
}
