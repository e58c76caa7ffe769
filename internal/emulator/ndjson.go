package emulator

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// maxLine is the greatest line that [ReadNDJSON] takes, without its line end: far above the largest log event seen
// (5 kB), so that files made by hand pass too.
const maxLine = 16 << 20

// ReadNDJSON reads one JSON object a line and returns their bytes, without white space around them; blank lines are
// skipped, CRLF is a line end. The first line that is no JSON object or longer than 16 MiB is an error that begins with
// its number, counted from 1.
func ReadNDJSON(r io.Reader) ([]json.RawMessage, error) {
	s := bufio.NewScanner(r)
	s.Buffer(nil, maxLine+len("\r\n"))
	var entries []json.RawMessage
	n := 0
	for s.Scan() {
		n++
		line := bytes.TrimSpace(s.Bytes())
		if len(line) == 0 {
			continue
		}
		if line[0] != '{' || !json.Valid(line) {
			return nil, fmt.Errorf("line %d: not a JSON object", n)
		}
		entries = append(entries, bytes.Clone(line))
	}
	if err := s.Err(); err != nil {
		if errors.Is(err, bufio.ErrTooLong) {
			err = fmt.Errorf("longer than %d bytes", maxLine)
		}
		return nil, fmt.Errorf("line %d: %w", n+1, err)
	}
	return entries, nil
}
