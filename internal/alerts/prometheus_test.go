package alerts

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"
)

const folder = "../../alerts/prometheus/"

// prometheusRule is a rule that alerts, or one that records.
type prometheusRule struct {
	Alert       string            `yaml:"alert"`
	Record      string            `yaml:"record"`
	Expr        string            `yaml:"expr"`
	For         string            `yaml:"for"`
	Labels      map[string]string `yaml:"labels"`
	Annotations map[string]string `yaml:"annotations"`
}

// prometheusTest is a test of promtool.
type prometheusTest struct {
	RuleFiles []string `yaml:"rule_files"`
	Tests     []struct {
		Alerts []struct {
			Name string `yaml:"alertname"`
			Want []any  `yaml:"exp_alerts"`
		} `yaml:"alert_rule_test"`
		Expressions []struct {
			Expr string `yaml:"expr"`
			Want []any  `yaml:"exp_samples"`
		} `yaml:"promql_expr_test"`
	} `yaml:"tests"`
}

func prometheusFiles(t *testing.T) (rules, tests []string) {
	t.Helper()
	all, err := filepath.Glob(folder + "*.yaml")
	require.NoError(t, err)
	for _, file := range all {
		if strings.HasSuffix(file, "_test.yaml") {
			tests = append(tests, file)
		} else {
			rules = append(rules, file)
		}
	}
	require.NotEmpty(t, rules)
	return rules, tests
}

func prometheusRules(t *testing.T) []prometheusRule {
	t.Helper()
	files, _ := prometheusFiles(t)
	var rules []prometheusRule
	for _, file := range files {
		var content struct {
			Groups []struct {
				Name  string           `yaml:"name"`
				Rules []prometheusRule `yaml:"rules"`
			} `yaml:"groups"`
		}
		decode(t, file, true, &content)
		for _, group := range content.Groups {
			rules = append(rules, group.Rules...)
		}
	}
	require.NotEmpty(t, rules)
	return rules
}

func decode(t *testing.T, file string, strict bool, into any) {
	t.Helper()
	f, err := os.Open(file)
	require.NoError(t, err)
	defer f.Close()
	decoder := yaml.NewDecoder(f)
	decoder.KnownFields(strict)
	require.NoError(t, decoder.Decode(into), file)
}

// anchors are those of the headings of a document.
func anchors(t *testing.T, file string) []string {
	t.Helper()
	content, err := os.ReadFile(file)
	require.NoError(t, err)
	var out []string
	for _, heading := range regexp.MustCompile(`(?m)^#+ (.*)$`).FindAllStringSubmatch(string(content), -1) {
		out = append(out, strings.ReplaceAll(strings.ToLower(heading[1]), " ", "-"))
	}
	return out
}

func TestPrometheusAlertsSayWhatToDo(t *testing.T) {
	t.Parallel()
	known := anchors(t, "../../alerts/README.md")
	for _, rule := range prometheusRules(t) {
		if rule.Alert == "" {
			continue
		}
		assert.Contains(t, []string{"critical", "warning"}, rule.Labels["severity"], rule.Alert)
		assert.NotEmpty(t, rule.Annotations["summary"], rule.Alert)
		assert.Greater(t, len(rule.Annotations["description"]), len(rule.Annotations["summary"]), rule.Alert)
		page, anchor, _ := strings.Cut(rule.Annotations["runbook_url"], "#")
		assert.Equal(t, "https://github.com/userlog/userlog-otel/blob/main/alerts/README.md", page, rule.Alert)
		assert.Equal(t, strings.ToLower(rule.Alert), anchor, rule.Alert)
		assert.Contains(t, known, anchor, "no heading for %s", rule.Alert)
	}
}

// Of each alert promtool's tests have a case in which it fires and one in which it does not.
func TestPrometheusAlertsAreTested(t *testing.T) {
	t.Parallel()
	fires, quiet := map[string]bool{}, map[string]bool{}
	rules, tests := prometheusFiles(t)
	var tested []string
	for _, file := range tests {
		var content prometheusTest
		decode(t, file, false, &content)
		tested = append(tested, content.RuleFiles...)
		for _, test := range content.Tests {
			for _, alert := range test.Alerts {
				fires[alert.Name] = fires[alert.Name] || len(alert.Want) > 0
				quiet[alert.Name] = quiet[alert.Name] || len(alert.Want) == 0
			}
			for _, expression := range test.Expressions {
				name := regexp.MustCompile(`ALERTS\{alertname="(\w+)", alertstate="firing"\}`).FindStringSubmatch(expression.Expr)
				if name != nil {
					fires[name[1]] = fires[name[1]] || len(expression.Want) > 0
					quiet[name[1]] = quiet[name[1]] || len(expression.Want) == 0
				}
			}
		}
	}
	for _, file := range rules {
		assert.Contains(t, tested, filepath.Base(file))
	}
	for _, rule := range prometheusRules(t) {
		if rule.Alert != "" {
			assert.True(t, fires[rule.Alert], "nothing shows that %s fires", rule.Alert)
			assert.True(t, quiet[rule.Alert], "nothing shows when %s stays quiet", rule.Alert)
		}
	}
}
