package checkpoint

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/userlog/userlog-otel/receiver/internal/source"
)

// ErrForeignKey means that a key is none of the receiver's.
var ErrForeignKey = errors.New("a key that the receiver does not write")

// Stored is a key of a storage with its value, as tools see it that do not know whose logs there are.
type Stored struct {
	Key   string
	Value []byte
	// Log is the hash that stands for the log in the key; empty if the value is no cursor in use.
	Log string
	// Version, Fingerprint and Cursor are those of a cursor in use.
	Version     int
	Fingerprint string
	Cursor      source.Cursor
}

// ReadStored says what a key and its value are. It refuses keys that are none of ours with ErrForeignKey, cursors of a
// newer version with ErrNewerVersion, and those that cannot be read; what is known of them is returned all the same.
func ReadStored(key string, value []byte) (Stored, error) {
	s := Stored{Key: key, Value: value}
	log, inUse := strings.CutPrefix(key, cursorPrefix)
	switch {
	case key == sentinelKey, strings.HasPrefix(key, badPrefix):
		return s, nil
	case !inUse:
		return s, ErrForeignKey
	}
	s.Log = log
	var v stored
	err := json.Unmarshal(value, &v)
	s.Version, s.Fingerprint, s.Cursor = v.Version, v.Fingerprint, v.Cursor
	switch {
	case v.Version > version:
		return s, fmt.Errorf("%w (it is of version %d)", ErrNewerVersion, v.Version)
	case err != nil || v.Version < 1 || v.Cursor == "":
		return s, errUnreadable
	}
	return s, nil
}

// HashOf is what stands for a log in keys.
func HashOf(subject source.Subject) string { return hash(string(subject)) }

// Replaced is the stored value with another cursor for the same log of the same source.
func (s Stored) Replaced(cursor source.Cursor) []byte { return encode(cursor, s.Fingerprint) }
