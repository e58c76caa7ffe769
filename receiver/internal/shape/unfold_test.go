package shape

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
)

func unfolded(text string) pcommon.Value {
	value := pcommon.NewValueStr(text)
	unfold(value)
	return value
}

func TestMapSaysWhatTheEntrySaid(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]any{
		` {"id":90071992547409931234,"n":9007199254740993,"lat":52.5,"ok":true,"no":false,"nil":null,"list":[1,[],{}]} `: map[string]any{
			"id": "90071992547409931234", "n": int64(9007199254740993), "lat": 52.5, "ok": true, "no": false, "nil": nil,
			"list": []any{int64(1), []any{}, map[string]any{}},
		},
		`{"a":{"x":1},"b":2,"a":{"y":3}}`: map[string]any{"a": map[string]any{"y": int64(3)}, "b": int64(2)},
		`{"a":1,"\u0061":null}`:           map[string]any{"a": nil},
		`{"":"","A":1,"a":2}`:             map[string]any{"": "", "A": int64(1), "a": int64(2)},
		"{\"a\xff\":\"\xff\\ud800\"}":     map[string]any{"a\ufffd": "\ufffd\ufffd"},
		`"\u00e4\n\""`:                    "ä\n\"",
		"[\t]":                            []any{},
		"-1.50":                           -1.5,
		"true":                            true,
		"null":                            nil,
	} {
		assert.Equal(t, want, unfolded(text).AsRaw(), text)
	}
}

func TestMembersKeepTheirOrder(t *testing.T) {
	t.Parallel()
	var names []string
	for name := range unfolded(`{"z":1,"a":2,"m":3,"a":4}`).Map().All() {
		names = append(names, name)
	}
	assert.Equal(t, []string{"z", "a", "m"}, names)
}

func TestWhatIsNotJSONStaysText(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"", " ", "logs from 2025-11-01 to 2025-11-02 are missing", `{"a":1`, `{"a":1,}`, `{"a" 1}`, `{1:2}`, `{"a":{}}}`, "[1]]", "[1 2]", "{} {}",
		"{]", "[}", `{"a":]`, `[{"b":[1,2}]`, "NaN", "01", "1.", "'a'", `"a`, `{"a":tru}`, "\x00", "\ufeff{}",
		strings.Repeat("[", 100), nested(10_001), `{"a":` + nested(10_000) + `}`,
	} {
		assert.Equal(t, text, unfolded(text).AsRaw(), "%.40q", text)
	}
}

func TestOnlyTextIsUnfolded(t *testing.T) {
	t.Parallel()
	for _, raw := range []any{nil, int64(7), []byte("{}"), map[string]any{"a": "{}"}} {
		value := pcommon.NewValueEmpty()
		require.NoError(t, value.FromRaw(raw))
		unfold(value)
		assert.Equal(t, raw, value.AsRaw())
	}
}

func nested(levels int) string { return strings.Repeat("[", levels) + strings.Repeat("]", levels) }

func TestWhatIsNestedTooDeepStaysTextAndCostsNoNeighbour(t *testing.T) {
	t.Parallel()
	for _, levels := range []int{1, 63, 64, 65, 66, 9_999} {
		checkUnfolded(t, strings.Repeat(`{"a":`, levels)+"1"+strings.Repeat("}", levels))
		value := unfolded(`{"before":1,"deep":` + nested(levels) + `,"after":2}`)
		assert.EqualValues(t, 1, value.Map().AsRaw()["before"])
		assert.EqualValues(t, 2, value.Map().AsRaw()["after"])
		deep, _ := value.Map().Get("deep")
		level := 1 // that of the map
		for deep.Type() == pcommon.ValueTypeSlice && deep.Slice().Len() > 0 {
			deep = deep.Slice().At(0)
			level++
		}
		if levels < deepest {
			assert.Equal(t, pcommon.ValueTypeSlice, deep.Type())
			assert.Equal(t, levels, level)
			continue
		}
		assert.Equal(t, deepest, level)
		assert.Equal(t, nested(levels-deepest+1), deep.Str())
	}
	assert.Equal(t, `{ "\u0061":"`+"\ufffd"+`" }`, leaf(unfolded(strings.Repeat("[", 64)+"{ \"\\u0061\":\"\xff\" }"+strings.Repeat("]", 64))).Str(),
		"as it was sent, but for what is not UTF-8")
}

// leaf is what lists of one element hold in the end.
func leaf(value pcommon.Value) pcommon.Value {
	for value.Type() == pcommon.ValueTypeSlice {
		value = value.Slice().At(0)
	}
	return value
}

func TestObjectsWithTooManyMembersStayTextAndCostNoNeighbour(t *testing.T) {
	t.Parallel()
	for _, members := range []int{widest, widest + 1, 10 * widest} {
		object := manyMembers(members)
		value := unfolded(`[{"before":1},` + object + `,{"after":2}]`)
		require.Equal(t, 3, value.Slice().Len())
		assert.Equal(t, map[string]any{"before": int64(1)}, value.Slice().At(0).AsRaw())
		assert.Equal(t, map[string]any{"after": int64(2)}, value.Slice().At(2).AsRaw())
		if wide := value.Slice().At(1); members > widest {
			assert.Equal(t, object, wide.Str())
		} else {
			assert.Equal(t, members, wide.Map().Len())
		}
	}
}

func manyMembers(n int) string {
	var object strings.Builder
	for i := range n {
		object.WriteString(`,"` + strings.Repeat("x", i%7) + string(rune('a'+i%26)) + strings.Repeat("y", i/26) + `": [{}]`)
	}
	return "{" + object.String()[1:] + " }"
}
