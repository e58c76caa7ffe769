package auth0

import (
	_ "embed"
	"encoding/csv"
	"fmt"
	"maps"
	"strings"

	"go.opentelemetry.io/collector/pdata/plog"
)

// The table has the 186 codes that were known in August 2026: those of Auth0's list of log event type codes, and
// those that only its log schemas, its log stream filters or its tools name. The names are ours.
//
// Outcome: what Auth0's documentation and stream filters say. What they call information or a warning has the outcome
// "unknown", for a breached password that was noticed says nothing of the login that goes on.
//
// Severity: success and information INFO, failures and warnings WARN. ERROR is for what stops somebody, or says that
// somebody is at work:
//   - the limits and blocks to which the vendor's own exporter gives its highest level (limit_wc, limit_mu, limit_sul,
//     limit_phone, limit_ui, limit_delegation, api_limit);
//   - the use of a breached password (pwd_leak, signup_pwd_leak, reset_pwd_leak);
//   - the limits against guessing second factors and recovery codes (gd_otp_rate_limit_exceed,
//     gd_recovery_rate_limit_exceed).
//
// Not ERROR are fcpro, to which the exporter gives the highest level too, but which is an operator's mistake; the two
// warnings that come before a limit (api_limit_warning, token_quota_consumption_warning); and too_many_records, a limit
// of a user's own devices.
//
// Category: by what is done, and where users are managed, by who does it. Invitations, addresses and passwords are the
// user's own (account); users deleted, imported or synchronised, and everything of the Management API, are admin.
// Exchanges are token but for native social login, which is a login; silent authentication is a login; what the tenant's
// extensions (actions, hooks, flows, forms) and connectors do is system.
//
//go:embed codes.csv
var codesCSV string

// unknown is the category and the outcome of an entry of which nothing better is known.
const unknown = "unknown"

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

// Codes is the table of the types of entries. It is never changed once made.
type Codes struct {
	rows map[string]row
}

// row is a Code with what follows from it, so that it is not made again for every record.
type row struct {
	Code
	event        string
	severityText string
}

// DefaultCodes reads the built-in table.
func DefaultCodes() (*Codes, error) {
	lines, err := csv.NewReader(strings.NewReader(codesCSV)).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("table of event codes: %w", err)
	}
	rows := make(map[string]row, len(lines))
	for _, line := range lines[1:] {
		// The reader made sure that every line has the columns of the header: code, name, category, outcome, severity.
		severity, err := parseSeverity(line[4])
		if err != nil {
			return nil, fmt.Errorf("table of event codes: %s: %w", line[0], err)
		}
		rows[line[0]] = newRow(line[0], Code{Name: line[1], Category: line[2], Outcome: line[3], Severity: severity})
	}
	return &Codes{rows: rows}, nil
}

// With returns the table with the overrides applied, by code. A code that the table does not hold is added to it.
func (c *Codes) With(overrides map[string]Override) *Codes {
	rows := maps.Clone(c.rows)
	for code, o := range overrides {
		merged := c.Lookup(code)
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
		rows[code] = newRow(code, merged)
	}
	return &Codes{rows: rows}
}

// Lookup returns what a type means. A type that is not in the table has category and outcome "unknown", severity INFO
// and no name: new types appear every month, and none is dropped.
func (c *Codes) Lookup(code string) Code { return c.row(code).Code }

// row is Lookup with the event's name, which is empty if there is no type.
func (c *Codes) row(code string) row {
	if known, ok := c.rows[code]; ok {
		return known
	}
	return newRow(code, Code{Category: unknown, Outcome: unknown, Severity: plog.SeverityNumberInfo})
}

func newRow(code string, c Code) row {
	r := row{Code: c, severityText: strings.ToUpper(c.Severity.String())}
	if code != "" {
		r.event = "auth0." + code
	}
	return r
}

// parseSeverity reads the three severities that the table uses.
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
