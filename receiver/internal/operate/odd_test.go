package operate

import (
	"context"
	"testing"

	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/stanza/entry"
	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/stanza/operator"
	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/stanza/operator/helper"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
)

// odd is an operator that is none of stanza's.
type odd struct {
	helper.TransformerConfig
	do func(context.Context, *helper.TransformerOperator, []*entry.Entry) error
}

type oddOperator struct {
	helper.TransformerOperator
	do func(context.Context, *helper.TransformerOperator, []*entry.Entry) error
}

func (o *odd) Build(set component.TelemetrySettings) (operator.Operator, error) {
	built, err := o.TransformerConfig.Build(set)
	return &oddOperator{TransformerOperator: built, do: o.do}, err
}

func (o *oddOperator) Process(ctx context.Context, e *entry.Entry) error {
	return o.ProcessBatch(ctx, []*entry.Entry{e})
}

func (o *oddOperator) ProcessBatch(ctx context.Context, entries []*entry.Entry) error {
	return o.do(ctx, &o.TransformerOperator, entries)
}

func oddPipeline(t *testing.T, do func(context.Context, *helper.TransformerOperator, []*entry.Entry) error) *Pipeline {
	t.Helper()
	p, err := New(Settings{Operators: []operator.Config{
		operator.NewConfig(&odd{TransformerConfig: helper.NewTransformerConfig("odd", "odd"), do: do}),
	}})
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, p.Stop()) })
	return p
}
