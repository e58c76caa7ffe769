package auth0

import (
	"bytes"

	"github.com/go-json-experiment/json/jsontext"
)

// found holds the places of the fields of one entry.
type found [numFields]place

// entry reads one element of the array into e. An element that is not an object has no fields, only its bytes.
func (r *reader) entry(e *entry) error {
	if r.dec.PeekKind() != '{' {
		value, err := r.dec.ReadValue()
		if err != nil {
			return err
		}
		e.raw = r.text[r.offset()-len(value) : r.offset()]
		return nil
	}
	var members found
	start, err := r.object(topLevel, &members, -1)
	if err != nil {
		return err
	}
	e.raw = r.text[start:r.offset()]
	e.time = parseDate(members[fieldDate].text(e.raw))
	members.choose(fieldLogID, fieldOldID)
	members.choose(fieldIP, fieldClientIP)
	members.choose(fieldSessionID, fieldDetailsSessionID)
	members.choose(fieldIsMobile, fieldIsMobileStream)
	copy(e.fields[:], members[:])
	return nil
}

// object reads an object and notes the members that g knows. Names count letter for letter, and of several members
// with one name the last counts. base is where the entry begins, -1 if it begins with this object; object returns it.
func (r *reader) object(g group, members *found, base int) (int, error) {
	if _, err := r.dec.ReadToken(); err != nil {
		return base, err
	}
	if base < 0 {
		base = r.offset() - 1
	}
	for r.dec.PeekKind() != '}' {
		name, err := r.dec.ReadValue()
		if err != nil {
			return base, err
		}
		f, inner := g.quotedMember(name)
		if inner != noGroup {
			first, end := inner.fields()
			clear(members[first:end])
			if r.dec.PeekKind() == '{' {
				if _, err := r.object(inner, members, base); err != nil {
					return base, err
				}
				continue
			}
		}
		value, err := r.dec.ReadValue()
		if err != nil {
			return base, err
		}
		if f == fieldNone {
			continue
		}
		members[f] = nowhere
		if f.takes(value) {
			members[f] = place(r.offset() - len(value) - base) //nolint:gosec // decodePage made sure that it fits
		}
	}
	_, err := r.dec.ReadToken()
	return base, err
}

// choose puts the second of two members in the place of the first if that one is not there.
func (m *found) choose(first, second field) {
	if m[first] == nowhere {
		m[first] = m[second]
	}
}

// takes reports whether the value says anything for the field. Null and the empty string do not, and of arrays and
// objects only the array of scopes; numbers and booleans are taken as their text.
func (f field) takes(value jsontext.Value) bool {
	switch value.Kind() {
	case 'n', '{':
		return false
	case '[':
		return f == fieldScope
	case '"':
		return len(value) > len(`""`) && (f != fieldIsMobile && f != fieldIsMobileStream ||
			string(value) == `"true"` || string(value) == `"false"`)
	case 't', 'f':
		return f != fieldDescription
	}
	return f != fieldDescription && f != fieldIsMobile && f != fieldIsMobileStream
}

// quotedMember is member for a name in quotation marks, which may be written with escapes.
func (g group) quotedMember(name []byte) (field, group) {
	f, inner := g.member(name[1 : len(name)-1])
	if f != fieldNone || inner != noGroup || bytes.IndexByte(name, '\\') < 0 {
		return f, inner
	}
	// The error only says that a character was invalid and was replaced.
	unquoted, _ := jsontext.AppendUnquote(nil, name)
	return g.member(unquoted)
}
