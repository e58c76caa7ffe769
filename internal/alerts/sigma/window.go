package sigma

import (
	"slices"
	"strings"
)

// event is what a rule found.
type event struct {
	Record
	rule *Rule
}

// window is what rules found of one group within the timespan that ends with the last event.
type window struct{ events []event }

// values is the number of different values of a field.
func (w window) values(field string) int {
	seen := map[string]bool{}
	for _, e := range w.events {
		for _, value := range e.Fields[field] {
			seen[value] = true
		}
	}
	return len(seen)
}

// all tells whether every rule found something.
func (w window) all(rules []*Rule) bool {
	for _, rule := range rules {
		if !slices.ContainsFunc(w.events, func(e event) bool { return e.rule == rule }) {
			return false
		}
	}
	return true
}

// ordered tells whether the last event is what the last rule found, and the other rules found something before, in
// their order. The latest event of each is taken, which leaves most room for those before.
func (w window) ordered(rules []*Rule) bool {
	at := len(w.events) - 1
	if w.events[at].rule != rules[len(rules)-1] {
		return false
	}
	for _, rule := range slices.Backward(rules[:len(rules)-1]) {
		for at--; at >= 0 && w.events[at].rule != rule; at-- {
		}
		if at < 0 {
			return false
		}
	}
	return true
}

// Find returns what a rule finds in records, which are in the order of their times: the records themselves, or for a
// correlation the fields that it groups by, with the time of the event with which it was met, once for each such event.
func (r *Rule) Find(records []Record) []Record {
	if r.Correlation == nil {
		var found []Record
		for _, record := range records {
			if r.matches(record) {
				found = append(found, record)
			}
		}
		return found
	}
	return r.Correlation.find(records)
}

func (c *Correlation) find(records []Record) []Record {
	var events []event
	for _, rule := range c.from {
		for _, record := range rule.Find(records) {
			events = append(events, event{record, rule})
		}
	}
	slices.SortStableFunc(events, func(a, b event) int { return a.Time.Compare(b.Time) })
	var found []Record
	groups := map[string][]event{}
	for _, e := range events {
		key, fields, grouped := c.group(e)
		if !grouped {
			continue
		}
		begin := e.Time.Add(-c.span)
		groups[key] = slices.DeleteFunc(append(groups[key], e), func(old event) bool { return !old.Time.After(begin) })
		if c.hits(window{groups[key]}) {
			found = append(found, Record{e.Time, fields})
		}
	}
	return found
}

// group returns the fields by which an event is grouped. An event that lacks one is in no group.
func (c *Correlation) group(e event) (key string, fields map[string][]string, grouped bool) {
	fields = map[string][]string{}
	var parts []string
	for _, field := range c.GroupBy {
		name := field
		if alias := c.Aliases[field][e.rule.Name]; alias != "" {
			name = alias
		}
		value, found := e.field(name)
		if !found {
			return "", nil, false
		}
		fields[field] = []string{value}
		parts = append(parts, value)
	}
	return strings.Join(parts, "\x00"), fields, true
}
