package userlogreceiver

import (
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/userlog/userlog-otel/config"
	"github.com/userlog/userlog-otel/receiver/internal/source"
)

// gapRow is a row of the README's table: | `name` | what it says of the value | type |.
var gapRow = regexp.MustCompile("(?m)^\\| `([a-z_.]+)` \\| (.*) \\| string \\|$")

// documentedGap are the attributes in the README's table with what it says of their values: those that every record of a
// gap has, and those that tell whose log it is.
func documentedGap(t *testing.T) (always, whose map[string]string) {
	t.Helper()
	content, err := os.ReadFile("README.md")
	require.NoError(t, err)
	_, section, found := strings.Cut(string(content), "\n### Records of gaps\n")
	require.True(t, found)
	section, _, _ = strings.Cut(section, "\n#")
	always, whose = map[string]string{}, map[string]string{}
	for _, row := range gapRow.FindAllStringSubmatch(section, -1) {
		if strings.HasPrefix(row[2], "of the log of ") {
			whose[row[1]] = row[2]
		} else {
			always[row[1]] = row[2]
		}
	}
	return always, whose
}

// gapOf are the attributes of the record of a gap in the one log that a receiver reads.
func gapOf(t *testing.T, cfg *config.Config) map[string]any {
	t.Helper()
	p := apart(t, nil, accepts)
	p.cfg = cfg
	from, err := p.provider(t.Context(), componenttest.NewNopHost(), p.observer)
	require.NoError(t, err)
	subjects, err := from.lister.List(t.Context())
	require.NoError(t, err)
	require.Len(t, subjects, 1)
	begin := time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC)
	r := plog.NewLogRecord()
	p.gapRecord(from)(subjects[0], source.Gap{From: begin, To: begin.Add(time.Hour), Reason: "the API is short"}).Record(r)
	require.NoError(t, p.Shutdown(t.Context()))
	return r.Attributes().AsRaw()
}

func TestReadmeHasTheAttributesOfGaps(t *testing.T) {
	always, whose := documentedGap(t)
	met := map[string]string{}
	for _, test := range []struct {
		system string
		log    keys
		name   string // of the attribute that tells whose log it is
		value  string
	}{
		{"auth0", keys{"tenant": true}, "", ""},
		{"auth0", keys{"users": []any{"auth0|1"}}, "user.id", "auth0|1"},
		{"kobil", keys{"product": "ssms", "users": []any{"ada"}}, "user.name", "ada"},
		{"canvas", keys{"users": []any{"3"}}, "user.id", "3"},
		{"canvas", keys{"accounts": []any{"self"}}, "canvas.account.id", "self"},
		{"canvas", keys{"logins": []any{"5"}}, "canvas.login.id", "5"},
	} {
		maps.Copy(test.log, keys{"endpoint": "http://127.0.0.1:1", "token": canary})
		told := gapOf(t, of(t, keys{test.system: test.log}))
		if test.name != "" {
			assert.Equal(t, test.value, told[test.name], test.log)
			met[test.name] = whose[test.name]
			delete(told, test.name)
		}
		assert.ElementsMatch(t, slices.Collect(maps.Keys(always)), slices.Collect(maps.Keys(told)), test.log)
		for name, value := range told {
			assert.IsType(t, "", value, name)
			if constant := strings.Trim(always[name], "`"); always[name] == "`"+constant+"`" {
				assert.Equal(t, constant, value, name)
			}
		}
	}
	assert.Equal(t, whose, met, "each is documented, and on the record of some log")
}
