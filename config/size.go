package config

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// ByteSize is a number of bytes, written as 16MiB, 500kB or 1048576.
type ByteSize int64

// minByteSize leaves room for one page of ordinary entries (100 of 5 kB).
const minByteSize ByteSize = 64 << 10

// maxByteSize keeps an answer in memory at a size that a collector survives.
const maxByteSize ByteSize = 1 << 30

// UnmarshalText reads a number with an optional unit.
func (b *ByteSize) UnmarshalText(text []byte) error {
	s := strings.TrimSpace(string(text))
	digits := strings.TrimRight(s, "kKMGiB ")
	unit, ok := map[string]int64{
		"": 1, "B": 1, "kB": 1e3, "KB": 1e3, "MB": 1e6, "GB": 1e9,
		"K": 1 << 10, "KiB": 1 << 10, "M": 1 << 20, "MiB": 1 << 20, "G": 1 << 30, "GiB": 1 << 30,
	}[strings.TrimSpace(s[len(digits):])]
	n, err := strconv.ParseInt(digits, 10, 64)
	if errors.Is(err, strconv.ErrRange) {
		err = nil // n is as large, or as small, as can be, which Validate refuses
	}
	if err != nil || !ok {
		return fmt.Errorf("%q is not a size such as 16MiB", s)
	}
	*b = ByteSize(min(max(n, -1), int64(maxByteSize)+1) * unit)
	return nil
}

// MarshalText writes the number of bytes.
func (b ByteSize) MarshalText() ([]byte, error) { return strconv.AppendInt(nil, int64(b), 10), nil }

// Validate refuses what no page fits in, and what no machine should hold.
func (b ByteSize) Validate() error {
	if b < minByteSize || b > maxByteSize {
		return errors.New("must be from 64KiB to 1GiB, as in 16MiB")
	}
	return nil
}
