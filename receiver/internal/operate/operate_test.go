package operate

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"

	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/stanza/entry"
	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/stanza/operator"
	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/stanza/operator/helper"
	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/stanza/operator/transformer/noop"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

func TestManyMayCallAtOnce(t *testing.T) {
	t.Parallel()
	p := newPipeline(t, `- {type: add, field: body, value: '["a",1]'}
- {type: json_array_parser, parse_to: 'attributes["list"]'}
- {type: filter, expr: 'attributes["count"] % 2 == 0'}
- {type: move, from: 'attributes["no"]', to: body}`)
	var all sync.WaitGroup
	for n := range 8 {
		all.Go(func() {
			for range 10 {
				after, err := p.Process(t.Context(), samples(2*n))
				assert.Equal(t, n, after.LogRecordCount())
				assert.Equal(t, n > 0, err != nil, "each call is told its own failures")
			}
		})
	}
	all.Wait()
}

func TestTheEndOfTheContextCostsNoRecord(t *testing.T) {
	t.Parallel()
	ctx, stop := context.WithCancel(t.Context())
	p := oddPipeline(t, func(ctx context.Context, o *helper.TransformerOperator, entries []*entry.Entry) error {
		stop()
		if ctx.Err() != nil {
			return ctx.Err()
		}
		return o.WriteBatch(ctx, entries)
	})
	after, err := p.Process(ctx, samples(3))
	require.NoError(t, err)
	assert.Equal(t, []string{"3", "4", "5"}, counts(after))
}

func TestAnOperatorThatPanicsCostsNoRecord(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name  string
		panic func()
		err   string
	}{
		{"the runtime's", func() { _ = []int{}[len(t.Name())] }, fmt.Sprintf("an operator: it panicked: runtime error: index out of range [%d] with length 0 (handed on as it was)", len(t.Name()))},
		{"a text, which may quote the record", func() { panic("jane@example.com") }, "an operator: it panicked (string) (handed on as it was)"},
		{"an error, which may quote the record", func() { panic(errors.New("jane@example.com")) }, "an operator: it panicked (*errors.errorString) (handed on as it was)"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			p := oddPipeline(t, func(ctx context.Context, o *helper.TransformerOperator, entries []*entry.Entry) error {
				count := entries[0].Attributes["count"]
				entries[0].Body = "changed"
				entries[0].Attributes["user.id"] = "changed"
				if err := o.WriteBatch(ctx, entries); err != nil {
					return err
				}
				if count == 4 {
					entries[0].Resource["service.name"] = "changed"
					_ = o.WriteBatch(ctx, entries)
					test.panic()
				}
				return nil
			})
			before := flat(samples(3))
			after, err := p.Process(t.Context(), samples(3))
			require.Error(t, err)
			assert.Equal(t, test.err, err.Error())
			got := flat(after)
			require.Len(t, got, 3)
			assert.Equal(t, []string{"~ attributes user.id: Str changed", "~ body: Str changed"}, changes(before[0], got[0]))
			assert.Equal(t, before[1], got[1])
			assert.Equal(t, []string{"~ attributes user.id: Str changed", "~ body: Str changed"}, changes(before[2], got[2]))
		})
	}
}

func TestARecordThatShowsUpOutsideItsCallIsRefused(t *testing.T) {
	t.Parallel()
	var later func() error
	p := oddPipeline(t, func(ctx context.Context, o *helper.TransformerOperator, entries []*entry.Entry) error {
		later = func() error { return o.WriteBatch(ctx, entries) }
		return o.WriteBatch(context.Background(), entries)
	})
	after, err := p.Process(t.Context(), samples(1))
	require.EqualError(t, err, errOutside.Error())
	assert.Zero(t, after.LogRecordCount())
	require.ErrorIs(t, later(), errOutside)
	assert.Zero(t, after.LogRecordCount())
}

func TestWithoutOperatorsThereIsNoPipeline(t *testing.T) {
	t.Parallel()
	_, err := New(Settings{})
	require.Error(t, err)
	_, err = New(Settings{Operators: []operator.Config{operator.NewConfig(&odd{})}})
	require.Error(t, err)
}

// The cache of a regex_parser runs from when it is built, whatever becomes of the others.
func TestOperatorsThatCannotBeBuiltLeaveNothingRunning(t *testing.T) {
	nowhere := noop.NewConfig()
	nowhere.OutputIDs = []string{"nowhere"}
	for name, wrong := range map[string]operator.Builder{"one alone": &odd{}, "one behind another": nowhere} {
		t.Run(name, func(t *testing.T) {
			defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
			operators := configsOf(t, "- {type: regex_parser, regex: '(?P<a>b)', cache: {size: 5}}")
			_, err := New(Settings{Operators: append(operators, operator.NewConfig(wrong))})
			require.Error(t, err)
		})
	}
}
