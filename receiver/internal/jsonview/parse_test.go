package jsonview

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func parse(t testing.TB, text string) Value {
	t.Helper()
	v, err := Parse([]byte(text))
	require.NoError(t, err)
	return v
}

func TestWhatIsNoDocumentIsRefusedWithoutItsWords(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]string{
		"":                            "answer is empty",
		" \n":                         "answer is empty",
		`{"a":["secret"`:              "answer ends inside its JSON document at byte 14",
		`"secret`:                     "answer ends inside its JSON document at byte 7",
		"<html>secret</html>":         "answer is HTML or XML, not JSON",
		"\r\n <?xml secret?>":         "answer is HTML or XML, not JSON",
		"secret":                      "answer is not JSON at byte 0",
		`{"a":1,}`:                    "answer is not JSON at byte 6",
		`[NaN]`:                       "answer is not JSON at byte 1",
		"\ufeff[]":                    "answer is not JSON at byte 0",
		"[\x00]":                      "answer is not JSON at byte 1",
		"[]secret":                    "answer goes on after the end of its JSON document at byte 2",
		"[] []":                       "answer goes on after the end of its JSON document at byte 2",
		nested(10_001) + "secret":     "answer goes on after the end of its JSON document at byte 20002",
		"[" + nested(10_001) + ",x]":  "answer is not JSON at byte 20004",
		"[" + nested(10_001) + ",]":   "answer is not JSON at byte 20003",
		nested(10_001)[:20_000]:       "answer ends inside its JSON document at byte 20000",
		"{\"a\" " + nested(10_001):    "answer is not JSON at byte 5",
		`["\ud83d\ude00 ok", "\x00"]`: "answer is not JSON at byte 21",
	} {
		_, err := Parse([]byte(body))
		assert.EqualError(t, err, want, "%.60q", body)
	}
}

func nested(levels int) string { return strings.Repeat("[", levels) + strings.Repeat("]", levels) }

func TestWhatIsNestedTooDeepDoesNotCostItsNeighbours(t *testing.T) {
	t.Parallel()
	deep := `{"id":7,"x":` + nested(10_001) + `,"y":"]}\"{"}`
	doc := parse(t, ` [{"id":6}, `+deep+` ,{"id":8}] `)
	var ids []string
	var sent []string
	for e := range doc.Elements() {
		ids, sent = append(ids, e.Get("id").Text()), append(sent, e.Sent())
	}
	assert.Equal(t, []string{"6", "7", "8"}, ids)
	assert.Equal(t, []string{`{"id":6}`, deep, `{"id":8}`}, sent, "byte for byte")
	for e := range doc.Elements() {
		assert.Equal(t, e, e.Clone())
	}
}

func TestCutDeepLeavesShallowDocumentsAlone(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "[]", nested(deepest), `{"a":"[[["}`, "]]]", `"`, `"\`} {
		assert.Equal(t, text, string(CutDeep([]byte(text))), "%.20s", text)
	}
	assert.Equal(t, strings.Repeat("[", deepest)+"null"+strings.Repeat("]", deepest), string(CutDeep([]byte(nested(deepest+2)))))
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(`{"a":[1,-2.5e+10,true,null,"\u0041\"\\",{}],"a":{"b":[[]]}} `))
	f.Add([]byte("[\"\xff\",\"\\ud800\",{\"\\u0061\":1}]"))
	f.Add([]byte(nested(200)))
	f.Add([]byte(`{"data":{"moreResultsAvailable":true,"reportingInfoItems":[{"id":1}]}}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		cut := CutDeep(body)
		require.Len(t, cut, len(body))
		v, err := Parse(body)
		if err != nil {
			require.Equal(t, Value{}, v)
			return
		}
		var want any
		dec := json.NewDecoder(strings.NewReader(v.Sent()))
		dec.UseNumber()
		if err := dec.Decode(&want); err == nil { // encoding/json's limit of depth is the same, but not what is cut here
			require.Equal(t, want, plain(v), "%q", body)
		}
	})
}

// plain is the value as encoding/json would give it.
func plain(v Value) any {
	switch v.Kind() {
	case 'n':
		return nil
	case 't', 'f':
		return v.Text() == "true"
	case '0':
		return json.Number(v.Text())
	case '"':
		return v.Text()
	case '[':
		list := []any{}
		for e := range v.Elements() {
			list = append(list, plain(e))
		}
		return list
	}
	object := map[string]any{}
	for name, value := range v.Members() {
		object[name] = plain(value)
	}
	return object
}
