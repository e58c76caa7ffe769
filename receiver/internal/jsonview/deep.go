package jsonview

import (
	"bytes"
	"slices"
)

// deepest is how deep a document that is nested too deep is looked into: deeper than any entry ever seen, which are
// nested eight levels, and far from the decoder's own limit.
const deepest = 128

// CutDeep returns a copy of a document in which every array and object below level 128 is replaced by null and spaces,
// byte for byte as long. So one entry that is nested too deep does not make its neighbours unreadable, and everything
// else keeps its place. What is not JSON stays as wrong as it was.
func CutDeep(body []byte) []byte {
	out := slices.Clone(body)
	depth, begin, quoted := 0, 0, false
	for i := 0; i < len(body); i++ {
		switch c := body[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '[' || c == '{':
			if depth++; depth == deepest+1 {
				begin = i
			}
		case c == ']' || c == '}':
			if depth--; depth == deepest {
				blank(out[begin : i+1])
			}
		}
	}
	return out
}

// blank writes null and spaces over a value. One of three bytes or less, such as [1], is not nested and stays.
func blank(value []byte) {
	const null = "null"
	if len(value) < len(null) {
		return
	}
	copy(value, null)
	copy(value[len(null):], bytes.Repeat([]byte(" "), len(value)-len(null)))
}
