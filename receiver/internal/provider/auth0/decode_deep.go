package auth0

import (
	"errors"
	"strings"
	"time"
)

// errTooDeep means that something in the answer is nested deeper than the decoder goes.
var errTooDeep = errors.New("answer is nested too deep")

// decodeEach decodes the elements of an array one by one, so that one that is nested too deep does not make its
// neighbours unreadable. It costs a copy of each, for an answer that no tenant sends in earnest.
func decodeEach(elements []string, observed time.Time, codes *Codes) ([]entry, error) {
	var entries []entry
	for _, element := range elements {
		one, err := decodeWhole([]byte("["+element+"]"), observed, codes)
		switch {
		case errors.Is(err, errTooDeep):
			entries = append(entries, entry{raw: element, observed: timestamp(observed), codes: codes})
		case err != nil || element == "":
			return nil, errors.New("answer is not JSON in one of its entries")
		default:
			entries = append(entries, one...)
		}
	}
	return entries, nil
}

// elementsOf splits the text of an array into those of its elements, by brackets and strings alone.
func elementsOf(text string) (elements []string, ok bool) {
	const space = " \t\r\n"
	text = strings.Trim(text, space)
	depth, begin, quoted := 0, 1, false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '[' || c == '{':
			depth++
		case c == ']' || c == '}':
			depth--
		}
		if last := depth == 0; !quoted && (last || depth == 1 && text[i] == ',') {
			elements = append(elements, strings.Trim(text[min(begin, i):i], space))
			if begin = i + 1; last {
				return elements, text[0] == '[' && i == len(text)-1
			}
		}
	}
	return nil, false
}
