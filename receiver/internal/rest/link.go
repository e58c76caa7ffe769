package rest

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
)

// maxLink bounds the Link headers of an answer, in bytes. A page has a handful of links, of a few hundred bytes each.
const maxLink = 64 << 10

// errLink is the refusal of a header that a part of might be the next link: to take it for none would end a walk early.
var errLink = errors.New("the Link header of the answer cannot be read: does a proxy change it?")

// link is one link of a Link header (RFC 8288, 3).
type link struct {
	target string
	rel    string // one relation type, or several apart by spaces
	// anchored links are not of the page that was answered, but of another one.
	anchored bool
}

// is tells whether the link is of a relation type.
func (l link) is(relation string) bool {
	for rel := range strings.FieldsSeq(l.rel) {
		if strings.EqualFold(rel, relation) { // RFC 8288, 2.1.1
			return !l.anchored
		}
	}
	return false
}

// links reads all Link headers. It is as lenient as RFC 8288, B, but for what leaves open where a link ends.
func links(h http.Header) ([]link, error) {
	values := h.Values("Link")
	size := 0
	for _, value := range values {
		size += len(value)
	}
	if size > maxLink {
		return nil, fmt.Errorf("the Link headers of the answer are longer than %d bytes", maxLink)
	}
	var all []link
	for _, rest := range values {
		for {
			if rest = strings.TrimLeft(rest, " \t,"); rest == "" { // lists may have empty elements (RFC 9110, 5.6.1)
				break
			}
			var l link
			var ok bool
			if l, rest, ok = cutLink(rest); !ok {
				return nil, errLink
			}
			all = append(all, l)
		}
	}
	return all, nil
}

// cutLink reads a link, up to the comma after it.
func cutLink(s string) (l link, rest string, ok bool) {
	if l.target, rest, ok = strings.Cut(s, ">"); !ok || !strings.HasPrefix(l.target, "<") {
		return link{}, "", false
	}
	l.target = l.target[1:]
	related := false
	for {
		rest = strings.TrimLeft(rest, " \t")
		if rest == "" || rest[0] == ',' {
			return l, rest, true
		}
		if rest[0] != ';' {
			return link{}, "", false
		}
		var name, value string
		if name, value, rest, ok = cutParameter(rest[1:]); !ok {
			return link{}, "", false
		}
		switch strings.ToLower(name) {
		case "rel":
			if !related { // the first counts (RFC 8288, 3.3)
				l.rel, related = value, true
			}
		case "anchor":
			l.anchored = true
		}
	}
}

// cutParameter reads a parameter, whose name may be empty, and its value, if it has one.
func cutParameter(s string) (name, value, rest string, ok bool) {
	s = strings.TrimLeft(s, " \t")
	name, s = s[:end(s, "=;, \t")], s[end(s, "=;, \t"):]
	s = strings.TrimLeft(s, " \t")
	if !strings.HasPrefix(s, "=") {
		return name, "", s, true
	}
	s = strings.TrimLeft(s[1:], " \t")
	if strings.HasPrefix(s, `"`) {
		value, rest, ok = cutQuoted(s[1:])
		return name, value, rest, ok
	}
	return name, s[:end(s, ";,")], s[end(s, ";,"):], true
}

// cutQuoted reads a quoted string (RFC 9110, 5.6.4) whose first quote is gone.
func cutQuoted(s string) (value, rest string, ok bool) {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '"':
			return b.String(), s[i+1:], true
		case '\\':
			if i++; i == len(s) {
				return "", "", false
			}
		}
		b.WriteByte(s[i])
	}
	return "", "", false
}

// end is where the first of some characters is, or the end.
func end(s, of string) int {
	if i := strings.IndexAny(s, of); i >= 0 {
		return i
	}
	return len(s)
}
