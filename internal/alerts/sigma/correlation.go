package sigma

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"time"
)

// Correlation looks at what other rules find within a time.
type Correlation struct {
	Type      string                       `yaml:"type"`
	Rules     []string                     `yaml:"rules"`
	GroupBy   []string                     `yaml:"group-by"`
	Timespan  string                       `yaml:"timespan"`
	Condition *Count                       `yaml:"condition"`
	Aliases   map[string]map[string]string `yaml:"aliases"`

	from []*Rule
	span time.Duration
	hits func(window) bool
}

// Count is what a number must be, and, for value_count, of what it is the number.
type Count struct {
	Field string `yaml:"field"`
	GT    *int   `yaml:"gt"`
	GTE   *int   `yaml:"gte"`
	LT    *int   `yaml:"lt"`
	LTE   *int   `yaml:"lte"`
	EQ    *int   `yaml:"eq"`
}

// met tells whether a number is what it must be.
func (c Count) met(n int) bool {
	return (c.GT == nil || n > *c.GT) && (c.GTE == nil || n >= *c.GTE) &&
		(c.LT == nil || n < *c.LT) && (c.LTE == nil || n <= *c.LTE) && (c.EQ == nil || n == *c.EQ)
}

var timespan = regexp.MustCompile(`^([1-9][0-9]*)([smhd])$`)

func (c *Correlation) compile(file Rules) error {
	for _, name := range c.Rules {
		at := slices.IndexFunc(file, func(r *Rule) bool { return r.Name == name || r.ID == name })
		if at < 0 {
			return fmt.Errorf("rules: %s is not in the file", name)
		}
		c.from = append(c.from, file[at])
	}
	for alias, fields := range c.Aliases {
		for name := range fields {
			if !slices.Contains(c.Rules, name) {
				return fmt.Errorf("aliases: %s: %s is not among the rules", alias, name)
			}
		}
	}
	parts := timespan.FindStringSubmatch(c.Timespan)
	if parts == nil {
		return fmt.Errorf("timespan: %q is not a number with s, m, h or d", c.Timespan)
	}
	n, err := strconv.Atoi(parts[1])
	if err != nil {
		return fmt.Errorf("timespan: %w", err)
	}
	unit := map[string]time.Duration{"s": time.Second, "m": time.Minute, "h": time.Hour, "d": 24 * time.Hour}[parts[2]]
	c.span = time.Duration(n) * unit
	return c.choose()
}

// choose chooses what a window must show.
func (c *Correlation) choose() error {
	counts := c.Condition != nil
	switch c.Type {
	case "event_count":
		if !counts {
			return errors.New("condition is missing")
		}
		c.hits = func(w window) bool { return c.Condition.met(len(w.events)) }
	case "value_count":
		if !counts || c.Condition.Field == "" {
			return errors.New("condition: field is missing")
		}
		c.hits = func(w window) bool { return c.Condition.met(w.values(c.Condition.Field)) }
	case "temporal":
		c.hits = func(w window) bool { return w.all(c.from) }
	case "temporal_ordered":
		c.hits = func(w window) bool { return w.ordered(c.from) }
	default:
		return fmt.Errorf("type %q is not known", c.Type)
	}
	if counts && (c.Type == "temporal" || c.Type == "temporal_ordered") {
		return fmt.Errorf("a condition on %s is not known", c.Type)
	}
	return nil
}
