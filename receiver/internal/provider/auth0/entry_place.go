package auth0

import (
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
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
		return rest[:stringEnd(rest)]
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
			return validUTF8(inner)
		}
	}
	return textOf(p.value(raw))
}

// textOf is the text of a scalar JSON value.
func textOf(value string) string {
	if !strings.HasPrefix(value, `"`) {
		return value
	}
	// The error only says that a character was invalid and was replaced.
	unquoted, _ := jsontext.AppendUnquote(nil, value)
	return string(unquoted)
}

// stringEnd is the length of the JSON string that rest begins with.
func stringEnd(rest string) int {
	for i := 1; ; i++ {
		switch rest[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
}

// validUTF8 puts U+FFFD in the place of every byte that is not UTF-8, as JSON decoders do: strings of the OpenTelemetry
// protocol have to be UTF-8.
func validUTF8(s string) string {
	if utf8.ValidString(s) {
		return s
	}
	return string([]rune(s))
}
