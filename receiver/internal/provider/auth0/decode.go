package auth0

import (
	"errors"
	"fmt"
	"math"
	"time"
	"unsafe"

	"github.com/go-json-experiment/json/jsontext"
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

// decodeView is decodePage by a view of the answer that is as long as the answer itself.
func decodeView(body, view []byte, observed time.Time, codes *record.Codes) ([]entry, error) {
	// Places inside an entry are kept as 32-bit numbers.
	if uint64(len(body)) > math.MaxUint32 {
		return nil, fmt.Errorf("answer of %d bytes is too long", len(body))
	}
	r := reader{
		dec:      jsonview.NewDecoder(view),
		text:     unsafe.String(unsafe.SliceData(body), len(body)), //nolint:gosec // body is not written to any more
		observed: record.Timestamp(observed),
		codes:    codes,
	}
	entries, err := r.page()
	if err != nil {
		return nil, jsonview.Explain(err, view)
	}
	if err := jsonview.End(r.dec); err != nil {
		return nil, err
	}
	return entries, nil
}

// reader is one pass over one answer.
type reader struct {
	dec      *jsontext.Decoder
	text     string
	observed pcommon.Timestamp
	codes    *record.Codes
}

// offset is the place behind the token or value that was read last.
func (r *reader) offset() int { return int(r.dec.InputOffset()) }

// page reads an answer of either shape.
func (r *reader) page() ([]entry, error) {
	switch r.dec.PeekKind() {
	case '[':
		return r.entries()
	case '{':
		return r.totals()
	}
	value, err := r.dec.ReadValue()
	if err != nil {
		return nil, err
	}
	return nil, notEntries("answer", value.Kind(), r.offset()-len(value))
}

// totals reads {"start":0,"limit":1,"length":1,"total":9,"logs":[…]}, the shape of an answer with include_totals.
// Of several "logs" the last counts.
func (r *reader) totals() ([]entry, error) {
	if _, err := r.dec.ReadToken(); err != nil {
		return nil, err
	}
	var entries []entry
	result := errors.New("answer is an object without logs")
	for r.dec.PeekKind() != '}' {
		name, err := r.dec.ReadValue()
		if err != nil {
			return nil, err
		}
		if isLogs := string(name) == `"logs"`; !isLogs || r.dec.PeekKind() != '[' {
			value, err := r.dec.ReadValue()
			if err != nil {
				return nil, err
			}
			if isLogs {
				entries, result = nil, notEntries("member logs", value.Kind(), r.offset()-len(value))
			}
			continue
		}
		if entries, err = r.entries(); err != nil {
			return nil, err
		}
		result = nil
	}
	if _, err := r.dec.ReadToken(); err != nil {
		return nil, err
	}
	return entries, result
}

// entries reads an array of entries.
func (r *reader) entries() ([]entry, error) {
	if _, err := r.dec.ReadToken(); err != nil {
		return nil, err
	}
	entries := make([]entry, 0, min(usualEntries, (len(r.text)-r.offset())/smallEntry))
	for r.dec.PeekKind() != ']' {
		entries = append(entries, entry{observed: r.observed, codes: r.codes})
		if err := r.entry(&entries[len(entries)-1]); err != nil {
			return nil, err
		}
	}
	_, err := r.dec.ReadToken()
	return entries, err
}

// notEntries is the error for a JSON value in the place of the array of entries.
func notEntries(what string, kind jsontext.Kind, at int) error {
	return fmt.Errorf("%s is %s, not a list of log entries, at byte %d", what, jsonview.Word(byte(kind)), at)
}
