package jsonview

import (
	"encoding/binary"
	"math/bits"
)

// maxDepth is how deep a document may be nested: as deep as jsontext allows.
const maxDepth = 10_000

// Stepper steps over a JSON document, value by value and in one pass, at half the cost of a decoder of tokens. It takes
// the same documents as NewDecoder's decoders and no others, but does not say what is wrong with one: after a step that
// failed, all others fail, and Parse explains.
//
// It is for documents of a known form. Enter and Next walk through an object or an array:
//
//	for more := s.Enter(); more; more = s.Next('}') {
//		name := s.Name()
//		value := s.Value()
//	}
type Stepper struct {
	text   string
	at     int
	depth  int
	failed bool
	// escaped is set by every string with an escape in it.
	escaped bool
}

// NewStepper begins before a document.
func NewStepper(text string) Stepper { return Stepper{text: text} }

// Failed tells whether a step failed.
func (s *Stepper) Failed() bool { return s.failed }

// Offset is the place behind the last step.
func (s *Stepper) Offset() int { return s.at }

// Escaped tells whether a string was stepped over since the last call in which something is written with an escape.
func (s *Stepper) Escaped() bool {
	was := s.escaped
	s.escaped = false
	return was
}

// Peek is the first byte of what follows, without the white space before it; 0 at the end.
func (s *Stepper) Peek() byte {
	for ; s.at < len(s.text); s.at++ {
		switch c := s.text[s.at]; c {
		case ' ', '\t', '\n', '\r':
		default:
			return c
		}
	}
	return 0
}

// End tells whether nothing follows.
func (s *Stepper) End() bool { return s.Peek() == 0 && s.at == len(s.text) && !s.failed }

// Enter steps into the object or array that follows, and tells whether there is something in it; if not, it has stepped over
// it.
func (s *Stepper) Enter() bool {
	open := s.Peek()
	if open != '{' && open != '[' || s.failed || s.depth == maxDepth {
		return s.fail()
	}
	s.at++
	s.depth++
	if s.Peek() == open+2 { // both brackets stand two behind their openings in ASCII
		s.at++
		s.depth--
		return false
	}
	return true
}

// Next tells, behind something in an object or array, whether something else follows there; if not, it has stepped over
// its closing bracket.
func (s *Stepper) Next(closing byte) bool {
	switch c := s.Peek(); {
	case s.failed:
	case c == ',':
		s.at++
		return true
	case c == closing:
		s.at++
		s.depth--
		return false
	}
	return s.fail()
}

// Name steps over a name and its colon, and returns the name in its quotation marks.
func (s *Stepper) Name() string {
	if s.Peek() != '"' {
		s.fail()
		return `""`
	}
	begin := s.at
	s.string()
	end := s.at
	if s.Peek() != ':' || s.failed {
		s.fail()
		return `""`
	}
	s.at++
	return s.text[begin:end]
}

// Value steps over the value that follows, whatever it is, and returns it.
func (s *Stepper) Value() string {
	first := s.Peek()
	begin := s.at
	switch first {
	case '"':
		s.string()
	case '{':
		for more := s.Enter(); more; more = s.Next('}') {
			s.Name()
			s.Value()
		}
	case '[':
		for more := s.Enter(); more; more = s.Next(']') {
			s.Value()
		}
	case 't':
		s.literal("true")
	case 'f':
		s.literal("false")
	case 'n':
		s.literal("null")
	default:
		s.number()
	}
	return s.text[begin:s.at]
}

func (s *Stepper) fail() bool {
	s.failed = true
	s.at = len(s.text)
	return false
}

func (s *Stepper) literal(word string) {
	if len(s.text)-s.at < len(word) || s.text[s.at:s.at+len(word)] != word {
		s.fail()
		return
	}
	s.at += len(word)
}

// string steps over a string. Eight bytes are looked at together, for one that ends it, begins an escape, or must not be in a
// string: below, a byte of m has its highest bit set if it is such a byte, or stands behind one ("Bit Twiddling Hacks",
// "Determine if a word has a zero byte" and "… a byte less than n").
func (s *Stepper) string() {
	const ones, highest = 0x0101010101010101, 0x8080808080808080
	at := s.at + 1
	for at+8 <= len(s.text) {
		x := word(s.text, at)
		quote, backslash := x^ones*'"', x^ones*'\\'
		m := ((quote-ones)&^quote | (backslash-ones)&^backslash | (x-ones*' ')&^x) & highest
		if m == 0 {
			at += 8
			continue
		}
		at += bits.TrailingZeros64(m) / 8
		if s.text[at] == '"' {
			s.at = at + 1
			return
		}
		if at = s.escape(at); at == 0 {
			s.fail()
			return
		}
	}
	s.rest(at)
}

// rest is string from a place on, byte by byte.
func (s *Stepper) rest(at int) {
	for at < len(s.text) {
		switch c := s.text[at]; {
		case c == '"':
			s.at = at + 1
			return
		case c != '\\' && c >= ' ':
			at++
			continue
		}
		if at = s.escape(at); at == 0 {
			break
		}
	}
	s.fail()
}

// word is eight bytes of a text, the first of them lowest.
func word(text string, at int) uint64 {
	var b [8]byte
	copy(b[:], text[at:at+8])
	return binary.LittleEndian.Uint64(b[:])
}

// escape is the place behind the escape that begins at a place, 0 if there is none.
func (s *Stepper) escape(at int) int {
	if s.text[at] != '\\' || at+1 == len(s.text) {
		return 0
	}
	s.escaped = true
	switch s.text[at+1] {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		return at + 2
	case 'u':
		const size = len(`\u0000`)
		if at+size > len(s.text) || !hexadecimal(s.text[at+2:at+size]) {
			return 0
		}
		return at + size
	}
	return 0
}

func hexadecimal(digits string) bool {
	for i := range len(digits) {
		if c := digits[i]; c-'0' > 9 && c|0x20-'a' > 5 {
			return false
		}
	}
	return true
}

// number steps over a number (RFC 8259, 6).
func (s *Stepper) number() {
	s.skip('-', '-')
	whole := s.skip('0', '0') || s.digits()
	if s.skip('.', '.') {
		whole = s.digits() && whole
	}
	if s.skip('e', 'E') {
		_ = s.skip('+', '-')
		whole = s.digits() && whole
	}
	if !whole {
		s.fail()
	}
}

// skip steps over one of two bytes.
func (s *Stepper) skip(one, other byte) bool {
	if s.at == len(s.text) || s.text[s.at] != one && s.text[s.at] != other {
		return false
	}
	s.at++
	return true
}

// digits steps over decimal digits, of which there must be one at least.
func (s *Stepper) digits() bool {
	begin := s.at
	for s.at < len(s.text) && s.text[s.at]-'0' <= 9 {
		s.at++
	}
	return s.at > begin
}
