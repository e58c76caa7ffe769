package config

import (
	"fmt"
	"maps"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/confmap"
)

// whereExpressionsStand are the operators that have one, and the path to it.
func whereExpressionsStand() map[string]map[string]any {
	return map[string]map[string]any{
		"if":                       {"type": "add", "field": "body", "value": "a"},
		"expr":                     {"type": "filter"},
		"value":                    {"type": "add", "field": "body"},
		"routes::0::expr":          {"type": "router"},
		"routes::1::attributes::a": {"type": "router"},
	}
}

// operatorWith is the operator for a path, with an expression there.
func operatorWith(t *testing.T, path, text string) Operator {
	t.Helper()
	keys := maps.Clone(whereExpressionsStand()[path])
	switch path {
	case "value":
		keys[path] = "EXPR(" + text + ")"
	case "routes::0::expr":
		keys["routes"] = []any{map[string]any{"expr": text, "output": "end"}}
	case "routes::1::attributes::a":
		attributes := map[string]any{"a": `EXPR("x") and EXPR(` + text + `)`}
		keys["routes"] = []any{map[string]any{"expr": "true", "output": "end"}, map[string]any{"expr": "true", "output": "end", "attributes": attributes}}
	default:
		keys[path] = text
	}
	var o Operator
	require.NoError(t, o.Unmarshal(confmap.NewFromStringMap(keys)))
	return o
}

func TestNamesThatNoRecordHasAreRefusedWhereverTheyStand(t *testing.T) {
	t.Parallel()
	for path := range whereExpressionsStand() {
		for _, test := range []struct{ text, name string }{
			{`attribute["user_log.type"] == "sapi"`, "attribute"},
			{`user_log.type == "sapi"`, "user_log"},
			{`severity_text == "INFO"`, "severity_text"},
			{`severity >= 17`, "severity"},
			{`trace_id != nil`, "trace_id"},
			{`Body == "a"`, "Body"},
			{`attributes["user_log.type"] == sapi`, "sapi"},
			{`attributes["user_log.type"] in ["s", sapi]`, "sapi"},
			{`isSet(attributes["user.id"])`, "isSet"},
			{`any(attributes["auth0.scope"], {# == scope})`, "scope"},
			{`(let a = body; a == "a") and a == "a"`, "a"},
			{`true ? true : user == "a"`, "user"},
			{`$env.attribute == nil`, "attribute"},
			{`env["HOME"] == "a"`, "env"},
			{`env(stage) == "a"`, "stage"},
			{`attributes.a == "a" && (body.b ?? c) == "a"`, "c"},
		} {
			t.Run(path+" "+test.text, func(t *testing.T) {
				t.Parallel()
				require.EqualError(t, operatorWith(t, path, test.text).Validate(), path+": unknown name "+test.name+
					`: the names are attributes, as in attributes["user_log.type"], body, resource and timestamp; a text stands in quotes`)
			})
		}
	}
}

func TestExpressionsOfKnownNamesAreAccepted(t *testing.T) {
	t.Parallel()
	for path := range whereExpressionsStand() {
		for _, text := range []string{
			`attributes["user_log.type"] == "sapi"`,
			`attributes.count > 2 and not attributes.mobile`,
			`attributes?.place?.city == "Berlin" or attributes.no.such == 1`,
			`body.a == "a"`,
			`body matches "^x" and body contains 'attribute'`,
			`$.a["b c"][0] == "a"`,
			`$ == nil`,
			`resource["service.name"] startsWith "auth0"`,
			`timestamp < date("2026-11-22") or timestamp.Year() == 2026`,
			`timestamp > now() - duration("24h")`,
			`"user.id" in attributes and attributes["user_log.type"] in ["s", "f"]`,
			`all(attributes["auth0.scope"], {# startsWith "open"})`,
			`any(body.users, .id == "a")`,
			`reduce(attributes.list, #acc + # * #index, 0) > 2`,
			`len(filter(keys(attributes), # startsWith "auth0.")) > 1`,
			`let kind = attributes["user_log.type"]; kind == "s" or kind == "f"`,
			`attributes["user.email"] | lower() | hasSuffix("@example.com")`,
			`{"type": 1, name: 2}[attributes.key] == 1`,
			`env("STAGE") == "test"`,
			`os_env_func("STAGE") == "test"`,
			`$env["attributes"] != nil and $env?.whatever == nil`,
			`if attributes.a == 1 { true } else { body == "b" }`,
			`int(attributes["http.status"] ?? "0") >= 400 /* severity */`,
		} {
			t.Run(path+" "+text, func(t *testing.T) {
				t.Parallel()
				assert.NoError(t, operatorWith(t, path, text).Validate())
			})
		}
	}
}

// What looks like an expression where stanza reads none is a text.
func TestTextsAreNoExpressions(t *testing.T) {
	t.Parallel()
	for _, operators := range []string{
		"- {type: add, field: body, value: severity}",
		"- {type: add, field: body, value: 'is EXPR(severity)'}",
		"- {type: add, field: body, value: 'EXPR(severity) it is'}",
		"- {type: add, field: body, value: {a: 'EXPR(severity)'}}",
		"- {type: regex_replace, field: body, regex: 'EXPR(severity)', replace_with: 'EXPR(severity)'}",
		"- {type: router, routes: [{expr: 'true', output: end, attributes: {a: severity, b: 'EXPR(severity'}}]}",
	} {
		assert.NoError(t, operatorsOf(t, operators)[0].Validate(), operators)
	}
}

func TestEveryUnknownNameOfARouterIsTold(t *testing.T) {
	t.Parallel()
	err := operatorsOf(t, `- type: router
  routes:
    - {expr: 'a == 1', output: end}
    - {expr: 'true', output: end, attributes: {y: 'EXPR(c) EXPR(d)', x: 'EXPR(b)'}}
    - {expr: 'e == 1'}`)[0].Validate()
	for _, want := range []string{
		"routes::2: output is missing", "routes::0::expr: unknown name a:", "routes::1::attributes::x: unknown name b:",
		"routes::1::attributes::y: unknown name c:", "routes::1::attributes::y: unknown name d:", "routes::2::expr: unknown name e:",
	} {
		assert.ErrorContains(t, err, want)
	}
}

// A name that stanza adds is to be told of, too.
func TestTheNamesAreThoseOfStanza(t *testing.T) {
	t.Parallel()
	assert.Equal(t, []string{"$", "attributes", "body", envFunction, "resource", "timestamp"}, slices.Sorted(maps.Keys(knownNames())))
	assert.Equal(t, "func(string) string", fmt.Sprint(knownNames()[envFunction]))
}
