package config

import (
	"errors"
	"strings"
	"unicode"
	"unicode/utf8"
)

// UserQuery is a search for users in Auth0's syntax, a subset of Lucene's.
type UserQuery string

// Validate refuses the empty query, and one that would change the meaning of what is added to it. The rest of the syntax
// is Auth0's to judge.
func (q UserQuery) Validate() error {
	if err := oneLine(string(q)); err != nil {
		return err
	}
	if !balanced(string(q)) {
		return errors.New(`holds a parenthesis or a quotation mark without the other one: add it, or put a backslash before it`)
	}
	return nil
}

// Text is the query; "" of none.
func (q *UserQuery) Text() string {
	if q == nil {
		return ""
	}
	return string(*q)
}

// ConnectionName is the name of a connection of an Auth0 tenant.
type ConnectionName string

// Validate refuses the empty name, and what no name can hold.
func (c ConnectionName) Validate() error { return oneLine(string(c)) }

// Text is the name; "" of none.
func (c *ConnectionName) Text() string {
	if c == nil {
		return ""
	}
	return string(*c)
}

// oneLine refuses text that is empty, or holds what cannot be in a search.
func oneLine(s string) error {
	switch {
	case strings.TrimSpace(s) == "":
		return errEmpty
	case strings.ContainsFunc(s, unicode.IsControl) || !utf8.ValidString(s):
		return errors.New("holds a line break or another control character, or is not UTF-8: write it in one line")
	}
	return nil
}

// balanced tells whether each parenthesis and each quotation mark of a query has its other one. A backslash takes the
// meaning from the character behind it, and parentheses within quotation marks have none.
func balanced(query string) bool {
	depth, quoted, escaped := 0, false, false
	for _, r := range query {
		switch {
		case escaped:
			escaped = false
		case r == '\\':
			escaped = true
		case r == '"':
			quoted = !quoted
		case quoted:
		case r == '(':
			depth++
		case r == ')':
			if depth--; depth < 0 {
				return false
			}
		}
	}
	return depth == 0 && !quoted && !escaped
}
