// Package sigma checks the Sigma rules against their schema. What they find is tested where the receiver is,
// in internal/alerts/sigma.
package sigma

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"
)

const folder = "../../../alerts/sigma/"

func compile(t *testing.T) *jsonschema.Schema {
	t.Helper()
	compiler := jsonschema.NewCompiler()
	compiler.AssertFormat()
	schema, err := compiler.Compile(folder + "schema.json")
	require.NoError(t, err)
	return schema
}

// documents are those of a file of YAML, as JSON has them: a date is a text.
func documents(t *testing.T, content string) []any {
	t.Helper()
	decoder := yaml.NewDecoder(strings.NewReader(content))
	var out []any
	for {
		var node yaml.Node
		err := decoder.Decode(&node)
		if errors.Is(err, io.EOF) {
			return out
		}
		require.NoError(t, err)
		out = append(out, plain(t, &node))
	}
}

func plain(t *testing.T, node *yaml.Node) any {
	t.Helper()
	switch node.Kind {
	case yaml.DocumentNode:
		return plain(t, node.Content[0])
	case yaml.SequenceNode:
		out := make([]any, len(node.Content))
		for i, element := range node.Content {
			out[i] = plain(t, element)
		}
		return out
	case yaml.MappingNode:
		out := map[string]any{}
		for i := 0; i < len(node.Content); i += 2 {
			out[node.Content[i].Value] = plain(t, node.Content[i+1])
		}
		return out
	default:
		if node.Tag == "!!timestamp" {
			return node.Value
		}
		var value any
		require.NoError(t, node.Decode(&value))
		return value
	}
}

func TestRulesSatisfyTheSchema(t *testing.T) {
	t.Parallel()
	schema := compile(t)
	files, err := filepath.Glob(folder + "*.yml")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		// The specification: between 10 and 70 characters, letters in lower case, digits and _.
		assert.Regexp(t, `^[a-z0-9_]{6,66}\.yml$`, filepath.Base(file))
		content, err := os.ReadFile(file)
		require.NoError(t, err)
		for i, document := range documents(t, string(content)) {
			assert.NoError(t, schema.Validate(document), "%s, document %d", file, i)
		}
	}
}

// TestTheSchemaFindsSlips spoils a rule in one way each.
func TestTheSchemaFindsSlips(t *testing.T) {
	t.Parallel()
	schema := compile(t)
	const good = `
title: Many failed logins
id: 4d74243a-8901-4abb-a85d-014c9c548edb
status: test
description: Somebody tries many passwords.
license: Apache-2.0
author: userlog
date: 2026-03-01
references: [https://example.com]
tags: [attack.t1110.001]
falsepositives: [A bad memory]
level: high
correlation:
  type: value_count
  rules: [failed_login]
  group-by: [service.instance.id, user.name]
  timespan: 10m
  condition: {field: client.address, gte: 5}
`
	require.NoError(t, schema.Validate(documents(t, good)[0]))
	for what, change := range map[string][2]string{
		"an id that is no UUID of version 4": {"4abb-a85d", "1abb-a85d"},
		"a level that there is not":          {"level: high", "level: urgent"},
		"no level":                           {"level: high\n", ""},
		"a date in another order":            {"2026-03-01", "01.03.2026"},
		"a day that there is not":            {"2026-03-01", "2026-02-30"},
		"a tag without a technique":          {"attack.t1110.001", "attack.credential-access"},
		"a misspelt key":                     {"falsepositives", "false_positives"},
		"a false positive that is a map":     {"A bad memory", "A user: a bad memory"},
		"a correlation that there is not":    {"value_count", "value_sum"},
		"values of no field":                 {"field: client.address, ", ""},
		"no number":                          {", gte: 5", ""},
		"a number that is a text":            {"gte: 5", "gte: many"},
		"events of a field":                  {"value_count", "event_count"},
		"a condition on an order":            {"value_count", "temporal_ordered"},
		"a timespan in words":                {"10m", "10 minutes"},
		"tenants that are mixed":             {"service.instance.id, ", ""},
		"a detection beside the correlation": {"correlation:", "logsource: {product: user_log}\ndetection: {selection: {a: b}, condition: selection}\ncorrelation:"},
		"a part that has a level":            {"status: test", "name: part\nstatus: test"},
	} {
		spoilt := strings.Replace(good, change[0], change[1], 1)
		require.NotEqual(t, good, spoilt, what)
		assert.Error(t, schema.Validate(documents(t, spoilt)[0]), what)
	}
}
