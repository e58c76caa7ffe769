package config

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Privacy says what is left out of the attributes of records, or made unreadable in them, in the order of its keys. A body
// that holds the entry, as original and map do, is not changed.
type Privacy struct {
	// Drop are the attributes that are left out.
	Drop []Attribute `mapstructure:"drop"`
	// TruncateIP shortens addresses of people to their networks.
	TruncateIP bool `mapstructure:"truncate_ip"`
	// Hash says which attributes are replaced by a keyed hash.
	Hash Hash `mapstructure:"hash"`
	// BodyUnredacted says that the body may hold what is left out of the attributes; the same as Config.BodyUnredacted.
	BodyUnredacted bool `mapstructure:"body_unredacted"`

	_ struct{}
}

// Hash says which attributes are replaced by the HMAC-SHA-256 of their values.
type Hash struct {
	// Attributes are those that are replaced.
	Attributes []Attribute `mapstructure:"attributes"`
	// Key is the key of the HMAC, byte for byte.
	Key *Secret `mapstructure:"key,omitempty"`

	_ struct{}
}

// on says whether any attribute is changed.
func (p *Privacy) on() bool { return len(p.Drop) > 0 || len(p.Hash.Attributes) > 0 || p.TruncateIP }

// Validate finds what concerns both lists.
func (p *Privacy) Validate() error {
	var errs []error
	if both := inBoth(p.Drop, p.Hash.Attributes); both != "" {
		errs = append(errs, fmt.Errorf("drop and hash::attributes both hold %s: remove it from one of the two", both))
	}
	if slices.Contains(p.Drop, uid) {
		errs = append(errs, errors.New("drop holds "+uid+", by which repeats are told: remove it from there; it may be hashed"))
	}
	return inOneLine(errs...)
}

// Validate finds half of a hash.
func (h *Hash) Validate() error {
	switch {
	case len(h.Attributes) > 0 && h.Key == nil:
		return errors.New("attributes are set without key: add a key, such as what `openssl rand -hex 32` prints, from the environment")
	case len(h.Attributes) == 0 && h.Key != nil:
		return errors.New("key is set without attributes: add the attributes to hash, or remove the key")
	}
	return nil
}

// inBoth are the elements of one list that are in another, with commas between them.
func inBoth[T ~string](list, other []T) string {
	var both []string
	for _, element := range list {
		if slices.Contains(other, element) {
			both = append(both, string(element))
		}
	}
	return strings.Join(both, ", ")
}
