package config

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/go-viper/mapstructure/v2"
	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/stanza/operator/transformer/router"
	"go.opentelemetry.io/collector/confmap"
)

// emptyKeys finds the keys without a value, which stanza would read as not set: an operator without its if works on
// every record. A replacement may be empty, and so may what is inside a value to add.
func (o Operator) emptyKeys() []string {
	var wrong []string
	for key, value := range o.conf.ToStringMap() {
		if key == "replace_with" || key == "value" && value != nil {
			continue
		}
		for _, path := range nulls(key, value) {
			wrong = append(wrong, path+": "+errEmpty.Error())
		}
	}
	slices.Sort(wrong)
	return wrong
}

// nulls are the paths below a value to what is null.
func nulls(path string, value any) []string {
	var found []string
	switch v := value.(type) {
	case nil:
		found = append(found, path)
	case map[string]any:
		for key, inner := range v {
			found = append(found, nulls(path+confmap.KeyDelimiter+key, inner)...)
		}
	case []any:
		for i, inner := range v {
			found = append(found, nulls(path+confmap.KeyDelimiter+strconv.Itoa(i), inner)...)
		}
	}
	return found
}

func (o Operator) missingKeys(kind operatorType) []string {
	var wrong []string
	for _, key := range kind.needed {
		if !o.conf.IsSet(key) {
			wrong = append(wrong, key+" is missing: set it")
		}
	}
	// Parsers have this block in common; unlike the others, stanza does not look whether it says what to parse, and panics.
	if block, ok := o.conf.Get("scope_name").(map[string]any); ok && block["parse_from"] == nil {
		wrong = append(wrong, "scope_name::parse_from is missing: set it")
	}
	return wrong
}

func (o Operator) ignoredKeys(kind operatorType) []string {
	var wrong []string
	for _, key := range slices.Sorted(maps.Keys(kind.ignored)) {
		if o.conf.IsSet(key) {
			wrong = append(wrong, key+": has no effect here: "+kind.ignored[key])
		}
	}
	return wrong
}

// unknownSeverities finds the names in a mapping that stanza takes for severity 0.
func (o Operator) unknownSeverities() []string {
	var wrong []string
	for _, key := range []string{"mapping", severityMapping} {
		mapping, _ := o.conf.Get(key).(map[string]any)
		for _, name := range slices.Sorted(maps.Keys(mapping)) {
			if number, err := strconv.Atoi(name); name == "default" || err == nil && number >= 1 && number <= 24 {
				continue // stanza's name for severity 0, and OpenTelemetry's numbers
			}
			if err := Severity(name).Validate(); err != nil {
				wrong = append(wrong, fmt.Sprintf("%s: %s", key, err))
			}
		}
	}
	return wrong
}

// unknownKeys finds the keys that stanza's own decoding reads over.
func (o Operator) unknownKeys(kind operatorType) []string {
	var read mapstructure.Metadata
	decoder, err := mapstructure.NewDecoder(&mapstructure.DecoderConfig{
		Metadata:  &read,
		Result:    kind.builder(),
		MatchName: func(key, field string) bool { return key == field },
		DecodeHook: mapstructure.ComposeDecodeHookFunc(
			mapstructure.StringToSliceHookFunc(","), mapstructure.TextUnmarshallerHookFunc()),
	})
	if err != nil {
		return []string{err.Error()}
	}
	_ = decoder.Decode(o.conf.ToStringMap()) // what is wrong with the values is told where they are read
	if len(read.Unused) == 0 {
		return nil
	}
	for i, key := range read.Unused {
		read.Unused[i] = join("", key)
	}
	slices.Sort(read.Unused)
	return []string{"unknown keys " + strings.Join(read.Unused, ", ") + ": remove them, or correct the spelling"}
}

// fieldFaults says in a user's words what stanza says of the names of fields.
func fieldFaults(err error) []string {
	lines := faults("", err)
	for i, line := range lines {
		lines[i] = strings.Replace(line, "unrecognized prefix",
			`must begin with attributes, resource or body, as in attributes["user.id"]`, 1)
	}
	return lines
}

// deadRoutes finds the routes that lead nowhere: stanza would drop what they match without a word.
func deadRoutes(r *router.Config) []string {
	var wrong []string
	if len(r.Routes) == 0 {
		wrong = append(wrong, "routes is empty: add one, with expr and output")
	}
	for i, route := range r.Routes {
		if len(route.OutputIDs) == 0 {
			wrong = append(wrong, fmt.Sprintf("routes::%d: output is missing: set it to the id of a later operator; to leave records "+
				"out, use filter", i))
		}
	}
	return wrong
}
