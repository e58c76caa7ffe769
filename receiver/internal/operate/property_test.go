package operate

import (
	"math"
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"pgregory.net/rapid"
)

// Whatever a record is, operators that leave it alone leave it as it was, bit for bit, and the order of attributes too.
func TestWhatOperatorsDoNotTouchStaysAsItWas(t *testing.T) {
	t.Parallel()
	p := newPipeline(t, `- {type: noop}
- {type: add, field: 'attributes["x"]', value: 1, if: 'false'}
- {type: router, routes: [{expr: 'true', output: end}]}
- {type: noop, id: end}`)
	rapid.Check(t, func(r *rapid.T) {
		logs := anyLogs(r)
		before := bits(t, logs)
		after, err := p.Process(t.Context(), logs)
		require.NoError(r, err)
		assert.Equal(r, before, bits(t, after))
	})
}

// Stanza copies an entry for all outputs but the last.
func TestACopyIsTheSameRecord(t *testing.T) {
	t.Parallel()
	p := newPipeline(t, `- {type: noop, id: begin, output: [one, two]}
- {type: noop, id: one, output: end}
- {type: noop, id: two}
- {type: noop, id: end}`)
	rapid.Check(t, func(r *rapid.T) {
		logs := plog.NewLogs()
		anyRecord(r, logs.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty().LogRecords().AppendEmpty())
		want := plog.NewLogs()
		logs.CopyTo(want)
		records := want.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords()
		records.At(0).CopyTo(records.AppendEmpty())
		after, err := p.Process(t.Context(), logs)
		require.NoError(r, err)
		assert.Equal(r, bits(t, want), bits(t, after))
	})
}

func bits(t *testing.T, logs plog.Logs) []byte {
	marshalled, err := (&plog.ProtoMarshaler{}).MarshalLogs(logs)
	require.NoError(t, err)
	return marshalled
}

func anyLogs(r *rapid.T) plog.Logs {
	logs := plog.NewLogs()
	for i := range rapid.IntRange(1, 2).Draw(r, "resources") {
		resource := logs.ResourceLogs().AppendEmpty()
		resource.SetSchemaUrl("https://example.com/" + strconv.Itoa(i))
		anyMap(r, resource.Resource().Attributes(), 1)
		resource.Resource().SetDroppedAttributesCount(uint32(i))
		for j := range rapid.IntRange(1, 2).Draw(r, "scopes") {
			scope := resource.ScopeLogs().AppendEmpty()
			scope.SetSchemaUrl("https://example.com/" + strconv.Itoa(j))
			scope.Scope().SetName(rapid.String().Draw(r, "scope"))
			scope.Scope().SetVersion(rapid.String().Draw(r, "version"))
			anyMap(r, scope.Scope().Attributes(), 1)
			for range rapid.IntRange(1, 3).Draw(r, "records") {
				anyRecord(r, scope.LogRecords().AppendEmpty())
			}
		}
	}
	return logs
}

func anyRecord(r *rapid.T, to plog.LogRecord) {
	to.SetTimestamp(pcommon.Timestamp(rapid.OneOf(rapid.Just(uint64(0)), rapid.Uint64()).Draw(r, "time")))
	to.SetObservedTimestamp(pcommon.Timestamp(rapid.OneOf(rapid.Just(uint64(0)), rapid.Uint64()).Draw(r, "observed")))
	to.SetSeverityNumber(plog.SeverityNumber(rapid.IntRange(0, 24).Draw(r, "severity")))
	to.SetSeverityText(rapid.StringN(0, 5, -1).Draw(r, "text"))
	to.SetEventName(rapid.StringN(0, 5, -1).Draw(r, "event"))
	to.SetTraceID(pcommon.TraceID(rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(r, "trace")))
	to.SetSpanID(pcommon.SpanID(rapid.SliceOfN(rapid.Byte(), 8, 8).Draw(r, "span")))
	to.SetFlags(plog.LogRecordFlags(rapid.Uint32().Draw(r, "flags")))
	to.SetDroppedAttributesCount(rapid.Uint32().Draw(r, "dropped"))
	anyValue(r, to.Body(), 0)
	anyMap(r, to.Attributes(), 0)
}

func anyMap(r *rapid.T, to pcommon.Map, depth int) {
	keys := rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{eventName, "", "a", "a.b"}))
	for _, key := range rapid.SliceOfNDistinct(keys, 0, 5, rapid.ID[string]).Draw(r, "keys") {
		anyValue(r, to.PutEmpty(key), depth+1)
	}
}

func anyValue(r *rapid.T, to pcommon.Value, depth int) {
	kinds := 8
	if depth > 2 {
		kinds = 6
	}
	switch rapid.IntRange(0, kinds-1).Draw(r, "kind") {
	case 1:
		to.SetStr(rapid.OneOf(rapid.String(), rapid.Just("\xff\x00")).Draw(r, "text"))
	case 2:
		to.SetInt(rapid.Int64().Draw(r, "int"))
	case 3:
		to.SetDouble(rapid.OneOf(rapid.Float64(), rapid.SampledFrom([]float64{0, math.Copysign(0, -1), 3, math.MaxFloat64})).Draw(r, "double"))
	case 4:
		to.SetBool(rapid.Bool().Draw(r, "bool"))
	case 5:
		to.SetEmptyBytes().FromRaw(rapid.SliceOf(rapid.Byte()).Draw(r, "bytes"))
	case 6:
		anyMap(r, to.SetEmptyMap(), depth+1)
	case 7:
		list := to.SetEmptySlice()
		for range rapid.IntRange(0, 3).Draw(r, "list") {
			anyValue(r, list.AppendEmpty(), depth+1)
		}
	}
}
