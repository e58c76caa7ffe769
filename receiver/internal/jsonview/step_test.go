package jsonview

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// steps tells whether a document was stepped over, and the value in it.
func steps(document string) (value string, ok bool) {
	s := NewStepper(document)
	value = s.Value()
	return value, s.End()
}

func TestAStepperTakesWhatADecoderTakes(t *testing.T) {
	t.Parallel()
	for _, document := range []string{
		"", " ", "null", "nul", "nullx", "true", "tru", "false", "falsE", "0", "-0", "00", "01", "-", "1.", ".5", "1.5", "1e5", "1E+5",
		"1e", "1e+", "-1.50e-07", "1.e5", "+1", "0x1", "NaN", `""`, `"`, `"\"`, `"\\"`, `"\\\"`, `"\u00e9\ud800"`, `"\u00e"`, `"\u00eg"`,
		`"\x"`, "\"\x00\"", "\"\x1f1234567\"", "\"12345678\x1f\"", "\"\x7f\x80\xff\"", `"1234567\"12345678"`, `"12345678`, "[]", "[",
		"]", "[,]", "[1,]", "[1 2]", "[ 1 , 2 ]", "[1,2", "[}", "{]", "{}", "{", `{"a"}`, `{"a":}`, `{"a":1,}`, `{"a":1,"a":2}`, `{a:1}`,
		`{"a" : 1 , "b":[{}]}`, `{1:2}`, `{"a":1 "b":2}`, "[] []", "\ufeff[]", "[\v1]", "[1]\x00", "\t\r\n [1]\t\r\n ",
		nested(10_000), nested(10_001), strings.Repeat(`{"a":`, 10_000) + "1" + strings.Repeat("}", 10_000),
	} {
		_, ok := steps(document)
		assert.Equal(t, Check([]byte(document)) == nil, ok, "%.40q", document)
	}
}

func TestAStepperTellsValuesNamesAndEscapes(t *testing.T) {
	t.Parallel()
	s := NewStepper(` { "a" : [1, {}] ,"b\n":"\u0041", "c":"plain" } `)
	type member struct {
		name, value string
		escaped     bool
	}
	var got []member
	for more := s.Enter(); more; more = s.Next('}') {
		name := s.Name()
		s.Escaped() // of the name
		value := s.Value()
		got = append(got, member{name, value, s.Escaped()})
	}
	require.True(t, s.End())
	assert.Equal(t, []member{{`"a"`, "[1, {}]", false}, {`"b\n"`, `"\u0041"`, true}, {`"c"`, `"plain"`, false}}, got)
}

func TestAfterAStepThatFailedAllFail(t *testing.T) {
	t.Parallel()
	s := NewStepper("[1,x,2]")
	n := 0
	for more := s.Enter(); more; more = s.Next(']') {
		s.Value()
		n++
	}
	assert.Equal(t, 2, n)
	assert.True(t, s.Failed())
	assert.False(t, s.Enter() || s.Next(']') || s.End())
	assert.Equal(t, `""`, s.Name())
	assert.Empty(t, s.Value())
}

func FuzzStepper(f *testing.F) {
	f.Add([]byte(`{"a":[1,-2.5e+10,true,null,"\u0041\"\\",{}],"a":{"b":[[]]}} `))
	f.Add([]byte("[\"\xff12345678\",\"\\ud800\",{\"\\u0061\":1}]"))
	f.Add([]byte("[\"12345678\x01\"]"))
	f.Fuzz(func(t *testing.T, document []byte) {
		value, ok := steps(string(document))
		require.Equal(t, Check(document) == nil, ok, "%q", document)
		if ok {
			require.Equal(t, strings.Trim(string(document), space), value)
		}
	})
}
