package shape

import (
	"encoding/json"
	"math/big"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"pgregory.net/rapid"
)

func FuzzMap(f *testing.F) {
	f.Add(`{"a":[1,-2.50e+1,true,null,"\u0041\"\\",{}],"a":{"b":[[]]}} `)
	f.Add(`{"id":90071992547409931234,"lat":0.1000000000000000055511151231257827,"x":1e400}`)
	f.Add("[\"\xff\",\"\\ud800\",{\"\\u0061\":1}]")
	f.Add(nested(70))
	f.Add("gap")
	f.Fuzz(func(t *testing.T, text string) { checkUnfolded(t, text) })
}

// Whatever a text says, its map says what encoding/json reads in it.
func TestMapProperty(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) { checkUnfolded(t, anyJSON(3).Draw(t, "text")) })
}

// anyText draws a JSON string, often one that was drawn before.
func anyText() *rapid.Generator[string] {
	return rapid.OneOf(
		rapid.Map(rapid.String(), func(s string) string {
			quoted, err := json.Marshal(s)
			if err != nil {
				panic(err)
			}
			return string(quoted)
		}),
		rapid.SampledFrom([]string{`""`, `"a"`, `"b"`, `"\u0061"`, `"\ud800"`, "\"\xff\""}),
	)
}

// anyJSON draws a JSON value of so many levels at most: with names that repeat, numbers that nothing holds, and spaces.
func anyJSON(levels int) *rapid.Generator[string] {
	scalar := rapid.OneOf(
		anyText(),
		rapid.StringMatching(`-?(0|[1-9][0-9]{0,25})(\.[0-9]{1,20})?([eE][-+]?[0-9]{1,3})?`),
		rapid.SampledFrom([]string{"null", "true", "false"}),
	)
	if levels == 1 {
		return scalar
	}
	return rapid.Custom(func(t *rapid.T) string {
		space := rapid.SampledFrom([]string{"", " ", "\n\t"}).Draw(t, "space")
		elements := rapid.SliceOfN(anyJSON(levels-1), 0, 6).Draw(t, "elements")
		switch rapid.SampledFrom([]string{"scalar", "array", "object"}).Draw(t, "kind") {
		case "array":
			return "[" + space + strings.Join(elements, space+",") + space + "]"
		case "object":
			for i, element := range elements {
				elements[i] = space + anyText().Draw(t, "name") + space + ":" + element
			}
			return "{" + strings.Join(elements, space+",") + space + "}"
		}
		return scalar.Draw(t, "scalar")
	})
}

type failer interface {
	require.TestingT
	Helper()
}

// checkUnfolded compares what becomes of a text with what encoding/json reads in it.
func checkUnfolded(t failer, text string) {
	t.Helper()
	got := unfolded(text)
	require.Equal(t, got.AsRaw(), unfolded(text).AsRaw(), "the same every time")
	if !json.Valid([]byte(text)) {
		require.Equal(t, text, got.AsRaw())
		return
	}
	checkValue(t, reference(t, text), got, 1)
}

// reference is a text as encoding/json reads it, with the digits of its numbers.
func reference(t failer, text string) any {
	t.Helper()
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	var value any
	require.NoError(t, decoder.Decode(&value))
	return value
}

func checkValue(t failer, want any, got pcommon.Value, level int) {
	t.Helper()
	switch want := want.(type) {
	case json.Number:
		checkNumber(t, string(want), got)
	case []any:
		if level > deepest {
			require.Equal(t, any(want), reference(t, got.Str()))
			return
		}
		require.Equal(t, pcommon.ValueTypeSlice, got.Type())
		require.Equal(t, len(want), got.Slice().Len())
		for i, element := range got.Slice().All() {
			checkValue(t, want[i], element, level+1)
		}
	case map[string]any:
		if level > deepest || len(want) > widest || len(want) == widest && got.Type() == pcommon.ValueTypeStr {
			require.Equal(t, any(want), reference(t, got.Str()))
			return
		}
		require.Equal(t, pcommon.ValueTypeMap, got.Type())
		require.Equal(t, len(want), got.Map().Len())
		for name, member := range got.Map().All() {
			value, ok := want[name]
			require.True(t, ok, name)
			checkValue(t, value, member, level+1)
		}
	default: // nil, string or bool
		require.Equal(t, want, got.AsRaw())
		require.True(t, utf8.ValidString(got.AsString()))
	}
}

// checkNumber says, by exact arithmetic, what a number must become.
func checkNumber(t failer, digits string, got pcommon.Value) {
	t.Helper()
	if !strings.ContainsAny(digits, ".eE") {
		integer, ok := new(big.Int).SetString(digits, 10)
		require.True(t, ok)
		if integer.IsInt64() {
			require.Equal(t, any(integer.Int64()), got.AsRaw())
		} else {
			require.Equal(t, any(digits), got.AsRaw())
		}
		return
	}
	double, err := strconv.ParseFloat(digits, 64)
	_, power, _ := strings.Cut(strings.ToLower(digits), "e")
	exact := err == nil && double == 0 && !strings.ContainsAny(strings.TrimSuffix(strings.ToLower(digits), "e"+power), "123456789")
	exponent, _ := strconv.Atoi(power)
	if err == nil && double != 0 && max(exponent, -exponent) < 10_000 { // more would take big.Rat too long, and no double holds it
		written, _ := new(big.Rat).SetString(strconv.FormatFloat(double, 'g', -1, 64))
		read, ok := new(big.Rat).SetString(digits)
		exact = ok && written.Cmp(read) == 0
	}
	if exact {
		require.Equal(t, any(double), got.AsRaw())
	} else {
		require.Equal(t, any(digits), got.AsRaw())
	}
}
