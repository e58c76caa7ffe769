package jsonview

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"unsafe"

	"github.com/go-json-experiment/json/jsontext"
)

// ErrTooDeep means that something in a document is nested deeper than 10,000 levels, which is jsontext's limit.
var ErrTooDeep = errors.New("answer is nested too deep")

// Parse checks a document, which must be one JSON value and nothing behind it. Strings inside it may hold what is not
// UTF-8, and names may be there twice. Where it is nested too deep, what lies that deep is left out of the view, and
// the rest is read as ever.
//
// The value is a view of body: it keeps it alive, and body must not be written to afterwards. The text of the error
// says what was found and where, and holds no part of the answer.
func Parse(body []byte) (Value, error) {
	text := unsafe.String(unsafe.SliceData(body), len(body)) //nolint:gosec // body is not written to any more
	err := Check(body)
	if errors.Is(err, ErrTooDeep) {
		cut := CutDeep(body)
		if err = Check(cut); err == nil {
			return Value{view: string(bytes.Trim(cut, space)), sent: strings.Trim(text, space)}, nil
		}
	}
	if err != nil {
		return Value{}, err
	}
	text = strings.Trim(text, space)
	return Value{view: text, sent: text}, nil
}

// space is the white space of JSON (RFC 8259, 2).
const space = " \t\r\n"

// Check says what is wrong with a document, if anything is.
func Check(body []byte) error {
	dec := NewDecoder(body)
	if err := dec.SkipValue(); err != nil {
		return Explain(err, body)
	}
	return End(dec)
}

// NewDecoder makes a decoder that takes what these APIs send. It works on the bytes of body and does not write to
// them.
func NewDecoder(body []byte) *jsontext.Decoder {
	return jsontext.NewDecoder(bytes.NewBuffer(body), jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
}

// End is an error unless the decoder has read all there is.
func End(dec *jsontext.Decoder) error {
	end := dec.InputOffset()
	if _, err := dec.ReadToken(); !errors.Is(err, io.EOF) {
		return fmt.Errorf("answer goes on after the end of its JSON document at byte %d", end)
	}
	return nil
}

// Explain says what is wrong with a body that a decoder cannot read, without its words: the decoder's own errors cite
// characters and names.
func Explain(err error, body []byte) error {
	var syntax *jsontext.SyntacticError
	switch {
	case errors.Is(err, io.EOF):
		return errors.New("answer is empty")
	case errors.Is(err, io.ErrUnexpectedEOF):
		return fmt.Errorf("answer ends inside its JSON document at byte %d", len(body))
	case !errors.As(err, &syntax):
		return err
	case strings.Contains(syntax.Error(), "max depth"): // the decoder has no error for it that could be asked for
		return fmt.Errorf("%w at byte %d", ErrTooDeep, syntax.ByteOffset)
	case bytes.HasPrefix(bytes.TrimLeft(body, space), []byte("<")):
		return errors.New("answer is HTML or XML, not JSON")
	}
	return fmt.Errorf("answer is not JSON at byte %d", syntax.ByteOffset)
}
