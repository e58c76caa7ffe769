package operate

import "testing"

func TestConditionsFiltersAndRoutes(t *testing.T) {
	t.Parallel()
	checkAll(t, []operated{
		{
			name: "add if",
			operators: `- {type: add, field: 'attributes["x"]', value: 1, if: 'attributes["user_log.type"] == "f"'}
- {type: add, field: 'attributes["y"]', value: 1, if: 'attributes["user_log.type"] == "s"'}`,
			want: [][]string{{"+ attributes y: Int 1"}},
		},
		{
			name:      "if that fails",
			operators: `- {type: add, field: 'attributes["x"]', value: 1, if: 'attributes.no.such == 1'}`,
			want:      [][]string{{}},
			err:       "add: if fails (handed on all the same)",
		},
		{
			name:      "if that fails, drop",
			operators: `- {type: add, field: 'attributes["x"]', value: 1, if: 'attributes.no.such == 1', on_error: drop}`,
			want:      [][]string{},
			err:       "add: if fails (left out)",
		},
		{
			name: "two operators fail",
			operators: `- {type: move, id: first, from: 'attributes["no"]', to: 'attributes["such"]'}
- {type: remove, field: 'attributes["no"]'}
- {type: remove, field: 'attributes["no"]'}`,
			want: [][]string{{}},
			err:  "first (move): from is not there (handed on all the same); remove1 (remove): field is not there (handed on all the same); remove: field is not there (handed on all the same)",
		},
		{
			name:      "filter true",
			operators: `- {type: filter, expr: 'attributes["user_log.type"] == "s"'}`,
			want:      [][]string{},
		},
		{
			name:      "filter false",
			operators: `- {type: filter, expr: 'attributes["user_log.type"] == "f"'}`,
			want:      [][]string{{}},
		},
		{
			name:      "filter, an attribute that is not there",
			operators: `- {type: filter, expr: 'attributes["no"] == "f"'}`,
			want:      [][]string{{}},
		},
		{
			name:      "filter, an expression that fails",
			operators: `- {type: filter, expr: 'attributes.user_log.type == "s"'}`,
			want:      [][]string{},
			err:       "filter: expr fails (left out)",
		},
		{
			name:      "filter, drop_ratio 0",
			operators: `- {type: filter, expr: 'true', drop_ratio: 0}`,
			want:      [][]string{{}},
		},
		{
			name:      "filter, by int and double and bool",
			operators: `- {type: filter, expr: 'attributes["count"] == 3 and attributes["geo.location.lat"] > 52 and not attributes["mobile"] and "email" in attributes["scope"]'}`,
			want:      [][]string{},
		},
		{
			name: "router, matched",
			operators: `- {type: router, routes: [{expr: 'attributes["user_log.type"] == "f"', output: red}, {expr: 'attributes["user_log.type"] == "s"', output: blue}]}
- {type: add, id: red, field: 'attributes["x"]', value: red, output: end}
- {type: add, id: blue, field: 'attributes["x"]', value: blue}
- {type: noop, id: end}`,
			want: [][]string{{"+ attributes x: Str blue"}},
		},
		{
			name: "router, matched by none",
			operators: `- {type: router, routes: [{expr: 'attributes["user_log.type"] == "f"', output: red}]}
- {type: add, id: red, field: 'attributes["x"]', value: red}`,
			want: [][]string{},
		},
		{
			name: "router, default",
			operators: `- {type: router, routes: [{expr: 'attributes["user_log.type"] == "f"', output: red}], default: blue}
- {type: add, id: red, field: 'attributes["x"]', value: red, output: end}
- {type: add, id: blue, field: 'attributes["x"]', value: blue}
- {type: noop, id: end}`,
			want: [][]string{{"+ attributes x: Str blue"}},
		},
		{
			name: "router, an expression that fails",
			operators: `- {type: router, routes: [{expr: 'attributes.no.such', output: end}], default: end}
- {type: noop, id: end}`,
			want: [][]string{{}},
			err:  "router: expr fails (the route was not taken)",
		},
		{
			name: "router, with attributes",
			operators: `- {type: router, routes: [{expr: 'true', output: end, attributes: {who: 'EXPR(attributes["user.id"])'}}]}
- {type: noop, id: end}`,
			want: [][]string{{"+ attributes who: Str auth0|1"}},
		},
		{
			name: "router, with attributes that fail",
			operators: `- {type: router, routes: [{expr: 'true', output: end, attributes: {who: 'EXPR(attributes["count"])'}}]}
- {type: noop, id: end}`,
			want: [][]string{},
			err:  "router: an expression in attributes fails (left out)",
		},
		{
			name: "router, an operator further on fails",
			operators: `- {type: router, routes: [{expr: 'true', output: move}]}
- {type: move, from: 'attributes["no"]', to: body}`,
			want: [][]string{{}},
			err:  "move: from is not there (handed on all the same)",
		},
		{
			name: "router to two operators",
			operators: `- {type: router, routes: [{expr: 'true', output: [red, blue]}]}
- {type: add, id: red, field: 'attributes["red"]', value: 1, output: end}
- {type: add, id: blue, field: 'attributes["blue"]', value: 1}
- {type: noop, id: end}`,
			want: [][]string{{"+ attributes red: Int 1"}, {"+ attributes blue: Int 1", "+ attributes red: Int 1"}},
		},
		{
			name: "fan-out",
			operators: `- {type: noop, id: begin, output: [red, blue]}
- {type: add, id: red, field: 'attributes["x"]', value: red, output: end}
- {type: add, id: blue, field: 'attributes["x"]', value: blue}
- {type: noop, id: end}`,
			want: [][]string{{"+ attributes x: Str red"}, {"+ attributes x: Str blue"}},
		},
		{
			name: "fan-out, one fails",
			operators: `- {type: noop, id: begin, output: [red, blue]}
- {type: move, id: red, from: 'attributes["no"]', to: body, on_error: drop, output: end}
- {type: add, id: blue, field: 'attributes["x"]', value: blue}
- {type: noop, id: end}`,
			want: [][]string{{"+ attributes x: Str blue"}},
			err:  "red (move): from is not there (left out)",
		},
	})
}
