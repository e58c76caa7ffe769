package auth0

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"time"
	"unsafe"

	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/userlog/userlog-otel/receiver/internal/jsonview"
	"github.com/userlog/userlog-otel/receiver/internal/record"
)

// A page holds at most 100 entries (Auth0's ceiling of per_page and take), and few entries are shorter than 300 bytes
// (of those collected, the median has 1.1 kB). Together that says how many entries to make room for before counting.
const (
	usualEntries = 100
	smallEntry   = 300
)

// decodePage splits an answer into its entries, in the order of the answer. An answer is either an array of entries or,
// if totals were asked for, an object with such an array under "logs".
//
// An entry of any shape is accepted and becomes a record; a document that is not a list of entries is refused as a
// whole. The text of the error says what was found and where, and holds no part of the answer.
//
// The entries are views of body: they keep it alive, and it must not be written to afterwards. Strings inside JSON may
// hold what is not UTF-8. What an entry nests deeper than 10,000 levels (jsontext's limit) is in its bytes only.
func decodePage(body []byte, observed time.Time, codes *record.Codes) ([]entry, error) {
	entries, err := decodeView(body, body, observed, codes)
	if errors.Is(err, jsonview.ErrTooDeep) {
		return decodeView(body, jsonview.CutDeep(body), observed, codes)
	}
	return entries, err
}

// errNotJSON is for a step that failed where Check finds nothing, which it always does.
var errNotJSON = errors.New("answer is not JSON")

// decodeView is decodePage by a view of the answer that is as long as the answer itself.
func decodeView(body, view []byte, observed time.Time, codes *record.Codes) ([]entry, error) {
	// Places inside an entry are kept as 32-bit numbers.
	if uint64(len(body)) > math.MaxUint32 {
		return nil, fmt.Errorf("answer of %d bytes is too long", len(body))
	}
	r := reader{
		Stepper:  jsonview.NewStepper(unsafe.String(unsafe.SliceData(view), len(view))), //nolint:gosec // view is not written to
		text:     unsafe.String(unsafe.SliceData(body), len(body)),                      //nolint:gosec // body is not written to any more
		observed: record.Timestamp(observed),
		codes:    codes,
	}
	entries, err := r.page()
	if r.Failed() || err == nil && !r.End() {
		return nil, cmp.Or(jsonview.Check(view), errNotJSON)
	}
	return entries, err
}

// reader is one pass over one answer.
type reader struct {
	jsonview.Stepper
	text     string
	observed pcommon.Timestamp
	codes    *record.Codes
}

// page reads an answer of either shape.
func (r *reader) page() ([]entry, error) {
	switch r.Peek() {
	case '[':
		return r.entries(), nil
	case '{':
		return r.totals()
	}
	value := r.Value()
	return nil, r.notEntries("answer", value)
}

// totals reads {"start":0,"limit":1,"length":1,"total":9,"logs":[…]}, the shape of an answer with include_totals.
// Of several "logs" the last counts.
func (r *reader) totals() ([]entry, error) {
	var entries []entry
	result := errors.New("answer is an object without logs")
	for more := r.Enter(); more; more = r.Next('}') {
		isLogs := r.Name() == `"logs"`
		if isLogs && r.Peek() == '[' {
			entries, result = r.entries(), nil
			continue
		}
		if value := r.Value(); isLogs {
			entries, result = nil, r.notEntries("member logs", value)
		}
	}
	return entries, result
}

// entries reads an array of entries.
func (r *reader) entries() []entry {
	entries := make([]entry, 0, min(usualEntries, (len(r.text)-r.Offset())/smallEntry))
	for more := r.Enter(); more; more = r.Next(']') {
		entries = append(entries, entry{observed: r.observed, codes: r.codes})
		r.entry(&entries[len(entries)-1])
	}
	return entries
}

// notEntries is the error for a JSON value in the place of the array of entries.
func (r *reader) notEntries(what, value string) error {
	if r.Failed() {
		return nil
	}
	return fmt.Errorf("%s is %s, not a list of log entries, at byte %d", what, jsonview.Word(jsonview.KindOf(value)), r.Offset()-len(value))
}
