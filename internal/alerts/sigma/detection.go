package sigma

import (
	"fmt"
	"strings"

	"go.yaml.in/yaml/v3"
)

// test decides about a record.
type test func(Record) bool

func compileDetection(source LogSource, detection map[string]yaml.Node) (test, error) {
	if source.Product != Product {
		return nil, fmt.Errorf("logsource: product is %q, not %s", source.Product, Product)
	}
	selections := map[string]test{}
	condition := ""
	for name, node := range detection {
		if name == "condition" {
			condition = node.Value
			continue
		}
		selection, err := compileSelection(&node)
		if err != nil {
			return nil, fmt.Errorf("detection: %s: %w", name, err)
		}
		selections[name] = selection
	}
	met, err := parseCondition(condition, selections)
	if err != nil {
		return nil, fmt.Errorf("detection: condition: %w", err)
	}
	return func(r Record) bool {
		service, _ := r.field("service.name")
		return (source.Service == "" || source.Service == service) && met(r)
	}, nil
}

// compileSelection takes a map, all fields of which must match, or a list of maps, one of which must.
func compileSelection(node *yaml.Node) (test, error) {
	if node.Kind == yaml.SequenceNode {
		var alternatives []test
		for _, element := range node.Content {
			one, err := compileSelection(element)
			if err != nil {
				return nil, err
			}
			alternatives = append(alternatives, one)
		}
		return oneOf(alternatives), nil
	}
	if node.Kind != yaml.MappingNode || len(node.Content) == 0 {
		return nil, fmt.Errorf("line %d: neither a map nor a list of maps", node.Line)
	}
	var every []test
	for i := 0; i < len(node.Content); i += 2 {
		key, value := node.Content[i].Value, node.Content[i+1]
		field, err := compileField(key, value)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", key, err)
		}
		every = append(every, field)
	}
	return allOf(every), nil
}

// compileField takes a key, which is a field with modifiers, and its values, one of which must match.
func compileField(key string, node *yaml.Node) (test, error) {
	name, modifiers, _ := strings.Cut(key, "|")
	nodes := []*yaml.Node{node}
	if node.Kind == yaml.SequenceNode {
		nodes = node.Content
	}
	var values []string
	for _, n := range nodes {
		if n.Kind != yaml.ScalarNode {
			return nil, fmt.Errorf("line %d: no plain value", n.Line)
		}
		values = append(values, n.Value)
	}
	return compileValues(name, modifiers, values)
}

func allOf(tests []test) test {
	return func(r Record) bool {
		for _, t := range tests {
			if !t(r) {
				return false
			}
		}
		return true
	}
}

func oneOf(tests []test) test {
	return func(r Record) bool {
		for _, t := range tests {
			if t(r) {
				return true
			}
		}
		return false
	}
}
