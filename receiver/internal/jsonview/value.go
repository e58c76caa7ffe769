package jsonview

import (
	"iter"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
)

// Value is a JSON value in a document that Parse accepted. The zero Value is none. It is comparable: the same view of
// the same document is equal.
type Value struct {
	// view is what is read, sent what the API sent; they differ where the document is nested too deep, but not in length.
	view, sent string
}

// Sent is the value as it was sent. It is a view of the document.
func (v Value) Sent() string { return v.sent }

// Clone is the value over a copy of its bytes, so that it keeps no document alive.
func (v Value) Clone() Value {
	if v.view == v.sent {
		text := strings.Clone(v.sent)
		return Value{view: text, sent: text}
	}
	return Value{view: strings.Clone(v.view), sent: strings.Clone(v.sent)}
}

// Kind is the kind of the value by its first byte: one of n, t, f, ", 0 (a number), [ and {; zero for none.
func (v Value) Kind() byte { return KindOf(v.view) }

// KindOf is Kind for the text of a value.
func KindOf(value string) byte {
	switch {
	case value == "":
		return 0
	case value[0] == '-' || value[0] >= '0' && value[0] <= '9':
		return '0'
	}
	return value[0]
}

// Text is what a string says, or the characters of a number or boolean; empty for everything else. A string that is
// written without escapes is a view.
func (v Value) Text() string {
	switch v.Kind() {
	case 't', 'f', '0':
		return v.view
	case '"':
		return TextOf(v.view)
	}
	return ""
}

// TextOf is the text of a scalar as JSON writes it.
func TextOf(value string) string {
	if !strings.HasPrefix(value, `"`) {
		return value
	}
	if inner := value[1 : len(value)-1]; strings.IndexByte(inner, '\\') < 0 {
		return ValidUTF8(inner)
	}
	// The error only says that a character was invalid and was replaced.
	unquoted, _ := jsontext.AppendUnquote(nil, value)
	return string(unquoted)
}

// ValidUTF8 puts U+FFFD in the place of every byte that is not UTF-8, as JSON decoders do: strings of the
// OpenTelemetry protocol have to be UTF-8.
func ValidUTF8(s string) string {
	if utf8.ValidString(s) {
		return s
	}
	return string([]rune(s))
}

// Get is the last member of an object with the name; none if there is none, or if the value is no object.
func (v Value) Get(name string) Value {
	var found Value
	for n, value := range v.Members() {
		if n == name {
			found = value
		}
	}
	return found
}

// Members are the members of an object, in their order; none if the value is no object.
func (v Value) Members() iter.Seq2[string, Value] {
	return func(yield func(string, Value) bool) {
		if v.Kind() != '{' {
			return
		}
		for at := v.next(1); v.view[at] != '}'; {
			name := v.at(at)
			at = v.next(at + len(name.view))
			value := v.at(at)
			if !yield(name.Text(), value) {
				return
			}
			at = v.next(at + len(value.view))
		}
	}
}

// Elements are those of an array, in their order; none if the value is no array.
func (v Value) Elements() iter.Seq[Value] {
	return func(yield func(Value) bool) {
		if v.Kind() != '[' {
			return
		}
		for at := v.next(1); v.view[at] != ']'; {
			element := v.at(at)
			if !yield(element) {
				return
			}
			at = v.next(at + len(element.view))
		}
	}
}

// Word names the kind of a value, for errors.
func Word(kind byte) string {
	switch kind {
	case 'n':
		return "null"
	case '"':
		return "a string"
	case '{':
		return "an object"
	case '[':
		return "an array"
	case '0':
		return "a number"
	}
	return "a boolean"
}
