package userlogreceiver

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/userlog/userlog-otel/receiver/internal/provider/auth0"
	"github.com/userlog/userlog-otel/receiver/internal/provider/canvas"
	"github.com/userlog/userlog-otel/receiver/internal/record"
)

// writeTypes is how the tables of types in the README are written: they are made from the tables that records are made
// with.
const writeTypes = "go test ./receiver/userlogreceiver -run ReadmeHasTheTypes -update"

var updateTypes = flag.Bool("update", false, "write the tables of types in the README")

// categories are those of the records, in the order of the README: what people do first.
func categories() []string {
	return []string{"login", "logout", "signup", "mfa", "token", "account", "admin", "protection", "system"}
}

// typeTables is a provider's table of types in Markdown, one table for each category that it has, sorted by type.
func typeTables(t *testing.T, codes *record.Codes) string {
	t.Helper()
	of := map[string][]string{}
	for code, row := range codes.All() {
		require.Contains(t, categories(), row.Category, code)
		of[row.Category] = append(of[row.Category], fmt.Sprintf("| `%s` | %s | %s | %s |\n",
			code, strings.ReplaceAll(row.Name, "|", `\|`), row.Outcome, row.SeverityText))
	}
	var text strings.Builder
	for _, category := range categories() {
		if rows := of[category]; len(rows) > 0 {
			slices.Sort(rows)
			fmt.Fprintf(&text, "\n`%s`, %d:\n\n| type | name | outcome | severity |\n| --- | --- | --- | --- |\n%s",
				category, len(rows), strings.Join(rows, ""))
		}
	}
	return text.String()
}

// replaced is a document with the text between the marks of a service.
func replaced(t *testing.T, document, service, text string) string {
	t.Helper()
	begin := "<!-- types of " + service + ": written by " + writeTypes + " -->\n"
	end := "\n<!-- end of the types of " + service + " -->\n"
	before, rest, ok := strings.Cut(document, begin)
	require.True(t, ok, "the README has no line %q", strings.TrimSpace(begin))
	_, after, ok := strings.Cut(rest, end)
	require.True(t, ok, "the README has no line %q", strings.TrimSpace(end))
	return before + begin + text + end + after
}

// KOBIL publishes no types, and has no table.
func TestReadmeHasTheTypesOfTheTables(t *testing.T) {
	const readme = "README.md"
	content, err := os.ReadFile(readme)
	require.NoError(t, err)
	want := string(content)
	for service, table := range map[string]func() (*record.Codes, error){
		auth0.Service: auth0.DefaultCodes, canvas.Service: canvas.DefaultCodes,
	} {
		codes, err := table()
		require.NoError(t, err)
		want = replaced(t, want, service, typeTables(t, codes))
	}
	if *updateTypes {
		require.NoError(t, os.WriteFile(readme, []byte(want), 0o600))
		return
	}
	if want != string(content) {
		t.Errorf("the tables of types in receiver/userlogreceiver/README.md are not those of codes.csv: run %s", writeTypes)
	}
}

func TestTablesOfTypesAreSortedWithinTheirCategory(t *testing.T) {
	codes, err := record.NewCodes("acme", "code,name,category,outcome,severity\n"+
		"b,Second,login,failure,WARN\nz,Left|Right,system,unknown,ERROR\na,First,login,success,INFO\nc,Out,logout,success,INFO\n")
	require.NoError(t, err)
	const head = "| type | name | outcome | severity |\n| --- | --- | --- | --- |\n"
	assert.Equal(t, "\n`login`, 2:\n\n"+head+"| `a` | First | success | INFO |\n| `b` | Second | failure | WARN |\n"+
		"\n`logout`, 1:\n\n"+head+"| `c` | Out | success | INFO |\n"+
		"\n`system`, 1:\n\n"+head+"| `z` | Left\\|Right | unknown | ERROR |\n", typeTables(t, codes))
}
