package record

import (
	"maps"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"
)

const table = `code,name,category,outcome,severity
in,Came In,login,success,INFO
no,Not Let In,login,failure,WARN
out,Went,logout,success,INFO
`

func codes(t *testing.T) *Codes {
	t.Helper()
	c, err := NewCodes("acme", table)
	require.NoError(t, err)
	return c
}

func TestWhatATypeMeans(t *testing.T) {
	t.Parallel()
	for code, want := range map[string]Row{
		"in":    {Code{"Came In", "login", "success", plog.SeverityNumberInfo}, "acme.in", "INFO"},
		"no":    {Code{"Not Let In", "login", "failure", plog.SeverityNumberWarn}, "acme.no", "WARN"},
		"never": {Code{"", "unknown", "unknown", plog.SeverityNumberInfo}, "acme.never", "INFO"},
		"In":    {Code{"", "unknown", "unknown", plog.SeverityNumberInfo}, "acme.In", "INFO"},
		"code":  {Code{"", "unknown", "unknown", plog.SeverityNumberInfo}, "acme.code", "INFO"},
		"":      {Code{"", "unknown", "unknown", plog.SeverityNumberInfo}, "", "INFO"},
	} {
		assert.Equal(t, want, codes(t).Lookup(code), code)
	}
}

func TestOverridesChangeWhatTheySay(t *testing.T) {
	t.Parallel()
	c := codes(t)
	before := c.All()
	changed := c.With(map[string]Override{
		"in":   {Name: "Hello"},
		"no":   {Severity: plog.SeverityNumberError2},
		"out":  {},
		"new":  {Name: "New", Category: "token", Outcome: "success", Severity: plog.SeverityNumberDebug},
		"half": {Outcome: "failure"},
	})
	for code, want := range map[string]Row{
		"in":   {Code{"Hello", "login", "success", plog.SeverityNumberInfo}, "acme.in", "INFO"},
		"no":   {Code{"Not Let In", "login", "failure", plog.SeverityNumberError2}, "acme.no", "ERROR2"},
		"out":  {Code{"Went", "logout", "success", plog.SeverityNumberInfo}, "acme.out", "INFO"},
		"new":  {Code{"New", "token", "success", plog.SeverityNumberDebug}, "acme.new", "DEBUG"},
		"half": {Code{"", "unknown", "failure", plog.SeverityNumberInfo}, "acme.half", "INFO"},
	} {
		assert.Equal(t, want, changed.Lookup(code), code)
	}
	assert.Equal(t, before, c.All(), "a table is never changed")
	assert.Equal(t, before, c.With(nil).All())
	maps.DeleteFunc(before, func(string, Row) bool { return true })
	assert.Len(t, c.All(), 3)
}

func TestTablesThatCannotBeRead(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"a,b\n\"": "table of event codes: ",
		"code,name,category,outcome,severity\nx,X,a,b,Info": `table of event codes: x: unknown severity "Info"`,
	} {
		_, err := NewCodes("acme", text)
		assert.ErrorContains(t, err, want)
	}
	empty, err := NewCodes("acme", "")
	require.NoError(t, err)
	assert.Empty(t, empty.All())
	assert.Equal(t, "acme.7", empty.Lookup("7").Event)
}
