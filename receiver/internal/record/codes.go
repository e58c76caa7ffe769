package record

import (
	"encoding/csv"
	"fmt"
	"maps"
	"strings"

	"go.opentelemetry.io/collector/pdata/plog"
)

// Unknown is the category and the outcome of an entry of which nothing better is known.
const Unknown = "unknown"

// Code says what a type of entry means.
type Code struct {
	// Name is a short text for people; empty if there is none.
	Name string
	// Category is one of login, logout, signup, mfa, token, account, admin, protection, system and unknown.
	Category string
	// Outcome is one of success, failure and unknown.
	Outcome  string
	Severity plog.SeverityNumber
}

// Override replaces parts of a Code. What is empty or unspecified stays as it is.
type Override struct {
	Name, Category, Outcome string
	Severity                plog.SeverityNumber
}

// Codes is a provider's table of the types of entries. It is never changed once made.
type Codes struct {
	service string
	rows    map[string]Row
}

// Row is a Code with what follows from it, so that it is not made again for every record.
type Row struct {
	Code
	// Event is the event's name, <service>.<type>; empty if there is no type.
	Event        string
	SeverityText string
}

// NewCodes reads a table in CSV whose header is code, name, category, outcome, severity. Service begins the names of
// the events. An empty table knows no types.
func NewCodes(service, table string) (*Codes, error) {
	lines, err := csv.NewReader(strings.NewReader(table)).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("table of event codes: %w", err)
	}
	c := &Codes{service: service, rows: make(map[string]Row, len(lines))}
	for _, line := range lines[min(1, len(lines)):] {
		// The reader made sure that every line has the columns of the header.
		severity, err := parseSeverity(line[4])
		if err != nil {
			return nil, fmt.Errorf("table of event codes: %s: %w", line[0], err)
		}
		c.rows[line[0]] = c.row(line[0], Code{Name: line[1], Category: line[2], Outcome: line[3], Severity: severity})
	}
	return c, nil
}

// With returns the table with the overrides applied, by code. A code that the table does not hold is added to it.
func (c *Codes) With(overrides map[string]Override) *Codes {
	changed := &Codes{service: c.service, rows: maps.Clone(c.rows)}
	for code, o := range overrides {
		merged := c.Lookup(code).Code
		if o.Name != "" {
			merged.Name = o.Name
		}
		if o.Category != "" {
			merged.Category = o.Category
		}
		if o.Outcome != "" {
			merged.Outcome = o.Outcome
		}
		if o.Severity != plog.SeverityNumberUnspecified {
			merged.Severity = o.Severity
		}
		changed.rows[code] = c.row(code, merged)
	}
	return changed
}

// Lookup returns what a type means. A type that is not in the table has category and outcome "unknown", severity INFO
// and no name: new types appear all the time, and none is dropped.
func (c *Codes) Lookup(code string) Row {
	if known, ok := c.rows[code]; ok {
		return known
	}
	return c.row(code, Code{Category: Unknown, Outcome: Unknown, Severity: plog.SeverityNumberInfo})
}

// All returns the rows of the table by code. They are the caller's.
func (c *Codes) All() map[string]Row { return maps.Clone(c.rows) }

func (c *Codes) row(code string, what Code) Row {
	r := Row{Code: what, SeverityText: strings.ToUpper(what.Severity.String())}
	if code != "" {
		r.Event = c.service + "." + code
	}
	return r
}

// parseSeverity reads the three severities that the tables use.
func parseSeverity(text string) (plog.SeverityNumber, error) {
	switch text {
	case "INFO":
		return plog.SeverityNumberInfo, nil
	case "WARN":
		return plog.SeverityNumberWarn, nil
	case "ERROR":
		return plog.SeverityNumberError, nil
	}
	return 0, fmt.Errorf("unknown severity %q", text)
}
