package dashboard_test

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"github.com/userlog/userlog-otel/internal/dashboard"
)

const logQL = `sum by count count_over_time max max_over_time topk sort_desc on and unwrap label_format line_format
	if else end __timestamp__ unixEpochMillis`

const promQL = `sum by max le rate increase histogram_quantile label_values`

// made are labels that a query makes for itself.
const made = `account ms`

// collectorMetrics are those of the collector v0.158.0 that are not the receiver's own; labels are those of all.
const (
	collectorMetrics = `otelcol_receiver_refused_log_records
		otelcol_exporter_sent_log_records otelcol_exporter_send_failed_log_records
		otelcol_exporter_queue_size otelcol_exporter_queue_capacity
		otelcol_process_memory_rss otelcol_process_cpu_seconds otelcol_process_uptime`
	collectorLabels = `instance receiver exporter status_class`
)

func TestQueriesOfRecordsUseTheReceiversAttributes(t *testing.T) {
	t.Parallel()
	known := slices.Concat(strings.Fields(logQL), strings.Fields(made), attributes(t))
	used := assertKnown(t, "loki", known)
	assert.Subset(t, used, []string{"user_log_category", "client_address", "account"}, "what is looked at")
}

func TestQueriesOfMetricsUseWhatTheCollectorHas(t *testing.T) {
	t.Parallel()
	known := slices.Concat(strings.Fields(promQL), strings.Fields(collectorMetrics), strings.Fields(collectorLabels), metrics(t))
	used := assertKnown(t, "prometheus", known)
	assert.Subset(t, used, []string{"otelcol_receiver_user_log_request_duration_bucket", "status_class"}, "what is looked at")
	for _, name := range metrics(t) {
		assert.Contains(t, used, name, "a metric of the receiver that no panel shows")
	}
}

// assertKnown looks at all names in the queries of a kind of data source, and returns them.
func assertKnown(t *testing.T, source string, known []string) (used []string) {
	t.Helper()
	for _, name := range dashboard.Names() {
		d, err := dashboard.Load(dir, name)
		require.NoError(t, err)
		for _, p := range d.Panels {
			for _, target := range p.Targets {
				if target.Datasource.Type != source {
					continue
				}
				for _, word := range words(target.Expr) {
					assert.Contains(t, known, word, "%s: %s: %s", name, p.Title, target.Expr)
					used = append(used, word)
				}
				for _, variable := range variable.FindAllString(target.Expr, -1) {
					assert.Contains(t, variables(d), variable, "%s: %s", name, p.Title)
				}
			}
		}
	}
	return used
}

// Loki 3.7 anchors some regular expressions of labels in structured metadata, and some not
// (https://github.com/grafana/loki/issues/14433): `f|fcoa|fp` finds seacft, too.
func TestRegularExpressionsAreAnchored(t *testing.T) {
	t.Parallel()
	filter := regexp.MustCompile("\\| *[a-z_]+ *[=!]~ *[\"`]([^\"`]*)[\"`]")
	found := 0
	for _, name := range dashboard.Names() {
		d, err := dashboard.Load(dir, name)
		require.NoError(t, err)
		for _, p := range d.Panels {
			for _, target := range p.Targets {
				for _, match := range filter.FindAllStringSubmatch(target.Expr, -1) {
					assert.Regexp(t, `^\^\(.*\)\$$`, match[1], "%s: %s", name, p.Title)
					found++
				}
			}
		}
	}
	assert.Positive(t, found)
}

var (
	variable = regexp.MustCompile(`\$[a-z_]+`)
	// text is in double quotes, or stands in backquotes around what is in braces.
	quoted = regexp.MustCompile(`"[^"]*"`)
	plain  = regexp.MustCompile("(`|}})[^`{]*({{|`)")
	word   = regexp.MustCompile(`[A-Za-z_][A-Za-z0-9_]*`)
	window = regexp.MustCompile(`\[[^]]*\]`)
)

// words are the names in a query: of functions, labels and metrics.
func words(expr string) []string {
	for _, ignored := range []*regexp.Regexp{quoted, window, variable} {
		expr = ignored.ReplaceAllString(expr, " ")
	}
	return word.FindAllString(plain.ReplaceAllString(expr, " "), -1)
}

func TestWords(t *testing.T) {
	t.Parallel()
	assert.Equal(t, []string{"sum", "by", "a", "rate", "m", "b", "a"}, words(`sum by (a) (rate(m{b=~"c d"} [$__range])) / $a * 2 >= 5 | a`))
	assert.Equal(t, []string{"f", "if", "a", "b", "end"}, words("f `text {{if .a}}, by {{.b}}{{end}} tail`"))
}

// variables are those of a dashboard, and Grafana's own.
func variables(d dashboard.Dashboard) []string {
	all := []string{"$__range", "$__rate_interval"}
	for _, v := range d.Templating.List {
		all = append(all, "$"+v.Name)
	}
	return all
}

// attributes are the names that Loki gives to the attributes of records and resources, and to the severity.
func attributes(t *testing.T) []string {
	t.Helper()
	readme, err := os.ReadFile("../../receiver/userlogreceiver/README.md")
	require.NoError(t, err)
	names := []string{"service_name", "service_instance_id", "severity_text"}
	for _, row := range regexp.MustCompile("(?m)^\\| `([a-z0-9_.]+\\.[a-z0-9_.]+)` \\|").FindAllStringSubmatch(string(readme), -1) {
		names = append(names, strings.ReplaceAll(row[1], ".", "_"))
	}
	return names
}

// metrics are the names that the receiver's metrics have on the collector's page.
func metrics(t *testing.T) (names []string) {
	t.Helper()
	content, err := os.ReadFile("../../metadata.yaml")
	require.NoError(t, err)
	var metadata struct {
		Telemetry struct {
			Metrics map[string]struct{ Histogram any }
		}
	}
	require.NoError(t, yaml.Unmarshal(content, &metadata))
	for name, kind := range metadata.Telemetry.Metrics {
		name = "otelcol_" + strings.ReplaceAll(name, ".", "_")
		if kind.Histogram != nil {
			name += "_bucket"
		}
		names = append(names, name)
	}
	return names
}
