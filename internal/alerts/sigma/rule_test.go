package sigma_test

import (
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/userlog/userlog-otel/internal/alerts/sigma"
)

// parse reads rules from one file.
func parse(t *testing.T, content string) (sigma.Rules, error) {
	t.Helper()
	return sigma.Load(fstest.MapFS{"rules.yml": {Data: []byte(content)}})
}

// detection is a rule with a detection, in the flow style of YAML.
func detection(body string) string {
	return "title: t\nid: i\nname: n\nlogsource: {product: user_log}\ndetection: " + body + "\n"
}

// at makes a record of a second with fields, as in "a=1 b=2".
func at(second int, fields string) sigma.Record {
	r := sigma.Record{Time: time.Unix(int64(second), 0), Fields: map[string][]string{}}
	for _, field := range strings.Fields(fields) {
		name, value, _ := strings.Cut(field, "=")
		r.Fields[name] = append(r.Fields[name], value)
	}
	return r
}

func TestFieldsMatch(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		selection, record string
		want              bool
	}{
		{`{a: x}`, "a=x", true},
		{`{a: x}`, "a=X", true},
		{`{a: x}`, "a=xy", false},
		{`{a: x}`, "b=x", false},
		{`{a: 5}`, "a=5", true},
		{`{a: [x, y]}`, "a=y", true},
		{`{a: [x, y]}`, "a=z", false},
		{`{a: x, b: y}`, "a=x b=y", true},
		{`{a: x, b: y}`, "a=x b=z", false},
		{`[{a: x}, {b: y}]`, "b=y", true},
		{`[{a: x}, {b: y}]`, "a=y b=x", false},
		{`{a: x}`, "a=w a=x", true}, // one of a list
		{`{a: x*}`, "a=xyz", true},
		{`{a: 'x?'}`, "a=xyz", false},
		{`{a: 'x?z'}`, "a=xyz", true},
		{`{a: 'x\*'}`, "a=xyz", false},
		{`{a: 'x\*'}`, "a=x*", true},
		{`{a: x.z}`, "a=xyz", false},
		{`{a|cased: x}`, "a=X", false},
		{`{a|contains: y}`, "a=xYz", true},
		{`{a|contains: y}`, "a=xz", false},
		{`{a|contains|all: [x, z]}`, "a=xyz", true},
		{`{a|contains|all: [x, w]}`, "a=xyz", false},
		{`{a|startswith: x}`, "a=xyz", true},
		{`{a|startswith: y}`, "a=xyz", false},
		{`{a|endswith: z}`, "a=xyz", true},
		{`{a|endswith: y}`, "a=xyz", false},
		{`{a|re: '^x.z$'}`, "a=xyz", true},
		{`{a|re: X}`, "a=xyz", false},
		{`{a|re|i: X}`, "a=xyz", true},
		{`{a|cidr: 192.0.2.0/24}`, "a=192.0.2.7", true},
		{`{a|cidr: 192.0.2.0/24}`, "a=::ffff:192.0.2.7", true},
		{`{a|cidr: '2001:db8::/32'}`, "a=2001:db8::1", true},
		{`{a|cidr: 192.0.2.0/24}`, "a=198.51.100.7", false},
		{`{a|cidr: 192.0.2.0/24}`, "a=nowhere", false},
		{`{a|exists: true}`, "a=x", true},
		{`{a|exists: true}`, "b=x", false},
		{`{a|exists: false}`, "b=x", true},
		{`{a|exists: false}`, "a=x", false},
	} {
		rules, err := parse(t, detection(`{selection: `+test.selection+`, condition: selection}`))
		require.NoError(t, err, test.selection)
		assert.Equal(t, test.want, len(rules[0].Find([]sigma.Record{at(0, test.record)})) == 1, "%s of %s", test.selection, test.record)
	}
}

