package config

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/stanza/operator"
	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/stanza/operator/transformer/noop"
	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/stanza/pipeline"
	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/stanza/stanzaerrors"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/confmap"
)

// Operators hand a record on from one to the next, unless an output says otherwise.
type Operators []Operator

var _ confmap.Validator = Operators{}

// Configs makes what stanza builds a pipeline from, anew each time. The error is the first that Validate of an operator
// would tell.
func (l Operators) Configs() ([]operator.Config, error) {
	configs := make([]operator.Config, len(l))
	for i, o := range l {
		config, err := o.Config()
		if err != nil {
			return nil, fmt.Errorf("operators::%d: %w", i, err)
		}
		configs[i] = config
	}
	return configs, nil
}

// Validate finds what is wrong with how the operators are connected. It says nothing as long as one of them alone is
// wrong, which its own Validate says.
func (l Operators) Validate() error {
	configs, err := l.Configs()
	if err != nil || len(configs) == 0 {
		return nil
	}
	var built []operator.Operator
	for i, config := range configs {
		configs[i] = operator.NewConfig(&recorder{Builder: config.Builder, built: &built})
	}
	defer func() {
		for _, o := range built {
			_ = o.Stop() // the cache of a regex_parser runs from when it is built
		}
	}()
	end, err := noop.NewConfigWithID(endID).Build(quiet())
	if err != nil {
		return err
	}
	_, err = pipeline.Config{Operators: configs, DefaultOutput: end}.Build(quiet())
	if err == nil || len(built) < len(configs) {
		return nil
	}
	if found := inOneLine(repeatedIDs(built), lostOutputs(built)); found != nil {
		return found
	}
	return inCircles(err)
}

// endID is the id of what stands for the end of the pipeline.
const endID = "the end of the operators"

// recorder remembers what is built, so that it can be stopped if the whole cannot be.
type recorder struct {
	operator.Builder
	built *[]operator.Operator
}

// Build implements operator.Builder.
func (r *recorder) Build(set component.TelemetrySettings) (operator.Operator, error) {
	o, err := r.Builder.Build(set)
	if err == nil {
		*r.built = append(*r.built, o)
	}
	return o, err
}

func repeatedIDs(built []operator.Operator) error {
	for i, o := range built {
		if slices.Contains(ids(built[:i]), o.ID()) {
			return fmt.Errorf("id %s is there twice: give each operator its own", o.ID())
		}
	}
	return nil
}

func lostOutputs(built []operator.Operator) error {
	all := ids(built)
	for _, o := range built {
		for _, output := range o.GetOutputIDs() {
			if output != endID && !slices.Contains(all, output) {
				return fmt.Errorf("output %s of %s is the id of no operator: use one of %s", output, o.ID(), strings.Join(all, ", "))
			}
		}
	}
	return nil
}

// inCircles says which operators hand records on to each other for ever. What else there may be it leaves as it is.
func inCircles(err error) error {
	var e stanzaerrors.AgentError
	if !errors.As(err, &e) || e.Details["cycles"] == "" {
		return explained(err)
	}
	return fmt.Errorf("records would go in circles: %s: let output name a later operator; what the last one lets through is "+
		"delivered, so it needs no output", e.Details["cycles"])
}

func ids(built []operator.Operator) []string {
	all := make([]string, len(built))
	for i, o := range built {
		all[i] = o.ID()
	}
	return all
}
