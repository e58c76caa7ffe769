package operate

import "testing"

func TestTransformers(t *testing.T) {
	t.Parallel()
	checkAll(t, []operated{
		{
			name:      "noop",
			operators: `- type: noop`,
			want:      [][]string{{}},
		},
		{
			name:      "add",
			operators: `- {type: add, field: 'attributes["deployment"]', value: blue}`,
			want:      [][]string{{"+ attributes deployment: Str blue"}},
		},
		{
			name:      "add, over what is there",
			operators: `- {type: add, field: 'attributes["user.id"]', value: 5}`,
			want:      [][]string{{"~ attributes user.id: Int 5"}},
		},
		{
			name:      "add, a map and a list",
			operators: `- {type: add, field: 'attributes["team"]', value: {name: red, on_call: [a, 1, 2.5, true, null]}}`,
			want:      [][]string{{"+ attributes team: Map {\"name\":\"red\",\"on_call\":[\"a\",1,2.5,true,null]}"}},
		},
		{
			name:      "add, an expression",
			operators: `- {type: add, field: 'attributes["kind"]', value: 'EXPR(attributes["user_log.type"] + "!")'}`,
			want:      [][]string{{"+ attributes kind: Str s!"}},
		},
		{
			name:      "add, an expression that fails",
			operators: `- {type: add, field: 'attributes["kind"]', value: 'EXPR(attributes.no.such)'}`,
			want:      [][]string{{}},
			err:       "add: the expression in value fails (handed on all the same)",
		},
		{
			name:      "add, an expression of a time",
			operators: `- {type: add, field: 'attributes["at"]', value: 'EXPR(timestamp)'}`,
			want:      [][]string{{"+ attributes at: Str 2026-11-22T10:00:00.123456789Z"}},
		},
		{
			name:      "add, an expression of texts",
			operators: `- {type: add, field: 'attributes["words"]', value: 'EXPR(split("a b", " "))'}`,
			want:      [][]string{{"+ attributes words: Slice [\"a\",\"b\"]"}},
		},
		{
			name:      "add to a resource",
			operators: `- {type: add, field: 'resource["deployment.environment.name"]', value: test}`,
			want:      [][]string{{"+ resource deployment.environment.name: Str test"}},
		},
		{
			name:      "by the name of the event",
			operators: `- {type: add, field: 'attributes["x"]', value: 1, if: 'attributes["event.name"] == "auth0.s"'}`,
			want:      [][]string{{"+ attributes x: Int 1"}},
		},
		{
			name:      "the name of the event changed",
			operators: `- {type: add, field: 'attributes["event.name"]', value: login}`,
			want:      [][]string{{"~ event: login"}},
		},
		{
			name:      "the name of the event moved",
			operators: `- {type: move, from: 'attributes["event.name"]', to: 'attributes["name"]'}`,
			want:      [][]string{{"+ attributes name: Str auth0.s", "~ event: "}},
		},
		{
			name:      "the name of the event removed",
			operators: `- {type: remove, field: 'attributes["event.name"]'}`,
			want:      [][]string{{"~ event: "}},
		},
		{
			name:      "the name of the event a number",
			operators: `- {type: add, field: 'attributes["event.name"]', value: 7}`,
			want:      [][]string{{"~ event: 7"}},
		},
		{
			name:      "move",
			operators: `- {type: move, from: 'attributes["user.email"]', to: 'attributes["enduser.id"]'}`,
			want:      [][]string{{"+ attributes enduser.id: Str jane@example.com", "- attributes user.email"}},
		},
		{
			name:      "move to the resource",
			operators: `- {type: move, from: 'attributes["user_log.type"]', to: 'resource["kind"]'}`,
			want:      [][]string{{"+ resource kind: Str s", "- attributes user_log.type"}},
		},
		{
			name:      "move the body",
			operators: `- {type: move, from: body, to: 'attributes["raw"]'}`,
			want:      [][]string{{"+ attributes raw: Str {\"type\":\"s\",\"user\":{\"id\":\"auth0|1\"},\"n\":3,\"big\":9007199254740993}", "~ body: Empty "}},
		},
		{
			name:      "move what is not there",
			operators: `- {type: move, from: 'attributes["no"]', to: 'attributes["such"]'}`,
			want:      [][]string{{}},
			err:       "move: from is not there (handed on all the same)",
		},
		{
			name:      "move what is not there, send_quiet",
			operators: `- {type: move, from: 'attributes["no"]', to: 'attributes["such"]', on_error: send_quiet}`,
			want:      [][]string{{}},
		},
		{
			name:      "move what is not there, drop",
			operators: `- {type: move, from: 'attributes["no"]', to: 'attributes["such"]', on_error: drop}`,
			want:      [][]string{},
			err:       "move: from is not there (left out)",
		},
		{
			name:      "move what is not there, drop_quiet",
			operators: `- {type: move, from: 'attributes["no"]', to: 'attributes["such"]', on_error: drop_quiet}`,
			want:      [][]string{},
		},
		{
			name:      "copy",
			operators: `- {type: copy, from: 'attributes["place"]', to: 'attributes["where"]'}`,
			want:      [][]string{{"+ attributes where: Map {\"city\":\"Berlin\",\"zone\":1}"}},
		},
		{
			name:      "copy what is not there",
			operators: `- {type: copy, from: 'attributes["no"]', to: 'attributes["such"]'}`,
			want:      [][]string{{}},
			err:       "copy: from is not there (handed on all the same)",
		},
		{
			name:      "remove",
			operators: `- {type: remove, field: 'attributes["user.email"]'}`,
			want:      [][]string{{"- attributes user.email"}},
		},
		{
			name:      "remove all attributes",
			operators: `- {type: remove, field: attributes}`,
			want:      [][]string{{"- attributes count", "- attributes geo.location.lat", "- attributes key", "- attributes log.record.uid", "- attributes mobile", "- attributes place", "- attributes scope", "- attributes user.email", "- attributes user.id", "- attributes user_log.type", "~ event: "}},
		},
		{
			name:      "remove the body",
			operators: `- {type: remove, field: body}`,
			want:      [][]string{{"~ body: Empty "}},
		},
		{
			name:      "remove the resource",
			operators: `- {type: remove, field: resource}`,
			want:      [][]string{{"- resource service.instance.id", "- resource service.name"}},
		},
		{
			name:      "retain",
			operators: `- {type: retain, fields: ['attributes["user.id"]', 'attributes["event.name"]', 'attributes["no"]']}`,
			want:      [][]string{{"- attributes count", "- attributes geo.location.lat", "- attributes key", "- attributes log.record.uid", "- attributes mobile", "- attributes place", "- attributes scope", "- attributes user.email", "- attributes user_log.type"}},
		},
		{
			name:      "retain without the name of the event",
			operators: `- {type: retain, fields: ['attributes["user.id"]']}`,
			want:      [][]string{{"- attributes count", "- attributes geo.location.lat", "- attributes key", "- attributes log.record.uid", "- attributes mobile", "- attributes place", "- attributes scope", "- attributes user.email", "- attributes user_log.type", "~ event: "}},
		},
		{
			name:      "flatten",
			operators: `- {type: flatten, field: 'attributes["place"]'}`,
			want:      [][]string{{"+ attributes city: Str Berlin", "+ attributes zone: Int 1", "- attributes place"}},
		},
		{
			name:      "flatten what is no map",
			operators: `- {type: flatten, field: 'attributes["scope"]'}`,
			want:      [][]string{{}},
			err:       "flatten: field is no map (handed on all the same)",
		},
		{
			name:      "flatten what is not there",
			operators: `- {type: flatten, field: 'attributes["no"]'}`,
			want:      [][]string{{}},
			err:       "flatten: field is not there (handed on all the same)",
		},
		{
			name:      "assign_keys",
			operators: `- {type: assign_keys, field: 'attributes["scope"]', keys: [a, b]}`,
			want:      [][]string{{"~ attributes scope: Map {\"a\":\"openid\",\"b\":\"email\"}"}},
		},
		{
			name:      "assign_keys, too few",
			operators: `- {type: assign_keys, field: 'attributes["scope"]', keys: [a]}`,
			want:      [][]string{{}},
			err:       "assign_keys: field has more or fewer values than keys (handed on all the same)",
		},
		{
			name:      "assign_keys to no list",
			operators: `- {type: assign_keys, field: 'attributes["place"]', keys: [a]}`,
			want:      [][]string{{}},
			err:       "assign_keys: field is no list (handed on all the same)",
		},
		{
			name: "unquote",
			operators: `- {type: add, field: 'attributes["q"]', value: '"a\tb"'}
- {type: unquote, field: 'attributes["q"]'}`,
			want: [][]string{{"+ attributes q: Str a\tb"}},
		},
		{
			name:      "unquote what is not quoted",
			operators: `- {type: unquote, field: 'attributes["user.email"]'}`,
			want:      [][]string{{}},
			err:       "unquote: it cannot work on the value (handed on all the same)",
		},
		{
			name:      "unquote a number",
			operators: `- {type: unquote, field: 'attributes["count"]'}`,
			want:      [][]string{{}},
			err:       "unquote: the value is of a kind that it does not work on (handed on all the same)",
		},
		{
			name:      "regex_replace",
			operators: `- {type: regex_replace, field: 'attributes["user.email"]', regex: '^[^@]+', replace_with: 'x'}`,
			want:      [][]string{{"~ attributes user.email: Str x@example.com"}},
		},
		{
			name:      "regex_replace with nothing",
			operators: `- {type: regex_replace, field: 'attributes["user.email"]', regex: '@.*$', replace_with: ''}`,
			want:      [][]string{{"~ attributes user.email: Str jane"}},
		},
		{
			name:      "regex_replace in a number",
			operators: `- {type: regex_replace, field: 'attributes["count"]', regex: '3'}`,
			want:      [][]string{{}},
			err:       "regex_replace: the value is of a kind that it does not work on (handed on all the same)",
		},
		{
			name:      "sanitize_utf8",
			operators: `- {type: sanitize_utf8}`,
			want:      [][]string{{}},
		},
		{
			name:      "a value that contains itself",
			operators: `- {type: add, field: 'attributes["all"]', value: 'EXPR(attributes)'}`,
			want:      [][]string{{}},
			err:       "an operator: it panicked: a value has more than 1000 levels, or contains itself (handed on as it was)",
		},
	})
}
