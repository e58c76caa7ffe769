package config

import (
	"encoding/json"
	"maps"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/confmap"
)

func TestTheSchemaHasTheKeysOfConfigAndNoOthers(t *testing.T) {
	t.Parallel()
	ours := structKeys("", reflect.TypeFor[Config]())
	slices.Sort(ours)
	assert.Equal(t, slices.Compact(ours), slices.Sorted(maps.Keys(schemaKeys(t))))
}

func TestTheSchemaDescribesEveryKey(t *testing.T) {
	t.Parallel()
	for key, node := range schemaKeys(t) {
		if key != "types::*" {
			assert.NotEmpty(t, node["description"], key)
		}
	}
}

// What the schema says is the default makes the same of nothing as NewDefault: none is wrong, and beside the blocks none is
// missing.
func TestTheDefaultsInTheSchemaAreThoseOfConfig(t *testing.T) {
	t.Parallel()
	defaults := confmap.New()
	for key, node := range schemaKeys(t) {
		if value, ok := node["default"]; ok {
			require.NoError(t, defaults.Merge(confmap.NewFromStringMap(map[string]any{key: value})))
		}
	}
	for _, block := range []struct {
		key        string
		read, want any
	}{
		{"auth0::discover", &Discover{}, NewDefaultDiscover()},
		{"auth0", &Auth0{}, NewDefaultAuth0()},
		{"kobil", &KOBIL{}, NewDefaultKOBIL()},
		{"canvas", &Canvas{}, NewDefaultCanvas()},
		{"", &Config{}, NewDefault()},
	} {
		conf := defaults
		if block.key != "" {
			sub, err := defaults.Sub(block.key)
			require.NoError(t, err)
			require.NotEmpty(t, sub.ToStringMap(), block.key)
			require.True(t, defaults.Delete(block.key))
			conf = sub
		}
		require.NoError(t, conf.Unmarshal(block.read), block.key)
		assert.Equal(t, block.want, block.read, block.key)
	}
}

func TestTheSchemaHasTheNamesOfAttributesAndOperators(t *testing.T) {
	t.Parallel()
	var schema struct {
		Defs struct {
			Attribute struct {
				AnyOf []struct{ Enum []string }
			}
			Operators struct {
				Items struct {
					Properties struct {
						Type struct {
							AnyOf []struct{ Enum []string }
						}
					}
				}
			}
		} `json:"$defs"`
	}
	readSchema(t, &schema)
	assert.ElementsMatch(t, strings.Fields(attributes), schema.Defs.Attribute.AnyOf[0].Enum)
	assert.ElementsMatch(t, slices.Collect(maps.Keys(operatorTypes())), schema.Defs.Operators.Items.Properties.Type.AnyOf[0].Enum)
}

// structKeys are the paths of all keys that a type is read from.
func structKeys(path string, t reflect.Type) []string {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if get, ok := reflect.PointerTo(t).MethodByName("Get"); ok && get.Type.NumIn() == 1 { // a configoptional.Optional
		return structKeys(path, get.Type.Out(0))
	}
	var keys []string
	switch {
	case t.Kind() == reflect.Map:
		keys = append(keys, path+"*")
		keys = append(keys, structKeys(path+"*::", t.Elem())...)
	case t.Kind() == reflect.Struct:
		for _, field := range reflect.VisibleFields(t) {
			name, options, _ := strings.Cut(field.Tag.Get("mapstructure"), ",")
			if options == "squash" {
				keys = append(keys, structKeys(path, field.Type)...)
			} else if name != "" && name != "-" {
				keys = append(keys, path+name)
				keys = append(keys, structKeys(path+name+"::", field.Type)...)
			}
		}
	}
	return keys
}

// schemaKeys are the same paths of the schema's receiver, with what it says of them.
func schemaKeys(t *testing.T) map[string]map[string]any {
	t.Helper()
	var schema map[string]any
	readSchema(t, &schema)
	defs := schema["$defs"].(map[string]any)
	found := map[string]map[string]any{}
	walkSchema(defs, "", defs["receiver"].(map[string]any), found)
	return found
}

func walkSchema(defs map[string]any, path string, node map[string]any, found map[string]map[string]any) {
	properties, _ := node["properties"].(map[string]any)
	for name, value := range properties {
		inner := resolved(defs, value.(map[string]any))
		found[path+name] = inner
		walkSchema(defs, path+name+"::", inner, found)
	}
	all, _ := node["allOf"].([]any)
	for _, part := range all {
		walkSchema(defs, path, resolved(defs, part.(map[string]any)), found)
	}
	if others, ok := node["additionalProperties"].(map[string]any); ok && properties == nil && others["properties"] != nil {
		found[path+"*"] = others
		walkSchema(defs, path+"*::", others, found)
	}
}

// resolved is a node with what it refers to; what stands beside the reference goes before.
func resolved(defs, node map[string]any) map[string]any {
	ref, ok := node["$ref"].(string)
	if !ok {
		return node
	}
	whole := maps.Clone(resolved(defs, defs[strings.TrimPrefix(ref, "#/$defs/")].(map[string]any)))
	maps.Copy(whole, node)
	return whole
}

func readSchema(t *testing.T, into any) {
	t.Helper()
	content, err := os.ReadFile(schemaFile)
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(content, into))
}