func TestConditionsJoinSelections(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		condition, record string
		want              bool
	}{
		{"a and b", "a=1 b=1", true},
		{"a and b", "a=1", false},
		{"a or b", "b=1", true},
		{"a and not b", "a=1", true},
		{"a and not b", "a=1 b=1", false},
		{"a or b and c_x", "a=1", true}, // and binds closer
		{"(a or b) and c_x", "a=1", false},
		{"not (a or b)", "c_x=1", true},
		{"not not a", "a=1", true},
		{"1 of c_*", "c_y=1", true},
		{"1 of c_*", "a=1", false},
		{"all of c_*", "c_x=1 c_y=1", true},
		{"all of c_*", "c_x=1", false},
		{"1 of them", "b=1", true},
		{"a and not 1 of c_*", "a=1 c_y=1", false},
		{"a and not 1 of c_*", "a=1 b=1", true},
	} {
		used := test.condition + " or (a and b and c_x and c_y and not a)" // which is never met, and uses all
		rules, err := parse(t, detection(`{a: {a: 1}, b: {b: 1}, c_x: {c_x: 1}, c_y: {c_y: 1}, condition: `+used+`}`))
		require.NoError(t, err, test.condition)
		assert.Equal(t, test.want, len(rules[0].Find([]sigma.Record{at(0, test.record)})) == 1, "%s of %s", test.condition, test.record)
	}
}

func TestWrongRulesAreRefused(t *testing.T) {
	t.Parallel()
	correlation := func(body string) string {
		return detection(`{s: {a: 1}, condition: s}`) + "---\ntitle: c\ncorrelation: " + body + "\n"
	}
	for content, want := range map[string]string{
		"": "no rules",
		detection(`{s: {a: 1}, condition: s}`) + "surprise: 1":                                                  "surprise",
		strings.Replace(detection(`{s: {a: 1}, condition: s}`), "user_log", "okta", 1):                          "product",
		detection(`{s: {a: 1}, condition: ""}`):                                                                 `"" is no selection`,
		detection(`{s: {a: 1}, condition: s and}`):                                                              "no selection",
		detection(`{s: {a: 1}, condition: s s}`):                                                                "too much",
		detection(`{s: {a: 1}, condition: (s}`):                                                                 "closing bracket",
		detection(`{s: {a: 1}, condition: 1 in s}`):                                                             "of is missing",
		detection(`{s: {a: 1}, condition: 1 of x_*}`):                                                           "no selection is called",
		detection(`{s: {a: 1}, t: {a: 1}, condition: s}`):                                                       "t is not used",
		detection(`{s: word, condition: s}`):                                                                    "neither a map nor a list",
		detection(`{s: {a: {b: 1}}, condition: s}`):                                                             "no plain value",
		detection(`{s: {a|near: 1}, condition: s}`):                                                             `"near" is not known`,
		detection(`{s: {a|re: "("}, condition: s}`):                                                             "missing closing",
		detection(`{s: {a|cidr: 192.0.2.0}, condition: s}`):                                                     "192.0.2.0",
		detection(`{s: {a|exists: maybe}, condition: s}`):                                                       "exists",
		detection(`{s: {a|exists: [true, false]}, condition: s}`):                                               "not one",
		correlation(`{type: event_count, rules: [x], group-by: [g], timespan: 1m, condition: {gt: 1}}`):         "x is not in the file",
		correlation(`{type: event_count, rules: [n], group-by: [g], timespan: 1w, condition: {gt: 1}}`):         "timespan",
		correlation(`{type: event_count, rules: [n], group-by: [g], timespan: 1m}`):                             "condition is missing",
		correlation(`{type: value_count, rules: [n], group-by: [g], timespan: 1m, condition: {gt: 1}}`):         "field is missing",
		correlation(`{type: temporal, rules: [n], group-by: [g], timespan: 1m, condition: {gt: 1}}`):            "a condition on temporal",
		correlation(`{type: value_sum, rules: [n], group-by: [g], timespan: 1m, condition: {field: a, gt: 1}}`): "value_sum",
		correlation(`{type: temporal, rules: [n], group-by: [g], timespan: 1m, aliases: {g: {x: a}}}`):          "x is not among the rules",
	} {
		_, err := parse(t, content)
		assert.ErrorContains(t, err, want, content)
	}
}

func TestServiceNarrowsARuleDown(t *testing.T) {
	t.Parallel()
	rules, err := parse(t, strings.Replace(detection(`{s: {a: 1}, condition: s}`), "user_log}", "user_log, service: kobil}", 1))
	require.NoError(t, err)
	assert.Len(t, rules[0].Find([]sigma.Record{at(0, "a=1 service.name=kobil"), at(0, "a=1 service.name=auth0"), at(0, "a=1")}), 1)
}
