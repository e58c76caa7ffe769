package config

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"
)

const schemaFile = "user_log.schema.json"

func compileSchema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	schema, err := jsonschema.NewCompiler().Compile(schemaFile)
	require.NoError(t, err)
	return schema
}

// document is a configuration as an editor reads it: variables are not filled in.
func document(t *testing.T, content []byte) any {
	t.Helper()
	var node yaml.Node
	require.NoError(t, yaml.Unmarshal(content, &node))
	asText(&node)
	var parsed any
	require.NoError(t, node.Decode(&parsed))
	return withTextKeys(parsed)
}

// asText makes texts of dates, and of numbers that JSON does not have: the YAML 1.2 of editors has no dates.
func asText(node *yaml.Node) {
	switch tag := node.ShortTag(); {
	case node.Kind != yaml.ScalarNode:
	case tag == "!!timestamp", tag == "!!float" && strings.HasPrefix(strings.TrimLeft(node.Value, "+-"), "."):
		node.Tag = "!!str"
	}
	for _, child := range node.Content {
		asText(child)
	}
}

// withTextKeys makes texts of keys such as 13, as JSON has them.
func withTextKeys(value any) any {
	switch v := value.(type) {
	case map[string]any:
		for key, inner := range v {
			v[key] = withTextKeys(inner)
		}
	case map[any]any:
		texts := map[string]any{}
		for key, inner := range v {
			texts[fmt.Sprint(key)] = withTextKeys(inner)
		}
		return texts
	case []any:
		for i, inner := range v {
			v[i] = withTextKeys(inner)
		}
	}
	return value
}

func TestTheSchemaAcceptsEveryGoodConfiguration(t *testing.T) {
	t.Parallel()
	schema := compileSchema(t)
	for _, pattern := range []string{"examples/*.yaml", "../testdata/config/good/*.yaml"} {
		for _, file := range files(t, pattern) {
			t.Run(filepath.Base(file), func(t *testing.T) {
				t.Parallel()
				content, err := os.ReadFile(file)
				require.NoError(t, err)
				assert.NoError(t, schema.Validate(document(t, content)))
			})
		}
	}
}

func TestTheSchemaAcceptsTheConfigurationsInTheDocuments(t *testing.T) {
	t.Parallel()
	schema := compileSchema(t)
	documents := append(files(t, "../docs/*.md"), "../README.md", "../receiver/userlogreceiver/README.md")
	tested := 0
	for _, file := range documents {
		content, err := os.ReadFile(file)
		require.NoError(t, err)
		for _, block := range yamlBlock.FindAllSubmatch(content, -1) {
			if !strings.Contains(string(block[1]), "user_log") || !strings.Contains(string(block[1]), "receivers:") {
				continue
			}
			parsed := document(t, block[1])
			if receivers, ok := parsed.(map[string]any)["receivers"].([]any); ok {
				require.Contains(t, fmt.Sprint(receivers), "gomod", "a manifest of ocb")
				continue
			}
			tested++
			assert.NoError(t, schema.Validate(parsed), "%s:\n%s", file, block[1])
		}
	}
	assert.Positive(t, tested)
}

// Every file of testdata/config/bad is refused, but for those whose fault a schema cannot see.
func TestTheSchemaRefusesEveryBadConfiguration(t *testing.T) {
	t.Parallel()
	schema := compileSchema(t)
	reasons := map[string]string{}
	for reason, names := range unseenBySchema() {
		for name := range strings.FieldsSeq(names) {
			require.NotContains(t, reasons, name)
			reasons[name] = reason
		}
	}
	for _, file := range files(t, "../testdata/config/bad/*.yaml") {
		name := strings.TrimSuffix(filepath.Base(file), ".yaml")
		reason := reasons[name]
		delete(reasons, name)
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			content, err := os.ReadFile(file)
			require.NoError(t, err)
			err = schema.Validate(document(t, content))
			if reason == "" {
				assert.Error(t, err)
			} else {
				assert.NoError(t, err, "it is said to be unseen: %s", reason)
			}
		})
	}
	assert.Empty(t, reasons, "files that are no longer there")
}
