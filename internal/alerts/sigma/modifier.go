package sigma

import (
	"fmt"
	"net/netip"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// compileValues makes the test of a field from its modifiers, joined by "|", and the values that are wanted.
func compileValues(field, modifiers string, wanted []string) (test, error) {
	var names []string
	if modifiers != "" {
		names = strings.Split(modifiers, "|")
	}
	every, exists := slices.Contains(names, "all"), slices.Contains(names, "exists")
	if exists {
		return compileExists(field, wanted)
	}
	var tests []test
	for _, value := range wanted {
		matches, err := compileValue(slices.DeleteFunc(slices.Clone(names), func(n string) bool { return n == "all" }), value)
		if err != nil {
			return nil, err
		}
		tests = append(tests, func(r Record) bool { return slices.ContainsFunc(r.Fields[field], matches) })
	}
	if every {
		return allOf(tests), nil
	}
	return oneOf(tests), nil
}

func compileExists(field string, wanted []string) (test, error) {
	if len(wanted) != 1 {
		return nil, fmt.Errorf("exists has %d values, not one", len(wanted))
	}
	exists, err := strconv.ParseBool(wanted[0])
	if err != nil {
		return nil, fmt.Errorf("exists: %w", err)
	}
	return func(r Record) bool { return (len(r.Fields[field]) > 0) == exists }, nil
}

// compileValue makes the test of one text. Sigma ignores case unless it is told otherwise, but for regular expressions.
func compileValue(modifiers []string, value string) (func(string) bool, error) {
	flags, before, after := "(?is)", "^", "$"
	pattern := wildcards(value)
	for _, modifier := range modifiers {
		switch modifier {
		case "contains":
			before, after = "", ""
		case "startswith":
			after = ""
		case "endswith":
			before = ""
		case "cased":
			flags = "(?s)"
		case "re":
			flags, before, pattern, after = "", "", value, ""
		case "i":
			flags = "(?i)"
		case "cidr":
			return compileCIDR(value)
		default:
			return nil, fmt.Errorf("modifier %q is not known", modifier)
		}
	}
	expression, err := regexp.Compile(flags + before + pattern + after)
	if err != nil {
		return nil, err
	}
	return expression.MatchString, nil
}

// wildcards is the regular expression of a text in which * stands for any text and ? for any character, unless a
// backslash stands before them.
func wildcards(value string) string {
	var b strings.Builder
	for i := 0; i < len(value); i++ {
		switch c := value[i]; {
		case c == '\\' && i+1 < len(value) && strings.ContainsRune(`*?\`, rune(value[i+1])):
			i++
			b.WriteString(regexp.QuoteMeta(value[i : i+1]))
		case c == '*':
			b.WriteString(".*")
		case c == '?':
			b.WriteString(".")
		default:
			b.WriteString(regexp.QuoteMeta(value[i : i+1]))
		}
	}
	return b.String()
}

func compileCIDR(value string) (func(string) bool, error) {
	network, err := netip.ParsePrefix(value)
	if err != nil {
		return nil, err
	}
	return func(text string) bool {
		address, err := netip.ParseAddr(text)
		return err == nil && network.Contains(address.Unmap())
	}, nil
}
