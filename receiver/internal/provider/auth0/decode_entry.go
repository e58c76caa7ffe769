package auth0

import (
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/userlog/userlog-otel/receiver/internal/jsonview"
)

// found holds the places of the fields of one entry.
type found [numFields]place

// entry reads one element of the array into e. An element that is not an object has no fields, only its bytes.
func (r *reader) entry(e *entry) {
	first := r.Peek()
	begin := r.Offset()
	if first != '{' {
		r.Value()
		e.raw = r.text[begin:r.Offset()]
		return
	}
	var members found
	escaped := r.object(topLevel, &members, begin)
	if r.Failed() {
		return
	}
	e.raw = r.text[begin:r.Offset()]
	e.valid = utf8.ValidString(e.raw)
	e.plain = e.valid && !escaped
	e.time = parseDate(members[fieldDate].text(e.raw))
	members.choose(fieldLogID, fieldOldID)
	members.choose(fieldIP, fieldClientIP)
	members.choose(fieldSessionID, fieldDetailsSessionID)
	members.choose(fieldIsMobile, fieldIsMobileStream)
	copy(e.fields[:], members[:])
}

// object reads an object and notes the members that g knows. Names count letter for letter, and of several members
// with one name the last counts. base is where the entry begins. It tells whether something is written with escapes in
// what was noted.
func (r *reader) object(g group, members *found, base int) (escaped bool) {
	for more := r.Enter(); more; more = r.Next('}') {
		f, inner := g.quotedMember(r.Name())
		if inner != noGroup {
			first, end := inner.fields()
			clear(members[first:end])
			if r.Peek() == '{' {
				escaped = r.object(inner, members, base) || escaped
				continue
			}
		}
		if f == fieldNone {
			r.Value()
			continue
		}
		r.Escaped()
		value := r.Value()
		members[f] = nowhere
		if f.takes(value) {
			members[f] = place(r.Offset() - len(value) - base) //nolint:gosec // decodePage made sure that it fits
			escaped = r.Escaped() || escaped
		}
	}
	return escaped
}

// choose puts the second of two members in the place of the first if that one is not there.
func (m *found) choose(first, second field) {
	if m[first] == nowhere {
		m[first] = m[second]
	}
}

// takes reports whether the value says anything for the field. Null and the empty string do not, and of arrays and
// objects only the array of scopes; numbers and booleans are taken as their text.
func (f field) takes(value string) bool {
	switch jsonview.KindOf(value) {
	case 'n', '{':
		return false
	case '[':
		return f == fieldScope
	case '"':
		return len(value) > len(`""`) && (f != fieldIsMobile && f != fieldIsMobileStream ||
			value == `"true"` || value == `"false"`)
	case 't', 'f':
		return f != fieldDescription
	}
	return f != fieldDescription && f != fieldIsMobile && f != fieldIsMobileStream
}

// quotedMember is member for a name in quotation marks, which may be written with escapes.
func (g group) quotedMember(name string) (field, group) {
	f, inner := g.member(name[1 : len(name)-1])
	if f != fieldNone || inner != noGroup || strings.IndexByte(name, '\\') < 0 {
		return f, inner
	}
	// The error only says that a character was invalid and was replaced.
	unquoted, _ := jsontext.AppendUnquote(nil, name)
	return g.member(string(unquoted))
}
