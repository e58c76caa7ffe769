package config

import (
	"errors"
	"strings"
)

// TypeFilter says which entries are kept, by their types. Both lists empty keep all.
type TypeFilter struct {
	// Include, if not empty, keeps entries of these types only.
	Include TypeCodes `mapstructure:"include"`
	// Exclude leaves entries of these types out.
	Exclude TypeCodes `mapstructure:"exclude"`

	_ struct{}
}

// TypeCodes are types. A list that is there holds some.
type TypeCodes []TypeCode

// Validate refuses the empty list, as it comes from a variable that is not set: it would keep everything.
func (c TypeCodes) Validate() error {
	if c != nil && len(c) == 0 {
		return errEmpty
	}
	return nil
}

func (f TypeFilter) empty() bool { return len(f.Include) == 0 && len(f.Exclude) == 0 }

// TypeCode is the type of an entry, such as fp.
type TypeCode string

// Validate refuses the empty type.
func (t TypeCode) Validate() error {
	if strings.TrimSpace(string(t)) == "" {
		return errEmpty
	}
	return nil
}

// Validate finds types that are both kept and left out.
func (f *TypeFilter) Validate() error {
	if both := inBoth(f.Include, f.Exclude); both != "" {
		return errors.New("include and exclude both hold " + both + ": remove them from one of the two")
	}
	return nil
}
