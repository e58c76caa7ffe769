package auth0

import (
	"strings"

	"github.com/userlog/userlog-otel/receiver/internal/jsonview"
)

// place is where a field's JSON value begins, counted from the first byte of its entry. A string takes four times as
// much, and would keep the whole answer alive; places hold for every copy of the entry's bytes.
type place uint32

// nowhere is the place of a field that says nothing: at 0 is the entry's own brace.
const nowhere place = 0

// value is the JSON value at the place, as it is written; for an array it is what follows, too. raw is
// known to be well-formed.
func (p place) value(raw string) string {
	if p == nowhere {
		return ""
	}
	rest := raw[p:]
	if rest[0] == '"' {
		return rest[:jsonview.StringEnd(rest)]
	}
	if rest[0] == '[' {
		return rest
	}
	end := 0
	for rest[end] > ' ' && rest[end] != ',' && rest[end] != '}' {
		end++
	}
	return rest[:end]
}

// text is the value at the place as text: what a JSON string says, or the characters of a number or boolean. It is a
// view where the string is written without escapes.
func (p place) text(raw string) string {
	if p == nowhere {
		return ""
	}
	if raw[p] == '"' {
		inner := raw[p+1:]
		inner = inner[:strings.IndexByte(inner, '"')]
		if strings.IndexByte(inner, '\\') < 0 {
			return jsonview.ValidUTF8(inner)
		}
	}
	return jsonview.TextOf(p.value(raw))
}
