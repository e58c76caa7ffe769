package config

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"go.opentelemetry.io/collector/config/configopaque"
)

// Each value that can be wrong has a type of its own, because validation names a fault's path only where the value's
// own type finds it.

// errEmpty is the fault of a value that must be there. Most often it comes from the environment.
var errEmpty = errors.New("empty: is the environment variable set?")

// Interval is a duration above 0.
type Interval time.Duration

// Validate refuses 0 and less.
func (i Interval) Validate() error {
	if i <= 0 {
		return fmt.Errorf("%v must be above 0, as in 1m", time.Duration(i))
	}
	return hasUnit(time.Duration(i))
}

// UnmarshalText reads a duration such as 1m30s.
func (i *Interval) UnmarshalText(text []byte) error { return parseDuration(text, (*time.Duration)(i)) }

// MarshalText writes the duration as it is read.
func (i Interval) MarshalText() ([]byte, error) { return []byte(time.Duration(i).String()), nil }

// Span is a duration of 0 or more.
type Span time.Duration

// Validate refuses less than 0.
func (s Span) Validate() error {
	if s < 0 {
		return fmt.Errorf("%v must not be negative", time.Duration(s))
	}
	return hasUnit(time.Duration(s))
}

// UnmarshalText reads a duration such as 1m30s.
func (s *Span) UnmarshalText(text []byte) error { return parseDuration(text, (*time.Duration)(s)) }

// MarshalText writes the duration as it is read.
func (s Span) MarshalText() ([]byte, error) { return []byte(time.Duration(s).String()), nil }

// hasUnit refuses what a number without a unit becomes: so many nanoseconds.
func hasUnit(d time.Duration) error {
	if d > 0 && d < time.Millisecond {
		return fmt.Errorf("%v is shorter than 1ms: is the unit missing, as in %ds?", d, d.Nanoseconds())
	}
	return nil
}

func parseDuration(text []byte, into *time.Duration) error {
	d, err := time.ParseDuration(string(text))
	if err != nil {
		return fmt.Errorf("%q is not a duration such as 30s, 10m or 24h", text)
	}
	*into = d
	return nil
}

// Count is a number from 1 to 1,000.
type Count int

// maxCount bounds what is done at once: a thousand requests under way are more than any of the APIs allows in a minute,
// and each may hold an answer in memory.
const maxCount = 1000

// Validate refuses what is not from 1 to 1,000.
func (c Count) Validate() error { return between(int(c), maxCount) }

func between(n, most int) error {
	if n < 1 || n > most {
		return fmt.Errorf("%d must be from 1 to %d", n, most)
	}
	return nil
}

// PageSize is a number from 1 to 100, the most that Auth0 and Canvas give at once.
type PageSize int

// Validate refuses what is not from 1 to 100.
func (p PageSize) Validate() error { return between(int(p), 100) }

// Rate is a number of requests per second; 0 means no ceiling.
type Rate float64

// Validate refuses less than 0, and what is no number.
func (r Rate) Validate() error {
	if r < 0 || math.IsNaN(float64(r)) || math.IsInf(float64(r), 0) {
		return fmt.Errorf("%v must be 0 or more requests per second; 0 means no ceiling of the receiver's own", float64(r))
	}
	return nil
}

// Share is a part of a whole, below 1.
type Share float64

// Validate refuses what is not from 0 to below 1.
func (s Share) Validate() error {
	if !(s >= 0 && s < 1) {
		return fmt.Errorf("%v must be a share from 0 to below 1, as in 0.2", float64(s))
	}
	return nil
}

// Secret is a credential. It prints as [REDACTED] wherever it is formatted or marshalled.
type Secret configopaque.String

// String hides the secret.
func (s Secret) String() string { return configopaque.String(s).String() }

// GoString hides the secret.
func (s Secret) GoString() string { return configopaque.String(s).GoString() }

// MarshalText hides the secret.
func (s Secret) MarshalText() ([]byte, error) { return configopaque.String(s).MarshalText() }

// Format hides the secret from every verb, also from those that do not ask for text.
func (s Secret) Format(f fmt.State, verb rune) {
	_, _ = fmt.Fprintf(f, fmt.FormatString(f, verb), s.String())
}

// Validate refuses the empty secret, and characters that cannot be sent.
func (s Secret) Validate() error {
	if strings.TrimSpace(string(s)) == "" {
		return errEmpty
	}
	if strings.ContainsFunc(string(s), func(r rune) bool { return r < ' ' || r == 0x7f }) {
		return errors.New("holds a line break or another control character: is there one at the end of the file or variable?")
	}
	return nil
}

// ClientID is the public half of an application's credentials.
type ClientID string

// Validate refuses the empty id.
func (c ClientID) Validate() error {
	if strings.TrimSpace(string(c)) == "" {
		return errEmpty
	}
	return nil
}

// Category is the kind of thing that an entry tells of.
type Category string

// Validate refuses what contract and table do not know; empty leaves the table's word.
func (c Category) Validate() error {
	return oneOf(string(c), "", "login", "logout", "signup", "mfa", "token", "account", "admin", "protection", "system", "unknown")
}

// Outcome says how it ended.
type Outcome string

// Validate refuses what contract and table do not know; empty leaves the table's word.
func (o Outcome) Validate() error { return oneOf(string(o), "", "success", "failure", "unknown") }

func oneOf(word string, words ...string) error {
	if slices.Contains(words, word) {
		return nil
	}
	return fmt.Errorf("%q must be one of %s", word, strings.Join(slices.DeleteFunc(words, func(w string) bool { return w == "" }), ", "))
}
