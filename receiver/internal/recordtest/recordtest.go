// Package recordtest compares the records that a provider makes with golden files, and those with the documentation.
package recordtest

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/golden"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/userlog/userlog-otel/receiver/internal/source"
)

// top is the module's folder, as seen from that of a provider.
const top = "../../../../"

// Golden decodes every answer in testdata/<service>/<case>/page.json and compares the records with those of want.yaml
// beside it, or writes them there. The answers are invented.
func Golden(t *testing.T, service string, write bool, decode func(t *testing.T, name string, body []byte) []source.Entry) {
	pages, err := filepath.Glob(top + "testdata/" + service + "/*/page.json")
	if err != nil || len(pages) == 0 {
		t.Fatalf("no answers of %s: %v", service, err)
	}
	for _, page := range pages {
		folder := filepath.Dir(page)
		t.Run(filepath.Base(folder), func(t *testing.T) {
			body, err := os.ReadFile(page)
			check(t, err)
			got := plog.NewLogs()
			records := got.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty().LogRecords()
			for _, e := range decode(t, filepath.Base(folder), body) {
				e.Record(records.AppendEmpty())
			}
			file := filepath.Join(folder, "want.yaml")
			if write {
				check(t, golden.WriteLogsToFile(file, got))
			}
			want, err := golden.ReadLogs(file)
			check(t, err)
			if w, g := asJSON(t, want), asJSON(t, got); w != g {
				t.Errorf("the records differ from %s\nwant %s\ngot  %s", file, w, g)
			}
		})
	}
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// asJSON holds everything of the logs, and so more than plogtest compares: it leaves out names of events.
func asJSON(t *testing.T, logs plog.Logs) string {
	t.Helper()
	text, err := (&plog.JSONMarshaler{}).MarshalLogs(logs)
	check(t, err)
	return string(text)
}

// Documented compares the attributes of the golden files of a service, and their types, with the table under a heading
// of the receiver's README: it has them all, and no other.
func Documented(t *testing.T, service, heading string) {
	content, err := os.ReadFile(top + "receiver/userlogreceiver/README.md")
	check(t, err)
	_, section, found := strings.Cut(string(content), "\n"+heading+"\n")
	if !found {
		t.Fatalf("the README has no heading %q", heading)
	}
	section, _, _ = strings.Cut(section, "\n#")
	documented := map[string]string{}
	// A row is | `name` | field | type |.
	for _, row := range regexp.MustCompile("(?m)^\\| `([a-z0-9_.]+)` \\|.*\\| ([a-z ]+) \\|$").FindAllStringSubmatch(section, -1) {
		documented[row[1]] = row[2]
	}
	made := attributes(t, service)
	for name, kind := range made {
		if documented[name] != kind {
			t.Errorf("%s is a %s, and documented as %q", name, kind, documented[name])
		}
	}
	for name := range documented {
		if made[name] == "" {
			t.Errorf("%s is documented, but in no golden file", name)
		}
	}
}

// attributes are those of all golden files of a service, with their types.
func attributes(t *testing.T, service string) map[string]string {
	types := map[pcommon.ValueType]string{
		pcommon.ValueTypeStr: "string", pcommon.ValueTypeDouble: "double", pcommon.ValueTypeBool: "boolean",
		pcommon.ValueTypeSlice: "list of strings",
	}
	files, err := filepath.Glob(top + "testdata/" + service + "/*/want.yaml")
	check(t, err)
	made := map[string]string{}
	for _, file := range files {
		logs, err := golden.ReadLogs(file)
		check(t, err)
		for _, resource := range logs.ResourceLogs().All() {
			for _, scope := range resource.ScopeLogs().All() {
				for _, record := range scope.LogRecords().All() {
					for name, value := range record.Attributes().All() {
						made[name] = types[value.Type()]
					}
				}
			}
		}
	}
	return made
}
