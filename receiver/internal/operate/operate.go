// Package operate applies stanza operators to records, as a function: what goes in comes out, or is left out, before the
// call returns. Nothing is kept for later, so that whoever calls knows what became of every record.
package operate

import (
	"context"
	"errors"
	"sync"

	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/stanza/entry"
	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/stanza/operator"
	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/stanza/pipeline"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.uber.org/zap"
)

// Settings are what a Pipeline is made from.
type Settings struct {
	// Operators are at least one. They hand records on before they return: recombine and the like do not, and must not be
	// among them.
	Operators []operator.Config
	// Logger is told at the level debug what stanza says of records that an operator could not work on. That may quote the
	// records. Nil is for no logger.
	Logger *zap.Logger

	_ struct{}
}

// Pipeline applies operators. It is safe for concurrent use: one call works at a time, because not all operators of stanza
// bear two (json_array_parser reads from a parser that it has given back).
type Pipeline struct {
	operators *pipeline.DirectedPipeline
	first     operator.Operator

	mu       sync.Mutex
	failures *failures
}

// New makes a pipeline. An error says what is wrong with the operators, as validation of the configuration does.
func New(s Settings) (*Pipeline, error) {
	if len(s.Operators) == 0 {
		return nil, errors.New("no operators")
	}
	failures := newFailures(s.Logger)
	telemetry := component.TelemetrySettings{Logger: zap.New(failures.core())}
	end, err := newSink(telemetry)
	if err != nil {
		return nil, err
	}
	var built []operator.Operator
	operators, err := pipeline.Config{Operators: recorded(s.Operators, &built), DefaultOutput: end}.Build(telemetry)
	if err != nil {
		for _, o := range built {
			_ = o.Stop() // the cache of a regex_parser runs from when it is built
		}
		return nil, err
	}
	p := &Pipeline{operators: operators, failures: failures}
	for _, o := range operators.Operators() {
		if o.ID() == s.Operators[0].ID() { // building has made the ids unique
			p.first = o
		}
	}
	return p, nil
}

// recorder remembers what is built, so that it can be stopped if the whole cannot be.
type recorder struct {
	operator.Builder
	built *[]operator.Operator
}

// recorded are the configs, with a recorder around what builds each.
func recorded(configs []operator.Config, built *[]operator.Operator) []operator.Config {
	all := make([]operator.Config, len(configs))
	for i, config := range configs {
		all[i] = operator.NewConfig(&recorder{Builder: config.Builder, built: built})
	}
	return all
}

// Build implements operator.Builder.
func (r *recorder) Build(set component.TelemetrySettings) (operator.Operator, error) {
	o, err := r.Builder.Build(set)
	if err == nil {
		*r.built = append(*r.built, o)
	}
	return o, err
}

// Stop frees what the operators hold. Process must not be called after it.
func (p *Pipeline) Stop() error { return p.operators.Stop() }

// Process applies the operators to the records, one after the other, and returns what is left of them, in their order. It
// may change what it is given.
//
// The error names the operators that could not work on a record, and what became of it; each is named once, and nothing of
// the records is in it. An operator that panics costs no record: it is returned as it was. So is the end of ctx, which does
// not interrupt the work: whoever delivers the records finds it out.
func (p *Pipeline) Process(ctx context.Context, logs plog.Logs) (plog.Logs, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	b := newBatch()
	ctx = b.in(context.WithoutCancel(ctx))
	defer b.close()
	for i, resource := range logs.ResourceLogs().All() {
		for j, scope := range resource.ScopeLogs().All() {
			for _, record := range scope.LogRecords().All() {
				b.take(origin{resource: resource, scope: scope, record: record, resourceAt: i, scopeAt: j})
				p.work(ctx, b)
			}
		}
	}
	return b.logs, p.failures.take()
}

// work applies the operators to the record that was taken last. They get one at a time, because some deliver what they get
// at once in any order, and because this is how to know which record one panicked on.
func (p *Pipeline) work(ctx context.Context, b *batch) {
	defer func() {
		if cause := recover(); cause != nil {
			b.putBack()
			p.failures.panicked(cause)
		}
	}()
	if err := p.first.ProcessBatch(ctx, []*entry.Entry{b.entry()}); err != nil {
		p.failures.returned(err)
	}
}
