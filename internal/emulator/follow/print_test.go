package follow

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const sample = `{"resourceLogs":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"auth0"}}]},` +
	`"scopeLogs":[{"scope":{"name":"x"},"logRecords":[` +
	`{"timeUnixNano":"1772366400123000000","observedTimeUnixNano":"1772366402000000000","severityNumber":13,"severityText":"WARN",` +
	`"eventName":"auth0.fp","body":{"stringValue":"{}"},"attributes":[` +
	`{"key":"user_log.name","value":{"stringValue":"Failed Login (Incorrect Password)"}},` +
	`{"key":"user.id","value":{"stringValue":"auth0|1"}},{"key":"user.name","value":{"stringValue":"ada@example.com"}},` +
	`{"key":"client.address","value":{"stringValue":"192.0.2.7"}},{"key":"geo.country.iso_code","value":{"stringValue":"DE"}},` +
	`{"key":"user_log.client.name","value":{"stringValue":"Web Shop"}}]},` +
	`{"observedTimeUnixNano":"1772366402000000000","severityNumber":17,"eventName":"auth0.limit_mu","attributes":[` +
	`{"key":"user.id","value":{"intValue":"42"}},{"key":"user_log.name","value":{"arrayValue":{"values":[]}}},` +
	`{"key":"client.address","value":{"boolValue":true}}]}]}]}]}`

func TestRecordsArePrintedAsAlignedLines(t *testing.T) {
	var out strings.Builder
	p := NewPrinter(&out, time.UTC, false)
	require.NoError(t, p.Line([]byte(sample)))
	assert.Equal(t, 2, p.Count())
	lines := strings.Split(strings.TrimSuffix(out.String(), "\n"), "\n")
	require.Len(t, lines, 3)
	assert.Equal(t, []string{
		"2026-03-01", "12:00:00", "WARN", "auth0.fp", "Failed", "Login", "(Incorrect", "Password)", "ada@example.com",
		"192.0.2.7", "DE", "Web", "Shop",
	}, strings.Fields(lines[1]))
	assert.Equal(t, []string{
		"2026-03-01", "12:00:02", "ERROR", "auth0.limit_mu", `{"values":[]}`, "42", "true", "-", "-",
	}, strings.Fields(lines[2]))
	for _, column := range []string{"LEVEL", "EVENT", "NAME", "USER", "ADDRESS", "CLIENT"} {
		at := strings.Index(lines[0], column)
		assert.Equal(t, " ", lines[1][at-1:at], column)
		assert.NotEqual(t, " ", lines[1][at:at+1], column)
	}
}

func TestSeverityIsColouredOnlyIfAsked(t *testing.T) {
	var out strings.Builder
	require.NoError(t, NewPrinter(&out, time.UTC, true).Line([]byte(sample)))
	assert.Contains(t, out.String(), "\x1b[33mWARN \x1b[0m")
	assert.Contains(t, out.String(), "\x1b[31mERROR\x1b[0m")
}

func TestValuesCannotForgeLinesOrDriveTheTerminal(t *testing.T) {
	var out strings.Builder
	evil := `a\n2026 INFO forged\r\u001b[2J\u009b1m\u2028\u202e\u0000b`
	line := `{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"severityText":"` + evil + `","eventName":"` + evil + `","attributes":[` +
		`{"key":"user.name","value":{"stringValue":"` + evil + `"}}]}]}]}]}`
	require.NoError(t, NewPrinter(&out, time.UTC, false).Line([]byte(line)))
	assert.Equal(t, 2, strings.Count(out.String(), "\n"), "header and one record")
	for _, r := range out.String() {
		assert.False(t, r != '\n' && (r < ' ' || r >= 0x7f && r < 0xa0 || r == 0x2028 || r == 0x202e), "%U", r)
	}
}

func TestCellsHaveTheirWidth(t *testing.T) {
	assert.Equal(t, "-   ", cell("", 4))
	assert.Equal(t, "abc…", cell("abcde", 4))
	assert.Equal(t, "Søre", cell("Søre", 4))
	assert.Equal(t, "-   ", cell("\x00", 4))
}

func TestLineThatIsNotOTLPIsAnError(t *testing.T) {
	p := NewPrinter(&strings.Builder{}, time.UTC, false)
	require.ErrorIs(t, p.Line([]byte("x")), ErrNotOTLP)
	require.NoError(t, p.Line([]byte(`{"resourceSpans":[]}`)))
	assert.Zero(t, p.Count())
}
