package operate

import "testing"

func TestParsers(t *testing.T) {
	t.Parallel()
	checkAll(t, []operated{
		{
			name:      "json_parser",
			operators: `- {type: json_parser}`,
			want:      [][]string{{"+ attributes big: Double 9007199254740992", "+ attributes n: Double 3", "+ attributes type: Str s", "+ attributes user: Map {\"id\":\"auth0|1\"}"}},
		},
		{
			name:      "json_parser, whole numbers",
			operators: `- {type: json_parser, parse_to: body, parse_ints: true}`,
			want:      [][]string{{"~ body: Map {\"big\":9007199254740993,\"n\":3,\"type\":\"s\",\"user\":{\"id\":\"auth0|1\"}}"}},
		},
		{
			name:      "json_parser of what is none",
			operators: `- {type: json_parser, parse_from: 'attributes["user.email"]'}`,
			want:      [][]string{{}},
			err:       "json_parser: it cannot work on the value (handed on all the same)",
		},
		{
			name:      "json_parser of a number",
			operators: `- {type: json_parser, parse_from: 'attributes["count"]'}`,
			want:      [][]string{{}},
			err:       "json_parser: the value is of a kind that it does not work on (handed on all the same)",
		},
		{
			name:      "json_parser of what is not there",
			operators: `- {type: json_parser, parse_from: 'attributes["no"]', on_error: drop}`,
			want:      [][]string{},
			err:       "json_parser: parse_from is not there (left out)",
		},
		{
			name: "json_parser with severity and time",
			operators: `- {type: add, field: body, value: '{"level":"warn","at":"2026-11-22T11:00:00Z"}'}
- {type: json_parser, severity: {parse_from: attributes.level}, timestamp: {parse_from: attributes.at, layout: '%Y-%m-%dT%H:%M:%SZ', location: UTC}}`,
			want: [][]string{{"+ attributes at: Str 2026-11-22T11:00:00Z", "+ attributes level: Str warn", "~ body: Str {\"level\":\"warn\",\"at\":\"2026-11-22T11:00:00Z\"}", "~ severity: Warn", "~ text: warn", "~ time: 2026-11-22T11:00:00Z"}},
		},
		{
			name: "json_parser with a wrong time",
			operators: `- {type: add, field: body, value: '{"at":"jane@example.com"}'}
- {type: json_parser, timestamp: {parse_from: attributes.at, layout: '%s'}}`,
			want: [][]string{{"+ attributes at: Str jane@example.com", "~ body: Str {\"at\":\"jane@example.com\"}"}},
			err:  "json_parser: the time does not follow layout (handed on all the same)",
		},
		{
			name: "json_array_parser",
			operators: `- {type: add, field: body, value: '["a",1,true,null]'}
- {type: json_array_parser, parse_to: 'attributes["list"]'}`,
			want: [][]string{{"+ attributes list: Slice [\"a\",1,true,null]", "~ body: Str [\"a\",1,true,null]"}},
		},
		{
			name:      "regex_parser",
			operators: `- {type: regex_parser, regex: '"type":"(?P<kind>\w+)"', cache: {size: 10}}`,
			want:      [][]string{{"+ attributes kind: Str s"}},
		},
		{
			name:      "regex_parser without a match",
			operators: `- {type: regex_parser, regex: '^(?P<kind>x)$'}`,
			want:      [][]string{{}},
			err:       "regex_parser: regex does not match (handed on all the same)",
		},
		{
			name: "key_value_parser",
			operators: `- {type: add, field: body, value: 'a=1 b=two'}
- {type: key_value_parser}`,
			want: [][]string{{"+ attributes a: Str 1", "+ attributes b: Str two", "~ body: Str a=1 b=two"}},
		},
		{
			name:      "key_value_parser of what is none",
			operators: `- {type: key_value_parser, parse_from: 'attributes["user.email"]'}`,
			want:      [][]string{{}},
			err:       "key_value_parser: it cannot work on the value (handed on all the same)",
		},
		{
			name: "csv_parser",
			operators: `- {type: add, field: body, value: 'jane,203.0.113.7'}
- {type: csv_parser, header: 'who,where'}`,
			want: [][]string{{"+ attributes where: Str 203.0.113.7", "+ attributes who: Str jane", "~ body: Str jane,203.0.113.7"}},
		},
		{
			name:      "csv_parser without its header",
			operators: `- {type: csv_parser, header_attribute: no}`,
			want:      [][]string{},
			err:       "csv_parser: header_attribute is not there (left out)",
		},
		{
			name: "uri_parser",
			operators: `- {type: add, field: body, value: 'https://example.com/a?b=c'}
- {type: uri_parser, parse_to: 'attributes["uri"]'}`,
			want: [][]string{{"+ attributes uri: Map {\"host\":\"example.com\",\"path\":\"/a\",\"query\":{\"b\":[\"c\"]},\"scheme\":\"https\"}", "~ body: Str https://example.com/a?b=c"}},
		},
		{
			name: "syslog_parser",
			operators: `- {type: add, field: body, value: '<86>1 2026-11-22T10:00:00Z host app 12 ID - hello'}
- {type: syslog_parser, protocol: rfc5424}`,
			want: [][]string{{"+ attributes appname: Str app", "+ attributes facility: Int 10", "+ attributes facility_text: Str authpriv", "+ attributes hostname: Str host", "+ attributes message: Str hello", "+ attributes msg_id: Str ID", "+ attributes priority: Int 86", "+ attributes proc_id: Str 12", "+ attributes version: Int 1", "~ body: Str <86>1 2026-11-22T10:00:00Z host app 12 ID - hello", "~ text: info", "~ time: 2026-11-22T10:00:00Z"}},
		},
		{
			name:      "severity_parser",
			operators: `- {type: severity_parser, parse_from: 'attributes["user_log.type"]', mapping: {error: s}}`,
			want:      [][]string{{"~ severity: Error", "~ text: s"}},
		},
		{
			name:      "severity_parser, overwrite_text",
			operators: `- {type: severity_parser, parse_from: 'attributes["count"]', mapping: {warn: 3}, overwrite_text: true}`,
			want:      [][]string{{"~ severity: Warn", "~ text: WARN"}},
		},
		{
			name:      "severity_parser of a list",
			operators: `- {type: severity_parser, parse_from: 'attributes["scope"]'}`,
			want:      [][]string{{}},
			err:       "severity_parser: the value is of a kind that it does not work on (handed on all the same)",
		},
		{
			name: "time_parser",
			operators: `- {type: add, field: 'attributes["at"]', value: 1795341600}
- {type: time_parser, parse_from: 'attributes["at"]', layout_type: epoch, layout: s}`,
			want: [][]string{{"+ attributes at: Int 1795341600", "~ time: 2026-11-22T10:00:00Z"}},
		},
		{
			name:      "time_parser of no time",
			operators: `- {type: time_parser, parse_from: 'attributes["user.email"]', layout: '%Y'}`,
			want:      [][]string{{}},
			err:       "time_parser: the time does not follow layout (handed on all the same)",
		},
		{
			name: "trace_parser",
			operators: `- {type: add, field: 'attributes["t"]', value: 0af7651916cd43dd8448eb211c80319c}
- {type: add, field: 'attributes["s"]', value: b7ad6b7169203331}
- {type: trace_parser, trace_id: {parse_from: 'attributes["t"]'}, span_id: {parse_from: 'attributes["s"]'}}`,
			want: [][]string{{"+ attributes s: Str b7ad6b7169203331", "+ attributes t: Str 0af7651916cd43dd8448eb211c80319c", "~ flags: 256", "~ span: b7ad6b7169203331", "~ trace: 0af7651916cd43dd8448eb211c80319c"}},
		},
		{
			name: "trace_parser of a short id",
			operators: `- {type: add, field: 'attributes["t"]', value: 0af7}
- {type: trace_parser, trace_id: {parse_from: 'attributes["t"]'}}`,
			want: [][]string{{"+ attributes t: Str 0af7", "~ flags: 256", "~ trace: "}},
		},
		{
			name:      "trace_parser of no id",
			operators: `- {type: trace_parser, trace_id: {parse_from: 'attributes["user.email"]'}}`,
			want:      [][]string{{"~ flags: 256", "~ trace: "}},
			err:       "trace_parser: the id of the trace or span is not hexadecimal (handed on all the same)",
		},
		{
			name:      "scope_name_parser",
			operators: `- {type: scope_name_parser, parse_from: 'attributes["user.id"]'}`,
			want:      [][]string{{"~ scope: auth0|1 "}},
		},
		{
			name:      "scope_name_parser of a number",
			operators: `- {type: scope_name_parser, parse_from: 'attributes["count"]'}`,
			want:      [][]string{{}},
			err:       "scope_name_parser: parse_from is no text (handed on all the same)",
		},
	})
}
