package jsonview

import (
	"iter"
	"testing"
	"unsafe"

	"github.com/stretchr/testify/assert"
)

func TestScalarsAsText(t *testing.T) {
	t.Parallel()
	for value, want := range map[string]string{
		`"a"`: "a", `""`: "", `"\u0061\n\""`: "a\n\"", `"a\u0000b"`: "a\x00b", `"\ud800"`: "\ufffd", "\"\xff\"": "\ufffd",
		"7": "7", "-1.50E+400": "-1.50E+400", "9007199254740993": "9007199254740993", "true": "true", "false": "false",
		"null": "", "[]": "", "{}": "", `["a"]`: "",
	} {
		assert.Equal(t, want, parse(t, value).Text(), value)
	}
	assert.Empty(t, Value{}.Text())
}

func TestMembersAndElementsInTheirOrder(t *testing.T) {
	t.Parallel()
	doc := parse(t, " { \"a\" : [ 1 ,\n{\"x\":[]} , \"]\" ] , \"b\":null,\"\\u0063\":{ } , \"a\":\"last\"}\t")
	var names []string
	var values []string
	for name, value := range doc.Members() {
		names, values = append(names, name), append(values, value.Sent())
	}
	assert.Equal(t, []string{"a", "b", "c", "a"}, names)
	assert.Equal(t, []string{"[ 1 ,\n{\"x\":[]} , \"]\" ]", "null", "{ }", `"last"`}, values)
	assert.Equal(t, "last", doc.Get("a").Text(), "of several the last counts")
	assert.Equal(t, Value{}, doc.Get("A"), "names count letter for letter")
	assert.EqualValues(t, '{', doc.Get("c").Kind(), "a name may be written with escapes")

	var elements []string
	for element := range parse(t, "[ 1 ,\n{\"x\":[]} , \"]\" ]").Elements() {
		elements = append(elements, element.Sent())
	}
	assert.Equal(t, []string{"1", `{"x":[]}`, `"]"`}, elements)
	for _, other := range []string{"7", `"a"`, "null", "[]", "{}"} {
		for range parse(t, other).Members() {
			assert.Fail(t, "a member", other)
		}
		for range parse(t, other).Elements() {
			assert.Fail(t, "an element", other)
		}
	}
}

func TestWalksCanBeLeft(t *testing.T) {
	t.Parallel()
	n := 0
	for range parse(t, "[1,2,3]").Elements() {
		n++
		break
	}
	for range parse(t, `{"a":1,"b":2}`).Members() {
		n++
		break
	}
	assert.Equal(t, 2, n)
}

func TestCloneKeepsNothingOfTheDocument(t *testing.T) {
	t.Parallel()
	body := []byte(`[{"id":1}]`)
	doc, err := Parse(body)
	assert.NoError(t, err)
	next, stop := iter.Pull(doc.Elements())
	defer stop()
	e, _ := next()
	alone := e.Clone()
	assert.Equal(t, e, alone)
	assert.NotSame(t, unsafe.StringData(e.Sent()), unsafe.StringData(alone.Sent()))
	clear(body) // what nobody may do, except to show that alone has no part in it
	assert.Equal(t, `{"id":1}`, alone.Sent())
	assert.Equal(t, "1", alone.Get("id").Text())
}
