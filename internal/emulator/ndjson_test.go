package emulator

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestReadNDJSONKeepsBytesAndSkipsBlankLines(t *testing.T) {
	got, err := ReadNDJSON(strings.NewReader("\n{\"a\": 1.0}\r\n \t\n{\"b\":\"<\"}"))
	require.NoError(t, err)
	assert.Equal(t, []json.RawMessage{json.RawMessage(`{"a": 1.0}`), json.RawMessage(`{"b":"<"}`)}, got)
}

func TestReadNDJSONNamesTheBadLine(t *testing.T) {
	for _, bad := range []string{`[]`, `null`, `"x"`, `{`, `{} {}`, `{"a":1,}`, "{}x"} {
		_, err := ReadNDJSON(strings.NewReader("{}\n\n" + bad + "\n{}\n"))
		require.ErrorContains(t, err, "line 3:", bad)
	}
}

func TestReadNDJSONLineLength(t *testing.T) {
	line := func(n int) string { return `{"a":"` + strings.Repeat("x", n-len(`{"a":""}`)) + `"}` }
	got, err := ReadNDJSON(strings.NewReader("{}\n" + line(maxLine) + "\r\n"))
	require.NoError(t, err)
	assert.Len(t, got[1], maxLine)
	_, err = ReadNDJSON(strings.NewReader("{}\n" + line(maxLine+3) + "\n"))
	require.ErrorContains(t, err, "line 2: longer than")
}

func TestReadNDJSONReturnsReadErrors(t *testing.T) {
	boom := errors.New("boom")
	_, err := ReadNDJSON(iotest.ErrReader(boom))
	require.ErrorIs(t, err, boom)
}

func FuzzReadNDJSON(f *testing.F) {
	for _, seed := range []string{"", "{}\n{}", "\n\n{\"a\":[1,2]}\r\n", "[]", "{\"a\":\"\\u0000\"}\n{"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, in string) {
		got, err := ReadNDJSON(strings.NewReader(in))
		if err != nil {
			if got != nil {
				t.Fatal("entries beside an error")
			}
			return
		}
		lines := make([]string, len(got))
		for i, raw := range got {
			if !json.Valid(raw) || raw[0] != '{' {
				t.Fatalf("entry %d is no JSON object: %q", i, raw)
			}
			lines[i] = string(raw)
		}
		again, err := ReadNDJSON(strings.NewReader(strings.Join(lines, "\n")))
		if err != nil || len(again) != len(got) {
			t.Fatalf("what was read cannot be read again: %v", err)
		}
	})
}
