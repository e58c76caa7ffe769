package auth0

import (
	_ "embed"

	"github.com/userlog/userlog-otel/receiver/internal/record"
)

// The table has the 186 codes that were known in August 2026: those of Auth0's list of log event type codes, and
// those that only its log schemas, its log stream filters or its tools name. The names are ours.
//
// Outcome: what Auth0's documentation and stream filters say. What they call information or a warning has the outcome
// "unknown", for a breached password that was noticed says nothing of the login that goes on.
//
// Severity: success and information INFO, failures and warnings WARN. ERROR is for what stops somebody, or says that
// somebody is at work:
//   - the limits and blocks to which the vendor's own exporter gives its highest level (limit_wc, limit_mu, limit_ui,
//     limit_delegation, api_limit), and the two that it does not know (limit_sul, limit_phone);
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

// DefaultCodes reads the built-in table.
func DefaultCodes() (*record.Codes, error) { return record.NewCodes(Service, codesCSV) }
