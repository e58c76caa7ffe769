package config

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/stanza/operator"
	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/stanza/operator/transformer/router"
	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/stanza/stanzaerrors"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/confmap"
	"go.uber.org/zap"
)

// Operator is a stanza operator, as the user wrote it.
type Operator struct {
	// conf is kept as it is, because stanza changes what it builds an operator from, and reads over unknown keys.
	conf *confmap.Conf
}

var (
	_ confmap.Unmarshaler = (*Operator)(nil)
	_ confmap.Marshaler   = Operator{}
	_ confmap.Validator   = Operator{}
)

// Unmarshal keeps the user's keys; Validate finds what is wrong with them.
func (o *Operator) Unmarshal(conf *confmap.Conf) error {
	o.conf = conf
	// Stanza takes these as they come, and what came from an environment variable would come as a type of the Collector's.
	for _, key := range []string{"value", "mapping", severityMapping} {
		switch value := conf.Get(key).(type) {
		case map[string]any, []any:
			if err := conf.Merge(confmap.NewFromStringMap(map[string]any{key: value})); err != nil {
				return err
			}
		}
	}
	return nil
}

// severityMapping is the mapping of a parser's severity.
const severityMapping = "severity::mapping"

// Marshal writes the user's keys.
func (o Operator) Marshal(conf *confmap.Conf) error {
	if o.conf == nil {
		return nil
	}
	return conf.Merge(o.conf)
}

// Validate finds what is wrong with the operator alone. It builds it, because stanza looks at expressions and patterns
// only then.
func (o Operator) Validate() error {
	config, err := o.Config()
	if err != nil {
		return err
	}
	built, err := config.Build(quiet())
	if err != nil {
		return explained(err)
	}
	return built.Stop()
}

// Config makes what stanza builds the operator from, anew each time.
func (o Operator) Config() (operator.Config, error) {
	if o.conf == nil {
		return operator.Config{}, errEmpty
	}
	if !o.conf.IsSet("type") {
		return operator.Config{}, errors.New("type is missing: set it, as in type: filter")
	}
	if o.conf.Get("type") == nil {
		return operator.Config{}, fmt.Errorf("type: %w", errEmpty)
	}
	kind, err := findOperatorType(fmt.Sprint(o.conf.Get("type")))
	if err != nil {
		return operator.Config{}, err
	}
	builder := kind.builder()
	wrong := slices.Concat(o.emptyKeys(), o.missingKeys(kind), o.ignoredKeys(kind), o.unknownKeys(kind), o.unknownSeverities())
	if err := o.conf.Unmarshal(builder, confmap.WithIgnoreUnused()); err != nil {
		wrong = append(wrong, fieldFaults(err)...)
	}
	if len(wrong) == 0 {
		if r, ok := builder.(*router.Config); ok {
			wrong = deadRoutes(r)
		}
		wrong = append(wrong, o.unknownNames()...)
	}
	if len(wrong) > 0 {
		return operator.Config{}, errors.New(strings.Join(wrong, "; "))
	}
	return operator.NewConfig(builder), nil
}

// explained is what stanza says of an operator that it cannot build, in one line.
func explained(err error) error {
	var e stanzaerrors.AgentError
	if errors.As(err, &e) && e.Suggestion != "" {
		return fmt.Errorf("%s: %s", strings.TrimSuffix(e.Description, "."), strings.TrimSuffix(e.Suggestion, "."))
	}
	first, _, _ := strings.Cut(err.Error(), "\n")             // an expression is drawn with an arrow below it
	return errors.New(strings.Replace(first, " '':", ":", 1)) // add quotes its if instead of its value
}

// quiet is for operators that are built only to see whether they can be.
func quiet() component.TelemetrySettings { return component.TelemetrySettings{Logger: zap.NewNop()} }
