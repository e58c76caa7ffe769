package operate

import (
	"fmt"
	"maps"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/confmap"
	"pgregory.net/rapid"

	"github.com/userlog/userlog-otel/config"
)

// values are what may stand under the keys of operators, right and wrong.
func values() map[string][]any {
	fields := []any{"body", "body.type", `attributes["user.email"]`, `attributes["place"]`, `attributes["scope"]`, `resource["no"]`, "attributes", "", "x", 5}
	expressions := []any{"true", "body", "attributes.no.such", `attributes["count"] > 2`, "1 +", "", 5}
	block := []any{map[string]any{"parse_from": "body"}, map[string]any{"parse_from": "attributes.no"}, map[string]any{}, "x"}
	return map[string][]any{
		"if": expressions, "on_error": {"send", "drop", "drop_quiet", "no"}, "output": {"end", "no", []any{"end", "end"}, []any{}},
		"field": fields, "from": fields, "to": fields, "parse_from": fields, "parse_to": fields, "body": fields,
		"value": {"x", 5, 2.5, "EXPR(attributes)", "EXPR(body)", "EXPR(", map[string]any{"a": nil}, []any{1, nil}},
		"expr":  expressions, "drop_ratio": {0, 0.5, 2}, "fields": {fields[:3], fields, []any{}}, "keys": {[]any{"a", "b"}, []any{}},
		"regex": {"(?P<a>.)", "(", ".", ""}, "replace_with": {"", "x"}, "regex_name": {"ansi_control_sequences", "x"}, "cache": {map[string]any{"size": 2}},
		"layout": {"%s", "%Y-%m-%d", "s", "2006", ""}, "layout_type": {"epoch", "gotime", "strptime", "native", "x"}, "location": {"UTC", "x"},
		"mapping": {map[string]any{"error": "s"}, map[string]any{"info": []any{map[string]any{"min": 1, "max": 9}}}, map[string]any{}, map[string]any{"x": 1}},
		"preset":  {"none", "otel"}, "overwrite_text": {true}, "protocol": {"rfc3164", "rfc5424", "none", "x"},
		"header": {"a,b", ""}, "header_attribute": {"user.id", "no"}, "delimiter": {",", ""}, "pair_delimiter": {",", " "},
		"timestamp": {map[string]any{"parse_from": "body", "layout": "%s"}, "x"}, "severity": block, "scope_name": block, "parse_ints": {true},
		"trace": {map[string]any{"trace_id": block[0]}, map[string]any{}}, "trace_id": block, "span_id": block,
		"routes":  {[]any{map[string]any{"expr": "attributes.no.such", "output": "end"}, map[string]any{"expr": "true", "output": "end", "attributes": map[string]any{"a": "EXPR(body)"}}}, []any{}},
		"default": {"end", "no"},
	}
}

var types = map[string][]string{
	"add": {"field", "value"}, "assign_keys": {"field", "keys"}, "copy": {"from", "to"}, "csv_parser": {"header"}, "filter": {"expr"},
	"flatten": {"field"}, "json_array_parser": nil, "json_parser": nil, "key_value_parser": nil, "move": {"from", "to"}, "noop": nil,
	"regex_parser": {"regex"}, "regex_replace": {"field", "regex"}, "remove": {"field"}, "retain": {"fields"}, "router": {"routes"},
	"sanitize_utf8": nil, "scope_name_parser": {"parse_from"}, "severity_parser": {"parse_from"}, "syslog_parser": {"protocol"},
	"time_parser": {"parse_from", "layout"}, "trace_parser": nil, "unquote": {"field"}, "uri_parser": nil,
}

// Whatever a user writes, it is either refused, with a reason, or works without a panic.
func TestWhatValidationAcceptsDoesNotPanic(t *testing.T) {
	t.Parallel()
	accepted := map[string]bool{}
	known, all := values(), slices.Sorted(maps.Keys(values()))
	rapid.Check(t, func(r *rapid.T) {
		kind := rapid.SampledFrom(slices.Sorted(maps.Keys(types))).Draw(r, "type")
		written := map[string]any{"type": kind}
		for _, key := range slices.Concat(types[kind], rapid.SliceOfN(rapid.SampledFrom(all), 0, 2).Draw(r, "keys")) {
			written[key] = rapid.SampledFrom(known[key]).Draw(r, key)
		}
		conf := confmap.NewFromStringMap(map[string]any{"operators": []any{written, map[string]any{"type": "noop", "id": "end"}}})
		var c struct {
			Operators config.Operators `mapstructure:"operators"`
		}
		require.NoError(r, conf.Unmarshal(&c))
		if confmap.Validate(&c) != nil {
			return
		}
		accepted[kind] = true
		configs, err := c.Operators.Configs()
		require.NoError(r, err)
		p, err := New(Settings{Operators: configs})
		require.NoError(r, err)
		defer func() { require.NoError(r, p.Stop()) }()
		after, err := p.Process(t.Context(), samples(2))
		if value := written["value"]; value != "EXPR(attributes)" { // may put the attributes into themselves
			assert.NotContains(r, fmt.Sprint(err), "panic")
		}
		assert.LessOrEqual(r, after.LogRecordCount(), 4)
	})
	assert.GreaterOrEqual(t, len(accepted), 4, "some of what is tried is accepted")
}
