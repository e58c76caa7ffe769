package operate

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/stanza/entry"
	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/stanza/operator/helper"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
	"go.uber.org/zap/zaptest/observer"
)

func TestWhatOnlyAnOperatorReturnsIsTold(t *testing.T) {
	t.Parallel()
	p := oddPipeline(t, func(context.Context, *helper.TransformerOperator, []*entry.Entry) error {
		return errors.New("jane@example.com is odd")
	})
	_, err := p.Process(t.Context(), samples(2))
	require.EqualError(t, err, "an operator: it cannot work on the value")
	_, err = p.Process(t.Context(), plog.NewLogs())
	require.NoError(t, err, "what one call was told the next is not")
}

// What operators fail on is told once for a call, in the same words for whichever records.
func TestFailuresAreTheSameTextForTheSameFaults(t *testing.T) {
	t.Parallel()
	p := newPipeline(t, `- {type: remove, field: 'attributes["no"]', if: 'attributes["count"] % 2 == 0'}
- {type: move, from: 'attributes["no"]', to: body, if: 'attributes["count"] % 2 == 1'}`)
	_, one := p.Process(t.Context(), samples(2))
	_, many := p.Process(t.Context(), samples(50))
	require.Error(t, one)
	assert.Equal(t, "move: from is not there (handed on all the same); remove: field is not there (handed on all the same)", one.Error())
	assert.Equal(t, one, many)
}

// Stanza logs the attributes of a record that an operator cannot work on, and quotes the value in its errors.
func TestFailuresQuoteNothingOfTheRecords(t *testing.T) {
	t.Parallel()
	const operators = `- {type: time_parser, parse_from: 'attributes["user.email"]', layout: '%Y'}
- {type: key_value_parser, parse_from: 'attributes["user.email"]'}
- {type: json_parser, parse_from: 'attributes["user.email"]'}
- {type: trace_parser, trace_id: {parse_from: 'attributes["user.email"]'}}
- {type: add, field: body, value: 'EXPR(int(attributes["user.email"]))'}
- {type: router, routes: [{expr: 'int(attributes["user.email"]) == 1', output: filter}], default: filter}
- {type: filter, expr: 'int(attributes["user.email"]) == 1'}`
	for level, quoted := range map[zapcore.Level]bool{zapcore.DebugLevel: true, zapcore.InfoLevel: false} {
		seen, logged := observer.New(level)
		configs := configsOf(t, operators)
		p, err := New(Settings{Operators: configs, Logger: zap.New(seen)})
		require.NoError(t, err)
		_, err = p.Process(t.Context(), samples(1))
		require.NoError(t, p.Stop())
		require.Error(t, err)
		assert.Equal(t, 7, strings.Count(err.Error(), "(handed on all the same)")+strings.Count(err.Error(), "(left out)")+strings.Count(err.Error(), "(the route was not taken)"), err)
		assert.NotContains(t, err.Error(), "jane")
		assert.NotContains(t, err.Error(), "auth0|1")
		all := fmt.Sprint(logged.All())
		for _, line := range logged.All() {
			all += fmt.Sprint(line.Context)
		}
		assert.Equal(t, quoted, strings.Contains(all, "jane@example.com"), "stanza's own words are for debugging only")
		assert.NotContains(t, all, "auth0|1", "the other attributes are for nobody")
		if !quoted {
			assert.Empty(t, logged.All())
		}
	}
}

func TestQuietFailuresAreNotToldWhileDebugging(t *testing.T) {
	t.Parallel()
	seen, logged := observer.New(zapcore.DebugLevel)
	p, err := New(Settings{
		Operators: configsOf(t, `- {type: remove, field: 'attributes["no"]', on_error: drop_quiet}`), Logger: zap.New(seen),
	})
	require.NoError(t, err)
	after, err := p.Process(t.Context(), samples(1))
	require.NoError(t, err)
	require.NoError(t, p.Stop())
	assert.Zero(t, after.LogRecordCount())
	assert.Len(t, logged.All(), 1)
}
