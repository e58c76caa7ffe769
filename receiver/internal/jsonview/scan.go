package jsonview

import "strings"

// The functions here read JSON that is known to be well-formed.

// next is the place of the next value, name or closing bracket from a place on: behind spaces, commas and colons.
func (v Value) next(at int) int {
	for strings.IndexByte(" \t\r\n,:", v.view[at]) >= 0 {
		at++
	}
	return at
}

// at is the value that begins at a place.
func (v Value) at(begin int) Value {
	end := begin + length(v.view[begin:])
	return Value{view: v.view[begin:end], sent: v.sent[begin:end]}
}

// length is that of the value that a text begins with.
func length(text string) int {
	switch text[0] {
	case '"':
		return StringEnd(text)
	case '[', '{':
		return nestedEnd(text)
	}
	end := 0
	for end < len(text) && strings.IndexByte(" \t\r\n,]}", text[end]) < 0 {
		end++
	}
	return end
}

// StringEnd is the length of the JSON string that text begins with.
func StringEnd(text string) int {
	for i := 1; ; i++ {
		switch text[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
}

// nestedEnd is the length of the array or object that text begins with.
func nestedEnd(text string) int {
	depth := 0
	for i := 0; ; i++ {
		switch text[i] {
		case '"':
			i += StringEnd(text[i:]) - 1
		case '[', '{':
			depth++
		case ']', '}':
			if depth--; depth == 0 {
				return i + 1
			}
		}
	}
}
