package main

import (
	"fmt"
	"slices"
	"strings"
)

// choice is a flag that takes one of a few names, each for a value.
type choice[T comparable] struct {
	value *T
	names []string
	of    []T // the values, in the order of their names
}

// String is the name of the value that is set.
func (c choice[T]) String() string {
	if c.value == nil {
		return ""
	}
	return c.names[max(slices.Index(c.of, *c.value), 0)]
}

// Set sets the value of this name.
func (c choice[T]) Set(name string) error {
	i := slices.Index(c.names, name)
	if i < 0 {
		return fmt.Errorf("must be %s", strings.Join(c.names, " or "))
	}
	*c.value = c.of[i]
	return nil
}

// Type is what the help shows behind the flag.
func (c choice[T]) Type() string { return strings.Join(c.names, "|") }
