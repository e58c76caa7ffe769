package userlist

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
	"unsafe"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/userlog/userlog-otel/receiver/internal/source"
)

const many = 100_000

// ids are the lines of a file of many users.
func ids() string {
	var content strings.Builder
	for i := range many {
		fmt.Fprintf(&content, "auth0|%024d\n", i)
	}
	return content.String()
}

func TestFileThatDidNotChangeIsNotParsedAgain(t *testing.T) {
	f := newFile(t)
	f.write(ids())
	l := New(nil, f.path)
	first, err := l.List(t.Context())
	require.NoError(t, err)
	require.Len(t, first, many)
	again, err := l.List(t.Context())
	require.NoError(t, err)
	assert.Same(t, &first[0], &again[0])
	assert.Len(t, again, many)
}

func TestUserWhoStaysKeepsTheTextOfTheID(t *testing.T) {
	f := newFile(t)
	f.write("a\nb\nc\n")
	l := New([]string{"fixed"}, f.path)
	first, err := l.List(t.Context())
	require.NoError(t, err)
	f.write("new\nc\nb\n")
	second, err := l.List(t.Context())
	require.NoError(t, err)
	require.Equal(t, []source.Subject{"fixed", "new", "c", "b"}, second)
	text := func(s source.Subject) *byte { return unsafe.StringData(string(s)) }
	for now, before := range map[int]int{0: 0, 2: 3, 3: 2} {
		assert.Same(t, text(first[before]), text(second[now]), second[now])
	}
}

// A list costs a user's id and its place; one whose users changed no more.
func TestListCostsLittleMemory(t *testing.T) {
	inUse := func() int {
		var m runtime.MemStats
		for range 2 {
			runtime.GC()
		}
		runtime.ReadMemStats(&m)
		return int(m.HeapAlloc)
	}
	const id, place = 32, 16
	f := newFile(t)
	before := inUse()
	l := New(nil, f.path)
	for _, more := range []string{"", "auth0|new\n"} {
		f.write(ids() + more)
		_, err := l.List(t.Context())
		require.NoError(t, err)
		assert.LessOrEqual(t, (inUse()-before)/many, id+place)
	}
	runtime.KeepAlive(l)
}
