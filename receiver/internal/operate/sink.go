package operate

import (
	"context"
	"errors"

	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/stanza/entry"
	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/stanza/operator/helper"
	"go.opentelemetry.io/collector/component"
)

// errOutside is the refusal of an entry that nobody waits for.
var errOutside = errors.New("the operator held a record back until the call that it belongs to had ended; the record is lost")

// sink is where the operators hand on what they have worked on. It puts it into the batch of the call.
type sink struct {
	helper.OutputOperator
}

func newSink(set component.TelemetrySettings) (*sink, error) {
	output, err := helper.NewOutputConfig("the end of the operators", "sink").Build(set)
	if err != nil {
		return nil, err
	}
	return &sink{OutputOperator: output}, nil
}

// ProcessBatch implements operator.Operator.
func (s *sink) ProcessBatch(ctx context.Context, entries []*entry.Entry) error {
	b := batchOf(ctx)
	if b == nil {
		return errOutside
	}
	for _, e := range entries {
		b.put(e)
	}
	return nil
}

// Process implements operator.Operator.
func (s *sink) Process(ctx context.Context, e *entry.Entry) error {
	return s.ProcessBatch(ctx, []*entry.Entry{e})
}
