package sigma

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"
)

// condition is a condition while it is parsed, by recursive descent: not binds closer than and, and closer than or.
type condition struct {
	tokens     []string
	selections map[string]test
	used       map[string]bool
}

var conditionToken = regexp.MustCompile(`\(|\)|[^\s()]+`)

// parseCondition parses a condition on selections. One that it does not use is an error.
func parseCondition(text string, selections map[string]test) (test, error) {
	c := &condition{tokens: conditionToken.FindAllString(text, -1), selections: selections, used: map[string]bool{}}
	met, err := c.or()
	if err != nil {
		return nil, err
	}
	if len(c.tokens) > 0 {
		return nil, fmt.Errorf("%q is too much", strings.Join(c.tokens, " "))
	}
	for name := range selections {
		if !c.used[name] {
			return nil, fmt.Errorf("%s is not used", name)
		}
	}
	return met, nil
}

// take takes the next token if it is this one.
func (c *condition) take(token string) bool {
	if len(c.tokens) == 0 || c.tokens[0] != token {
		return false
	}
	c.tokens = c.tokens[1:]
	return true
}

// next takes the next token, "" if there is none.
func (c *condition) next() string {
	if len(c.tokens) == 0 {
		return ""
	}
	token := c.tokens[0]
	c.tokens = c.tokens[1:]
	return token
}

func (c *condition) or() (test, error)  { return c.chain("or", oneOf, c.and) }
func (c *condition) and() (test, error) { return c.chain("and", allOf, c.not) }

func (c *condition) chain(word string, join func([]test) test, part func() (test, error)) (test, error) {
	var parts []test
	for {
		one, err := part()
		if err != nil {
			return nil, err
		}
		parts = append(parts, one)
		if !c.take(word) {
			return join(parts), nil
		}
	}
}

func (c *condition) not() (test, error) {
	if !c.take("not") {
		return c.operand()
	}
	met, err := c.not()
	if err != nil {
		return nil, err
	}
	return func(r Record) bool { return !met(r) }, nil
}

func (c *condition) operand() (test, error) {
	switch {
	case c.take("("):
		met, err := c.or()
		if err == nil && !c.take(")") {
			err = fmt.Errorf("a closing bracket is missing before %q", c.next())
		}
		return met, err
	case c.take("1"):
		return c.several(oneOf)
	case c.take("all"):
		return c.several(allOf)
	}
	name := c.next()
	selection, known := c.selections[name]
	if !known {
		return nil, fmt.Errorf("%q is no selection", name)
	}
	c.used[name] = true
	return selection, nil
}

// several reads the rest of "1 of selection_*", "all of selection_*", "1 of them" and "all of them".
func (c *condition) several(join func([]test) test) (test, error) {
	if !c.take("of") {
		return nil, fmt.Errorf("of is missing before %q", c.next())
	}
	pattern := c.next()
	if pattern == "them" {
		pattern = "*"
	}
	var names []string
	for name := range c.selections {
		if matches, err := path.Match(pattern, name); err != nil {
			return nil, err
		} else if matches {
			names = append(names, name)
			c.used[name] = true
		}
	}
	if len(names) == 0 {
		return nil, fmt.Errorf("no selection is called %s", pattern)
	}
	slices.Sort(names)
	var tests []test
	for _, name := range names {
		tests = append(tests, c.selections[name])
	}
	return join(tests), nil
}
