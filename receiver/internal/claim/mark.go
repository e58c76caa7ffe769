package claim

import (
	"crypto/sha256"
	"encoding/base64"
	"time"
)

// Mark stands for the id of an entry: 96 bits of its hash in base64url. Two entries of one log share one with a
// probability of (number of entries)/2^96.
type Mark string

const (
	markLength = 16
	// stampLength base36 digits hold the seconds up to the year 4453.
	stampLength = 7
)

// MaxStamp is the latest stamp that a cursor can hold.
const MaxStamp = 36*36*36*36*36*36*36 - 1

// MarkOf is the mark of an id, which may be any text.
func MarkOf(uid string) Mark {
	sum := sha256.Sum256([]byte(uid))
	return Mark(base64.RawURLEncoding.EncodeToString(sum[:markLength*6/8]))
}

// Stamp is a time in Unix seconds, cut to what a cursor can hold.
func Stamp(t time.Time) int64 { return min(max(t.Unix(), 0), MaxStamp) }
