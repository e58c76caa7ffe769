package alerts

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/userlog/userlog-otel/internal/backends/rig"
	"github.com/userlog/userlog-otel/internal/emulator/scenario"
)

// What every alert must have, so that whoever is woken by it knows what to do.
func TestEveryAlertSaysWhatItMeans(t *testing.T) {
	t.Parallel()
	readme, err := os.ReadFile(filepath.Join(root, "alerts", "README.md"))
	require.NoError(t, err)
	categories := []string{"login", "mfa", "token", "signup", "admin", "protection", "system"}
	for _, r := range rules(t) {
		assert.Contains(t, []string{"warning", "critical"}, r.Labels["severity"], r.Alert)
		assert.Contains(t, categories, r.Labels["category"], r.Alert)
		for _, name := range []string{"summary", "description", "query", "runbook_url"} {
			assert.NotEmpty(t, r.Annotations[name], "%s: %s", r.Alert, name)
		}
		assert.Regexp(t, `\(ATT&CK T\d{4}(\.\d{3})?\b`, r.Annotations["description"], r.Alert)
		anchor := strings.ToLower(r.Alert)
		assert.Equal(t, "https://github.com/userlog/userlog-otel/blob/main/alerts/README.md#"+anchor, r.Annotations["runbook_url"])
		assert.Contains(t, string(readme), "\n### "+r.Alert+"\n")
	}
}

// What an alert is grouped by, at the outermost, is what it can name.
func TestEveryAlertNamesWhomItIsAboutAndKeepsTenantsApart(t *testing.T) {
	t.Parallel()
	grouping, label := regexp.MustCompile(`\bby \(([^)]*)\)`), regexp.MustCompile(`\$labels\.(\w+)`)
	for _, r := range rules(t) {
		if r.Alert == noEntries {
			continue
		}
		var outermost []string
		for _, match := range grouping.FindAllStringSubmatch(r.Expr, -1) {
			by := strings.Split(match[1], ", ")
			if outermost == nil {
				outermost = by
			}
			assert.Subset(t, by, []string{"service_name", "service_instance_id"}, r.Alert)
		}
		require.NotEmpty(t, outermost, r.Alert)
		said := strings.Join([]string{r.Annotations["summary"], r.Annotations["description"], r.Annotations["query"]}, " ")
		var named []string
		for _, match := range label.FindAllStringSubmatch(said, -1) {
			named = append(named, match[1])
		}
		assert.Subset(t, outermost, named, "%s: an annotation names a label that the expression does not keep", r.Alert)
		assert.Subset(t, named, outermost, "%s: the expression keeps a label that no annotation names", r.Alert)
	}
}

// Names are what somebody typed: a quotation mark in one must not end the string that the query has for it.
func TestQueriesQuoteWhatTheyName(t *testing.T) {
	t.Parallel()
	for _, r := range rules(t) {
		assert.NotRegexp(t, `["`+"`"+`]\{\{`, r.Annotations["query"], r.Alert)
	}
}

// Loki 3.7 anchors regular expressions of structured metadata only sometimes (https://github.com/grafana/loki/issues/14433).
func TestRegularExpressionsAreAnchored(t *testing.T) {
	t.Parallel()
	expression, found := regexp.MustCompile(`\| *\w+ *[=!]~ *"([^"]*)"`), 0
	for _, r := range rules(t) {
		for _, match := range expression.FindAllStringSubmatch(r.Expr+r.Annotations["query"], -1) {
			assert.Regexp(t, `^(\^\(.*\)\$|\(\?i\)\.\*.*\.\*)$`, match[1], r.Alert)
			found++
		}
	}
	assert.Positive(t, found)
}

// pollInterval is how often the receiver reads at most unless told otherwise, and apiDelay what its providers were seen
// to take to show an entry, rounded up.
const (
	pollInterval = time.Minute
	apiDelay     = 10 * time.Second
)

// A rule looks back from now, at the times of the entries: what arrives after its window has gone is never seen.
func TestNoWindowIsShorterThanAnEntryTakesToArrive(t *testing.T) {
	t.Parallel()
	window := regexp.MustCompile(`\[(\w+)\]`)
	for _, g := range groups(t) {
		require.Positive(t, g.Interval, g.Name)
		for _, r := range g.Rules {
			windows := window.FindAllStringSubmatch(r.Expr, -1)
			assert.NotEmpty(t, windows, r.Alert)
			for _, w := range windows {
				length, err := time.ParseDuration(w[1])
				require.NoError(t, err, r.Alert)
				assert.GreaterOrEqual(t, length, 2*(pollInterval+apiDelay+g.Interval), r.Alert)
			}
		}
	}
}

func TestEveryAlertHasAScenarioAndEveryScenarioAnAlert(t *testing.T) {
	t.Parallel()
	want := expected()
	var owned []string
	for _, r := range rules(t) {
		scenarios, ok := want[r.Alert]
		assert.True(t, ok, "%s: no scenario fires it", r.Alert)
		delete(want, r.Alert)
		for name, reason := range scenarios {
			_, ok := scenario.Find(name)
			assert.True(t, ok, "%s: no scenario is named %s", r.Alert, name)
			if reason == own {
				owned = append(owned, name)
			}
		}
	}
	assert.Empty(t, want, "alerts that are not there")
	for _, s := range scenario.All() {
		assert.Equal(t, s.Name != scenario.Ordinary, slices.Contains(owned, s.Name), s.Name)
	}
}

func TestLokitoolAcceptsTheFiles(t *testing.T) {
	t.Parallel()
	lokitool := rig.Binary(t, "LOKITOOL", "run it through make e2e-loki, which builds lokitool first")
	for _, path := range files(t) {
		said, err := exec.Command(lokitool, "rules", "check", path).CombinedOutput()
		require.NoError(t, err, "%s: %s", path, said)
	}
}
