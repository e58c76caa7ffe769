package sigma_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/userlog/userlog-otel/internal/alerts/sigma"
)

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
