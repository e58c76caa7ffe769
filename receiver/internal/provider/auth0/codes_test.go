package auth0

import (
	"encoding/csv"
	"errors"
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"
)

func TestDefaultCodes(t *testing.T) {
	codes := testCodes(t)
	assert.Len(t, codes.All(), 186)
	categories := strings.Fields("login logout signup mfa token account admin protection system")
	severities := []plog.SeverityNumber{plog.SeverityNumberInfo, plog.SeverityNumberWarn, plog.SeverityNumberError}
	names := map[string]string{}
	for code, row := range codes.All() {
		assert.Contains(t, categories, row.Category, code)
		assert.Contains(t, []string{"success", "failure", "unknown"}, row.Outcome, code)
		assert.Contains(t, severities, row.Severity, code)
		assert.Equal(t, "auth0."+code, row.Event)
		assert.Equal(t, row.Name, strings.TrimSpace(row.Name), code)
		assert.NotEmpty(t, row.Name, code)
		assert.Empty(t, names[row.Name], "%s has the name of another", code)
		names[row.Name] = code
		if row.Outcome == "success" {
			assert.Equal(t, plog.SeverityNumberInfo, row.Severity, code)
		}
		if row.Outcome == "failure" {
			assert.GreaterOrEqual(t, row.Severity, plog.SeverityNumberWarn, code)
		}
	}
}

func TestCodesOfAttackProtection(t *testing.T) {
	var errorCodes []string
	for code, row := range testCodes(t).All() {
		if row.Severity == plog.SeverityNumberError {
			errorCodes = append(errorCodes, code)
		}
	}
	slices.Sort(errorCodes)
	assert.Equal(t, strings.Fields(`api_limit gd_otp_rate_limit_exceed gd_recovery_rate_limit_exceed limit_delegation
		limit_mu limit_phone limit_sul limit_ui limit_wc pwd_leak reset_pwd_leak signup_pwd_leak`), errorCodes)
}

// The first letter of a code is no guide.
func TestLookup(t *testing.T) {
	codes := testCodes(t)
	for code, want := range map[string][]any{
		"s":                         {"Successful Login", "login", "success", plog.SeverityNumberInfo},
		"feacft":                    {"Failed Exchange (Authorization Code for Access Token)", "token", "failure", plog.SeverityNumberWarn},
		"ssa":                       {"Successful Silent Authentication", "login", "success", plog.SeverityNumberInfo},
		"fsa":                       {"Failed Silent Authentication", "login", "failure", plog.SeverityNumberWarn},
		"sapi":                      {"Successful Management API Operation", "admin", "success", plog.SeverityNumberInfo},
		"slo":                       {"Successful Logout", "logout", "success", plog.SeverityNumberInfo},
		"ss_sso_failure":            {"Failed Self-Service SSO Operation", "admin", "failure", plog.SeverityNumberWarn},
		"flows_execution_completed": {"Successful Flow Execution", "system", "success", plog.SeverityNumberInfo},
		"seta":                      {"Successful Exchange (Token Vault)", "token", "success", plog.SeverityNumberInfo},
		"feta":                      {"Failed Exchange (Token Vault)", "token", "failure", plog.SeverityNumberWarn},
		"mfar":                      {"MFA Required", "mfa", "unknown", plog.SeverityNumberInfo},
		"limit_wc":                  {"Blocked Account (Too Many Failed Logins)", "protection", "failure", plog.SeverityNumberError},
		"signup_pwd_leak":           {"Breached Password on Signup", "protection", "unknown", plog.SeverityNumberError},
		"w":                         {"Warning During Login", "login", "unknown", plog.SeverityNumberWarn},
		"never_heard_of":            {"", "unknown", "unknown", plog.SeverityNumberInfo},
		"S":                         {"", "unknown", "unknown", plog.SeverityNumberInfo},
		"code":                      {"", "unknown", "unknown", plog.SeverityNumberInfo},
		"":                          {"", "unknown", "unknown", plog.SeverityNumberInfo},
	} {
		row := codes.Lookup(code)
		assert.Equal(t, want, []any{row.Name, row.Category, row.Outcome, row.Severity}, code)
	}
}

// The facts that were collected about the codes say the same of success and failure.
func TestCodesAgreeWithFacts(t *testing.T) {
	file, err := os.Open("../../../../../shared/corpus/auth0/event-types.csv")
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("the collected facts are not here")
	}
	require.NoError(t, err)
	defer file.Close()
	lines, err := csv.NewReader(file).ReadAll()
	require.NoError(t, err)
	rows := testCodes(t).All()
	assert.Len(t, lines[1:], len(rows))
	for _, line := range lines[1:] {
		row, ok := rows[line[0]]
		assert.True(t, ok, line[0])
		want := line[2]
		if want == "info" || want == "warning" {
			want = "unknown"
		}
		assert.Equal(t, want, row.Outcome, line[0])
		if line[2] == "warning" {
			assert.GreaterOrEqual(t, row.Severity, plog.SeverityNumberWarn, line[0])
		}
	}
}
