package alerts

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestPrometheusRulesUseMetricsThatThereAre(t *testing.T) {
	t.Parallel()
	known := append(ownMetrics(t), "user_log_entries_total") // the last one is that of config/examples/prometheus.yaml
	rules := prometheusRules(t)
	for _, rule := range rules {
		if rule.Record != "" {
			known = append(known, rule.Record)
		}
	}
	for _, rule := range rules {
		used := metricsIn(rule.Expr)
		assert.NotEmpty(t, used, rule.Expr)
		for _, name := range used {
			assert.Contains(t, known, name, "%s%s", rule.Alert, rule.Record)
		}
	}
}

// ownMetrics are the receiver's, as the collector serves them to Prometheus.
func ownMetrics(t *testing.T) []string {
	t.Helper()
	var content struct {
		Telemetry struct {
			Metrics map[string]any `yaml:"metrics"`
		} `yaml:"telemetry"`
	}
	decode(t, "../../metadata.yaml", false, &content)
	require.NotEmpty(t, content.Telemetry.Metrics)
	var names []string
	for name := range content.Telemetry.Metrics {
		names = append(names, "otelcol_"+strings.ReplaceAll(name, ".", "_"))
	}
	return names
}

// metricsIn are the names of an expression that are neither functions nor words of the language, nor labels.
func metricsIn(expr string) []string {
	for _, noise := range []string{`"[^"]*"`, `\{[^}]*\}`, `\[[^\]]*\]`, `\b(by|on|without|ignoring) ?\([^)]*\)`} {
		expr = regexp.MustCompile(noise).ReplaceAllString(expr, " ")
	}
	words := []string{
		"sum", "min", "max", "increase", "rate", "absent", "max_over_time", "avg_over_time",
		"and", "or", "unless", "offset", "bool",
	}
	var names []string
	for _, name := range regexp.MustCompile(`\b[a-zA-Z_][a-zA-Z0-9_:]*`).FindAllString(expr, -1) {
		if !slices.Contains(words, name) {
			names = append(names, name)
		}
	}
	return names
}
