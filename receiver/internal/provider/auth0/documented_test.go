package auth0

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/golden"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
)

// documentedAttribute is a row of the table of attributes in the receiver's README: | `name` | field | type |.
var documentedAttribute = regexp.MustCompile("(?m)^\\| `([a-z0-9_.]+)` \\|.*\\| ([a-z ]+) \\|$")

// The README of the receiver has every attribute of the golden files, with its type, and no other.
func TestAttributesAreDocumented(t *testing.T) {
	readme, err := os.ReadFile("../../../userlogreceiver/README.md")
	require.NoError(t, err)
	documented := map[string]string{}
	for _, row := range documentedAttribute.FindAllStringSubmatch(string(readme), -1) {
		assert.NotContains(t, documented, row[1], "twice")
		documented[row[1]] = row[2]
	}
	types := map[pcommon.ValueType]string{
		pcommon.ValueTypeStr: "string", pcommon.ValueTypeDouble: "double", pcommon.ValueTypeBool: "boolean",
		pcommon.ValueTypeSlice: "list of strings",
	}
	set := map[string]string{}
	files, err := filepath.Glob("../../../../testdata/auth0/*/want.yaml")
	require.NoError(t, err)
	for _, file := range files {
		logs, err := golden.ReadLogs(file)
		require.NoError(t, err)
		for _, resource := range logs.ResourceLogs().All() {
			for _, scope := range resource.ScopeLogs().All() {
				for _, record := range scope.LogRecords().All() {
					for name, value := range record.Attributes().All() {
						set[name] = types[value.Type()]
					}
				}
			}
		}
	}
	assert.Equal(t, set, documented)
}
