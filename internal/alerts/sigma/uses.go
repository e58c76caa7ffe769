package sigma

import "go.yaml.in/yaml/v3"

// Use is a field that a rule looks at, with its modifiers, and the values that it looks for, if any.
type Use struct {
	Field  string
	Values []string
}

// Uses are all fields of a rule.
func (r *Rule) Uses() []Use {
	var uses []Use
	for name, node := range r.Detection {
		if name != "condition" {
			uses = append(uses, usesOf(&node)...)
		}
	}
	for _, field := range r.Fields {
		uses = append(uses, Use{Field: field})
	}
	if r.Correlation == nil {
		return uses
	}
	for _, field := range r.Correlation.GroupBy {
		if r.Correlation.Aliases[field] == nil {
			uses = append(uses, Use{Field: field})
		}
	}
	for _, fields := range r.Correlation.Aliases {
		for _, field := range fields {
			uses = append(uses, Use{Field: field})
		}
	}
	if count := r.Correlation.Condition; count != nil && count.Field != "" {
		uses = append(uses, Use{Field: count.Field})
	}
	return uses
}

func usesOf(node *yaml.Node) []Use {
	var uses []Use
	if node.Kind == yaml.SequenceNode {
		for _, element := range node.Content {
			uses = append(uses, usesOf(element)...)
		}
		return uses
	}
	for i := 0; i < len(node.Content); i += 2 {
		key, value := node.Content[i].Value, node.Content[i+1]
		use := Use{Field: key, Values: []string{value.Value}}
		if value.Kind == yaml.SequenceNode {
			use.Values = nil
			for _, element := range value.Content {
				use.Values = append(use.Values, element.Value)
			}
		}
		uses = append(uses, use)
	}
	return uses
}
