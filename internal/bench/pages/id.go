package pages

import (
	"strconv"
	"time"
)

// A log_id is 56 digits in every recorded answer of Auth0: 900, the time of arrival in UTC to the millisecond, and a
// sequence, which here is the entry's number.
const (
	idPrefix = "900"
	timeSize = len("20060102150405000")
	idSize   = 56
)

// dateForm is that of date in every recorded answer.
const dateForm = "2006-01-02T15:04:05.000Z"

// stamp is one time in both forms that an entry has it in.
type stamp struct {
	date [len(dateForm)]byte
	id   [timeSize]byte
}

func stampOf(t time.Time) stamp {
	var s stamp
	var text [2 * len(dateForm)]byte // AppendFormat writes nine digits of the second before it cuts them to three
	copy(s.date[:], t.UTC().AppendFormat(text[:0], dateForm))
	n := 0
	for _, c := range s.date {
		if '0' <= c && c <= '9' {
			s.id[n] = c
			n++
		}
	}
	return s
}

// writeID writes the log_id of the entry with a number over the idSize bytes of to.
func (s *stamp) writeID(to []byte, number int) {
	copy(to, idPrefix)
	copy(to[len(idPrefix):], s.id[:])
	writeNumber(to[len(idPrefix)+timeSize:], number)
}

// writeNumber writes a number with leading zeros over all of to.
func writeNumber(to []byte, number int) {
	for i := len(to) - 1; i >= 0; i-- {
		to[i] = byte('0' + number%10)
		number /= 10
	}
}

// NumberOf is the number of the entry with a log_id, or false if it is none of this package's.
func NumberOf(id string) (int, bool) {
	if len(id) != idSize || id[:len(idPrefix)] != idPrefix {
		return 0, false
	}
	number, err := strconv.ParseUint(id[len(idPrefix)+timeSize:], 10, 62)
	return int(number), err == nil // of 62 bits, so that it fits
}
