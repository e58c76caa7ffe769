package checkpoint

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/userlog/userlog-otel/receiver/internal/source"
)

// version is the version of the stored form. A reader of version n reads all versions up to n.
const version = 1

// Keys begin with a slash, because some storage extensions put a prefix before them without a separator. A subject is
// in its key as a hash only, so that a stolen file lists no users and any characters are allowed in an id.
const (
	sentinelKey   = "/v1/epoch"
	sentinelValue = `{"v":1}`
	cursorPrefix  = "/v1/cursor/"
	badPrefix     = "/v1/bad/"
)

// ErrNewerVersion means that a newer version of the receiver wrote the cursor. Overwriting it would lose what that
// version knew.
var ErrNewerVersion = errors.New("the stored cursor was written by a newer version of the receiver: use that version, or another storage directory")

var (
	errUnreadable = errors.New("the stored cursor cannot be read")
	errForeign    = errors.New("the stored cursor belongs to another endpoint")
)

// stored is the form of a cursor in the storage: UTF-8 text without NUL, because that is all that some databases take.
type stored struct {
	Version     int           `json:"v"`
	Fingerprint string        `json:"f"`
	Cursor      source.Cursor `json:"c"`
}

func keyOf(subject source.Subject) string    { return cursorPrefix + hash(string(subject)) }
func badKeyOf(subject source.Subject) string { return badPrefix + hash(string(subject)) }

// hash gives 96 bits in 16 characters: two of a million subjects collide with a probability of 10^-17.
func hash(s string) string {
	sum := sha256.Sum256([]byte(s))
	return base64.RawURLEncoding.EncodeToString(sum[:12])
}

// Fingerprint condenses what a cursor answers to.
func Fingerprint(parts ...string) string {
	text, _ := json.Marshal(parts) // of strings: cannot fail; keeps the parts apart
	return hash(string(text))
}

func encode(cursor source.Cursor, fingerprint string) []byte {
	value, _ := json.Marshal(stored{Version: version, Fingerprint: fingerprint, Cursor: cursor}) // cannot fail
	return value
}

// decode returns no cursor for no value.
func decode(value []byte, fingerprint string) (source.Cursor, error) {
	if value == nil {
		return "", nil
	}
	var s stored
	err := json.Unmarshal(value, &s)
	switch {
	case s.Version > version: // before err: a newer version may write other types into the same fields
		return "", fmt.Errorf("%w (it is of version %d)", ErrNewerVersion, s.Version)
	case err != nil || s.Version < 1 || s.Cursor == "":
		return "", errUnreadable
	case s.Fingerprint != fingerprint:
		return "", errForeign
	}
	return s.Cursor, nil
}
