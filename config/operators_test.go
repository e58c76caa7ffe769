package config

import (
	"fmt"
	"maps"
	"os"
	"regexp"
	"slices"
	"testing"

	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/stanza/operator/parser/jsonparser"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/confmap"
	"go.uber.org/goleak"
)

// operatorsOf reads a list of operators as it stands in a configuration.
func operatorsOf(t *testing.T, yaml string) Operators {
	t.Helper()
	retrieved, err := confmap.NewRetrievedFromYAML([]byte("operators:\n" + yaml))
	require.NoError(t, err)
	conf, err := retrieved.AsConf()
	require.NoError(t, err)
	c := NewDefault()
	require.NoError(t, conf.Unmarshal(c))
	return c.Operators
}

func TestOperatorsAreAConfigurationOfTheCollector(t *testing.T) {
	require.NoError(t, componenttest.CheckConfigStruct(struct {
		Operators Operators `mapstructure:"operators"`
	}{}))
}

// What is said of all types holds for a type that is added.
func TestEveryTypeOfOperatorsIsInTheGoodConfiguration(t *testing.T) {
	content, err := os.ReadFile("../testdata/config/good/operators.yaml")
	require.NoError(t, err)
	var used []string
	for _, match := range regexp.MustCompile(`\btype: ([a-z0-9_]+)`).FindAllStringSubmatch(string(content), -1) {
		used = append(used, match[1])
	}
	slices.Sort(used)
	assert.Equal(t, slices.Sorted(maps.Keys(operatorTypes())), slices.Compact(used))
	configs, err := load(t, "../testdata/config/good/operators.yaml")
	require.NoError(t, err)
	require.NoError(t, configs["user_log/all"].Operators.Validate())
	require.NoError(t, configs["user_log/none"].Operators.Validate())
}

// A needed key that stanza does not ask for itself would be found by the first record.
func TestNeededKeysAreNeeded(t *testing.T) {
	for name, kind := range operatorTypes() {
		for _, key := range kind.needed {
			o := operatorsOf(t, "- type: "+name)[0]
			assert.ErrorContains(t, o.Validate(), key+" is missing", name)
		}
	}
}

func TestFaultsBetweenOperatorsAreExplained(t *testing.T) {
	for _, test := range []struct{ name, operators, want string }{
		{
			"output that is nobody's id",
			"- {type: noop, output: nowhere}\n- {type: noop, id: end}",
			"output nowhere of noop is the id of no operator: use one of noop, end",
		},
		{
			"route to nowhere",
			"- {type: router, routes: [{expr: 'true', output: nowhere}]}\n- {type: noop}",
			"output nowhere of router is the id of no operator: use one of router, noop",
		},
		{
			"ids that are there twice",
			"- {type: noop, id: a}\n- {type: move, id: a, from: body, to: body}",
			"id a is there twice: give each operator its own",
		},
		{
			"ids that are there twice, and an output to nowhere",
			"- {type: noop, id: a}\n- {type: noop, id: a, output: b}",
			"id a is there twice: give each operator its own; output b of a is the id of no operator: use one of a, a",
		},
		{
			"the last operator leads back",
			"- {type: noop, id: a}\n- {type: noop, id: b, output: a}",
			"records would go in circles: (a -> b -> a): let output name a later operator; what the last one lets through is " +
				"delivered, so it needs no output",
		},
		{
			"a router at the end",
			"- {type: noop, id: a}\n- {type: router, id: b, routes: [{expr: 'true', output: a}]}",
			"records would go in circles: (a -> b -> a): let output name a later operator; what the last one lets through is " +
				"delivered, so it needs no output",
		},
		{"one alone is wrong, which is told there", "- {type: noop, output: nowhere}\n- {type: add}", ""},
		{"one alone cannot be built, which is told there", "- {type: noop, output: nowhere}\n- {type: filter, expr: '1 +'}", ""},
		{"ids that are made of types", "- {type: noop}\n- {type: noop}\n- {type: noop, id: x, output: [a, b]}\n- {type: noop, id: a}\n- {type: noop, id: b}", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			err := operatorsOf(t, test.operators).Validate()
			if test.want == "" {
				require.NoError(t, err)
				return
			}
			require.EqualError(t, err, test.want)
		})
	}
}

// The cache of a regex_parser runs from when it is built, whatever becomes of the others.
func TestValidationLeavesNothingRunning(t *testing.T) {
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	for _, rest := range []string{"", "- {type: noop, output: nowhere}", "- {type: filter, expr: '1 +'}"} {
		operators := operatorsOf(t, "- {type: regex_parser, regex: '(?P<a>b)', cache: {size: 5}}\n"+rest)
		_ = confmap.Validate(map[string]any{"operators": operators})
	}
}

// Whoever builds the operators twice, as validation and the receiver do, builds the same ones.
func TestEachBuildBeginsAnew(t *testing.T) {
	operators := operatorsOf(t, "- {type: noop}\n- {type: noop}")
	require.NoError(t, operators.Validate())
	for range 2 {
		configs, err := operators.Configs()
		require.NoError(t, err)
		assert.Equal(t, "noop", configs[1].ID(), "stanza has made noop1 of it")
		configs[1].SetID("other")
	}
	_, err := operatorsOf(t, "- {type: noop}\n- {type: add}").Configs()
	require.EqualError(t, err, "operators::1: field is missing: set it; value is missing: set it")
}

// A text is a text, though a number stands in the variable.
func TestValuesOfOperatorsFromTheEnvironment(t *testing.T) {
	t.Setenv("DEPLOYMENT", "20261122")
	file := t.TempDir() + "/config.yaml"
	require.NoError(t, os.WriteFile(file, []byte(`receivers:
  user_log:
    auth0: {endpoint: https://acme.eu.auth0.com, token: x, users: [auth0|1]}
    operators:
      - {type: regex_replace, field: body, regex: "${env:NUMBER}", replace_with: "${env:EMPTY}"}
      - {type: add, field: body, value: "${env:DEPLOYMENT}"}
      - {type: add, field: body, value: {a: "${env:DEPLOYMENT}", b: ["${env:DEPLOYMENT}"]}}
      - {type: severity_parser, parse_from: body, mapping: {error: "${env:DEPLOYMENT}"}}
      - {type: json_parser, severity: {parse_from: body, mapping: {error: ["${env:DEPLOYMENT}"]}}}
`), 0o600))
	configs, err := load(t, file)
	require.NoError(t, err)
	built, err := configs["user_log"].Operators.Configs()
	require.NoError(t, err)
	assert.Contains(t, fmtOf(built[0].Builder), "Regex:20261122 ReplaceWith: ")
	assert.Contains(t, fmtOf(built[1].Builder), "Value:20261122")
	assert.Contains(t, fmtOf(built[2].Builder), "Value:map[a:20261122 b:[20261122]]")
	assert.Contains(t, fmtOf(built[3].Builder), "Mapping:map[error:20261122]")
	parser := built[4].Builder.(*jsonparser.Config)
	assert.Equal(t, map[string]any{"error": []any{20261122}}, parser.SeverityConfig.Mapping)
}

func fmtOf(v any) string { return fmt.Sprintf("%+v", v) }
