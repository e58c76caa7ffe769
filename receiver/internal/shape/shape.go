// Package shape gives records the form that the configuration asks for: attributes are left out, shortened or hashed
// (privacy), and then the body is chosen.
package shape

import (
	"errors"
	"fmt"
	"slices"

	"go.opentelemetry.io/collector/pdata/plog"
)

// Settings are what a Shape is made from. Attributes go by their names.
type Settings struct {
	Body Body
	// Drop are the attributes that are left out.
	Drop []string
	// TruncateIP says that addresses of people are shortened to networks.
	TruncateIP bool
	// Hash are the attributes whose values are replaced by their HMAC-SHA-256 with HashKey.
	Hash    []string
	HashKey string

	_ struct{}
}

// Shape changes records. It is safe for concurrent use.
type Shape struct {
	body    Body
	private privacy
}

// New makes a Shape; nil if records are to stay as they are. It fails if the body has an unknown word for its form, or
// if there is no key to hash with: the hash of a short value without a key is found by trying.
func New(s Settings) (*Shape, error) {
	if !slices.Contains([]Body{Original, Description, Map, None}, s.Body) {
		return nil, fmt.Errorf("body %q is not known", s.Body)
	}
	if len(s.Hash) > 0 && s.HashKey == "" {
		return nil, errors.New("attributes are to be hashed, but there is no key")
	}
	shape := &Shape{body: s.Body, private: newPrivacy(s)}
	if s.Body == Original && len(shape.private.acts) == 0 {
		return nil, nil
	}
	return shape, nil
}

// Apply changes a record that a provider has written. The same record is always changed in the same way.
func (s *Shape) Apply(record plog.LogRecord) {
	// The body may repeat an attribute, so it comes second.
	s.private.apply(record.Attributes())
	s.body.apply(record)
}
