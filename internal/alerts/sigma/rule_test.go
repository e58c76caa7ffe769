package sigma_test

import (
	"fmt"
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

// TestCorrelations looks at what happens in seconds: rule n finds records with a=1, rule o those with b=1.
func TestCorrelations(t *testing.T) {
	t.Parallel()
	const parts = "title: n\nid: n\nname: n\nlogsource: {product: user_log}\ndetection: {s: {a: 1}, condition: s}\n---\n" +
		"title: o\nid: o\nname: o\nlogsource: {product: user_log}\ndetection: {s: {b: 1}, condition: s}\n---\n"
	count := `{type: event_count, rules: [n], group-by: [g], timespan: 10s, condition: {gte: 2}}`
	values := `{type: value_count, rules: [n], group-by: [g], timespan: 10s, condition: {field: v, gt: 1}}`
	both := `{type: temporal, rules: [n, o], group-by: [g], timespan: 10s}`
	ordered := `{type: temporal_ordered, rules: [n, o], group-by: [g], timespan: 10s}`
	aliased := `{type: event_count, rules: [n, o], group-by: [who], timespan: 10s, condition: {gte: 2}, aliases: {who: {n: g, o: h}}}`
	for name, test := range map[string]struct {
		correlation string
		records     []sigma.Record
		want        []string
	}{
		"two of a group":                    {count, []sigma.Record{at(0, "a=1 g=x"), at(9, "a=1 g=x")}, []string{"9 x"}},
		"two, but too late":                 {count, []sigma.Record{at(0, "a=1 g=x"), at(10, "a=1 g=x")}, nil},
		"two of two groups":                 {count, []sigma.Record{at(0, "a=1 g=x"), at(1, "a=1 g=y")}, nil},
		"one that is another":               {count, []sigma.Record{at(0, "a=1 g=x"), at(1, "b=1 g=x")}, nil},
		"without a group":                   {count, []sigma.Record{at(0, "a=1"), at(1, "a=1")}, nil},
		"windows slide":                     {count, []sigma.Record{at(0, "a=1 g=x"), at(8, "a=1 g=x"), at(16, "a=1 g=x")}, []string{"8 x", "16 x"}},
		"two values":                        {values, []sigma.Record{at(0, "a=1 g=x v=1"), at(1, "a=1 g=x v=2")}, []string{"1 x"}},
		"one value twice":                   {values, []sigma.Record{at(0, "a=1 g=x v=1"), at(1, "a=1 g=x v=1")}, nil},
		"no value":                          {values, []sigma.Record{at(0, "a=1 g=x v=1"), at(1, "a=1 g=x")}, nil},
		"both":                              {both, []sigma.Record{at(0, "b=1 g=x"), at(1, "a=1 g=x")}, []string{"1 x"}},
		"one of both":                       {both, []sigma.Record{at(0, "a=1 g=x"), at(1, "a=1 g=x")}, nil},
		"in order":                          {ordered, []sigma.Record{at(0, "a=1 g=x"), at(1, "b=1 g=x")}, []string{"1 x"}},
		"in the other order":                {ordered, []sigma.Record{at(0, "b=1 g=x"), at(1, "a=1 g=x")}, nil},
		"in order, with another in between": {ordered, []sigma.Record{at(0, "a=1 g=x"), at(1, "b=1 g=y"), at(2, "b=1 g=x")}, []string{"2 x"}},
		"in order, but too late":            {ordered, []sigma.Record{at(0, "a=1 g=x"), at(10, "b=1 g=x")}, nil},
		"fields with other names":           {aliased, []sigma.Record{at(0, "a=1 g=x"), at(1, "b=1 h=x g=y")}, []string{"1 x"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			rules, err := parse(t, parts+"title: c\ncorrelation: "+test.correlation+"\n")
			require.NoError(t, err)
			var got []string
			for _, found := range rules.Outermost() {
				if found.Correlation == nil {
					continue
				}
				for _, hit := range found.Find(test.records) {
					for _, value := range hit.Fields {
						got = append(got, fmt.Sprint(hit.Time.Unix(), " ", value[0]))
					}
				}
			}
			assert.Equal(t, test.want, got)
		})
	}
}

func TestCorrelationsOfCorrelations(t *testing.T) {
	t.Parallel()
	rules, err := parse(t, detection(`{s: {a: 1}, condition: s}`)+`---
title: twice
name: twice
correlation: {type: event_count, rules: [n], group-by: [g, h], timespan: 10s, condition: {eq: 2}}
---
title: two of those
correlation: {type: value_count, rules: [twice], group-by: [g], timespan: 10s, condition: {field: h, lte: 2, gt: 1}}
`)
	require.NoError(t, err)
	outermost := rules.Outermost()
	require.Len(t, outermost, 1)
	found := outermost[0].Find([]sigma.Record{
		at(0, "a=1 g=x h=1"), at(1, "a=1 g=x h=2"), at(2, "a=1 g=x h=3"), at(3, "a=1 g=x h=1"), at(4, "a=1 g=x h=2"),
	})
	require.Len(t, found, 1)
	assert.Equal(t, at(4, "g=x"), found[0])
}

func TestServiceNarrowsARuleDown(t *testing.T) {
	t.Parallel()
	rules, err := parse(t, strings.Replace(detection(`{s: {a: 1}, condition: s}`), "user_log}", "user_log, service: kobil}", 1))
	require.NoError(t, err)
	assert.Len(t, rules[0].Find([]sigma.Record{at(0, "a=1 service.name=kobil"), at(0, "a=1 service.name=auth0"), at(0, "a=1")}), 1)
}
