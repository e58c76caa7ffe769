package auth0

import (
	"encoding/hex"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/userlog/userlog-otel/receiver/internal/jsonview"
)

// putDouble sets a number that is written in decimal digits, as JSON writes numbers, and that a float64 can hold.
func putDouble(attributes pcommon.Map, name, text string) {
	for i := range len(text) {
		// strconv knows more forms than JSON: NaN, infinity, hexadecimal digits and underscores. All have characters
		// above the digits that are not the "e" of an exponent.
		if text[i] > '9' && text[i] != 'e' && text[i] != 'E' {
			return
		}
	}
	if number, err := strconv.ParseFloat(text, 64); err == nil {
		attributes.PutDouble(name, number)
	}
}

// putScopes sets the scopes, which are sent as one string with spaces between them, or as an array.
func putScopes(attributes pcommon.Map, value string) {
	scopes := scopesOf(value)
	if len(scopes) == 0 {
		return
	}
	list := attributes.PutEmptySlice("auth0.scope")
	list.EnsureCapacity(len(scopes))
	for _, scope := range scopes {
		list.AppendEmpty().SetStr(scope)
	}
}

// scopesOf splits a scope. Of an array, elements that are empty or not scalars are left out, and so is what follows it.
func scopesOf(value string) []string {
	if !strings.HasPrefix(value, "[") {
		return strings.FieldsFunc(jsonview.TextOf(value), func(r rune) bool { return r == ' ' })
	}
	var scopes []string
	// The array was read once and found well-formed, so an error cannot occur; if it did, it would end the list.
	dec := jsontext.NewDecoder(strings.NewReader(value),
		jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
	if _, err := dec.ReadToken(); err != nil {
		return nil
	}
	for dec.PeekKind() != ']' {
		element, err := dec.ReadValue()
		if err != nil {
			break
		}
		if text := jsonview.TextOf(string(element)); fieldScope.takes(string(element)) && element.Kind() != '[' {
			scopes = append(scopes, text)
		}
	}
	return scopes
}

// isEmail reports whether a user's name is an e-mail address: one "@" with something on both sides, and no spaces or
// control characters. Names of databases without e-mail addresses are mere names.
func isEmail(name string) bool {
	at := strings.IndexByte(name, '@')
	if at <= 0 || at == len(name)-1 || strings.IndexByte(name[at+1:], '@') >= 0 {
		return false
	}
	for i := range len(name) {
		if name[i] <= ' ' || name[i] == 0x7f {
			return false
		}
	}
	return true
}

// parseTraceID reads a trace id of W3C Trace Context, 32 hexadecimal digits. It is empty if there is none.
func parseTraceID(s string) pcommon.TraceID {
	var id pcommon.TraceID
	if len(s) != hex.EncodedLen(len(id)) {
		return id
	}
	if _, err := hex.Decode(id[:], []byte(s)); err != nil {
		return pcommon.TraceID{}
	}
	return id
}
