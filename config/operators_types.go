package config

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/stanza/operator"
	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/stanza/operator/parser/csv"
	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/stanza/operator/parser/jsonarray"
	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/stanza/operator/parser/jsonparser"
	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/stanza/operator/parser/keyvalue"
	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/stanza/operator/parser/regex"
	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/stanza/operator/parser/scope"
	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/stanza/operator/parser/severity"
	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/stanza/operator/parser/syslog"
	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/stanza/operator/parser/timeparser"
	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/stanza/operator/parser/trace"
	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/stanza/operator/parser/uri"
	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/stanza/operator/transformer/add"
	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/stanza/operator/transformer/assignkeys"
	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/stanza/operator/transformer/copy"
	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/stanza/operator/transformer/filter"
	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/stanza/operator/transformer/flatten"
	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/stanza/operator/transformer/move"
	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/stanza/operator/transformer/noop"
	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/stanza/operator/transformer/regexreplace"
	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/stanza/operator/transformer/remove"
	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/stanza/operator/transformer/retain"
	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/stanza/operator/transformer/router"
	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/stanza/operator/transformer/sanitizeutf8"
	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/stanza/operator/transformer/unquote"
)

// operatorType is a kind of operators.
type operatorType struct {
	// builder makes a configuration with stanza's defaults.
	builder func() operator.Builder
	// needed are the keys without which stanza would build an operator that fails on every record, or panics.
	needed []string
	// ignored are keys that stanza reads and does not act on.
	ignored map[string]string // what to do instead
}

// operatorTypes are the operators of stanza v0.158.0 that work on a record and hand it on before they return. They are
// named here and not looked up in stanza's registry, because that holds what any other component of the collector puts
// there.
func operatorTypes() map[string]operatorType {
	return map[string]operatorType{
		"add":               typeOf(add.NewConfig, "field", "value"),
		"assign_keys":       typeOf(assignkeys.NewConfig, "field", "keys"),
		"copy":              typeOf(copy.NewConfig, "from", "to"),
		"csv_parser":        typeOf(csv.NewConfig),
		"filter":            ignoring(typeOf(filter.NewConfig, "expr"), filterIgnores()),
		"flatten":           typeOf(flatten.NewConfig, "field"),
		"json_array_parser": typeOf(jsonarray.NewConfig),
		"json_parser":       typeOf(jsonparser.NewConfig),
		"key_value_parser":  typeOf(keyvalue.NewConfig),
		"move":              typeOf(move.NewConfig, "from", "to"),
		"noop":              typeOf(noop.NewConfig),
		"regex_parser":      typeOf(regex.NewConfig, "regex"),
		"regex_replace":     typeOf(regexreplace.NewConfig, "field"),
		"remove":            typeOf(remove.NewConfig, "field"),
		"retain":            typeOf(retain.NewConfig, "fields"),
		"router":            typeOf(router.NewConfig, "routes"),
		"sanitize_utf8":     typeOf(sanitizeutf8.NewConfig),
		"scope_name_parser": typeOf(scope.NewConfig, "parse_from"),
		"severity_parser":   typeOf(severity.NewConfig, "parse_from"),
		"syslog_parser":     typeOf(syslog.NewConfig, "protocol"),
		"time_parser":       typeOf(timeparser.NewConfig, "parse_from"),
		"trace_parser":      typeOf(trace.NewConfig),
		"unquote":           typeOf(unquote.NewConfig, "field"),
		"uri_parser":        typeOf(uri.NewConfig),
	}
}

func typeOf[B operator.Builder](newConfig func() B, needed ...string) operatorType {
	return operatorType{builder: func() operator.Builder { return newConfig() }, needed: needed}
}

func ignoring(t operatorType, keys map[string]string) operatorType {
	t.ignored = keys
	return t
}

// filterIgnores are the keys that filter has in common with the other operators; its own code looks at neither.
func filterIgnores() map[string]string {
	return map[string]string{
		"if":       "write the condition into expr, with and",
		"on_error": "a record on which expr fails is left out; write expr so that it does not fail",
	}
}

// findOperatorType returns the type of a name, or an error that says why it cannot be used.
func findOperatorType(name string) (operatorType, error) {
	types := operatorTypes()
	if found, ok := types[name]; ok {
		return found, nil
	}
	switch name {
	case "recombine", "container":
		return operatorType{}, fmt.Errorf("type %s is not possible: it holds records back until others follow, and a record that "+
			"is held back would be lost at a restart: combine entries behind the receiver", name)
	case "drop_output":
		return operatorType{}, fmt.Errorf("type %s is not possible: use filter, which leaves out what its expr is true for", name)
	case "file_output", "stdout":
		return operatorType{}, fmt.Errorf("type %s is not possible: records go to the exporters of the pipeline: add one there, "+
			"such as file or debug", name)
	case "namedpipe", "stdin":
		return operatorType{}, errInput(name)
	}
	if strings.HasSuffix(name, "_input") {
		return operatorType{}, errInput(name)
	}
	return operatorType{}, fmt.Errorf("%q is no type of operators: use one of %s", name,
		strings.Join(slices.Sorted(maps.Keys(types)), ", "))
}

func errInput(name string) error {
	return fmt.Errorf("type %s is not possible: it is an input, and records come from the receiver alone: give it a receiver of "+
		"its own", name)
}
