package userlist

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/userlog/userlog-otel/receiver/internal/source"
)

func TestParse(t *testing.T) {
	for _, test := range []struct {
		name, content string
		want          []source.Subject
		fault         string
	}{
		{"empty", "", nil, ""},
		{"one a line", "a\nb\n", []source.Subject{"a", "b"}, ""},
		{"no end of the last line", "a\nb", []source.Subject{"a", "b"}, ""},
		{"byte order mark", "\ufeffa\nb\n", []source.Subject{"a", "b"}, ""},
		{"byte order mark before a comment", "\ufeff# users\na\n", []source.Subject{"a"}, ""},
		{"two files put together", "\ufeffa\r\n\ufeffb\r\n", []source.Subject{"a", "b"}, ""},
		{"ends of lines as in Windows", "a\r\n\r\nb\r\n", []source.Subject{"a", "b"}, ""},
		{"comments, blank lines, space around", "# mine\n\n  a\t\n \n\t# b\n auth0|c \n", []source.Subject{"a", "auth0|c"}, ""},
		{"a hash sign within is no comment", "a#b\n", []source.Subject{"a#b"}, ""},
		{"any characters", "ad|corp|Ünal O'Brien/x y\n日本\n", []source.Subject{"ad|corp|Ünal O'Brien/x y", "日本"}, ""},
		{"twice", "a\nb\na\n", []source.Subject{"a", "b", "a"}, ""},
		{
			"bad lines are named by number, the others kept", "a\n\xff\xfe\nb\x00c\n..\nd\n" + strings.Repeat("x", 1025) + "\n" + strings.Repeat("y", 1024),
			[]source.Subject{"a", "d", source.Subject(strings.Repeat("y", 1024))},
			"not ids, left out: line 2 is not UTF-8; line 3 holds a control character; line 4 would be a path, not an id; line 6 is longer than 1024 bytes",
		},
		{
			"ends of lines as in old Macs", "a\rb\rc", nil, "not ids, left out: line 1 holds a control character",
		},
		{
			"UTF-16, as an editor may write it", "\xff\xfea\x00\n\x00", nil,
			"not ids, left out: line 1 is not UTF-8; line 2 holds a control character",
		},
		{
			"very many bad lines", strings.Repeat("\x01\n", 100_000), nil,
			"not ids, left out: line 1 holds a control character; line 2 holds a control character; line 3 holds a control character; " +
				"line 4 holds a control character; line 5 holds a control character; and 99995 more lines",
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, err := Parse([]byte(test.content))
			assert.Equal(t, test.want, got)
			if test.fault == "" {
				assert.NoError(t, err)
			} else {
				assert.EqualError(t, err, test.fault)
			}
		})
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte("\ufeffa\r\n# b\n\n c \n"))
	f.Add([]byte("\xff\n\x00\n..\n" + strings.Repeat("x", 1025)))
	f.Add([]byte("\ufeff\ufeff#\n\u2028\u0085\n"))
	f.Fuzz(func(t *testing.T, content []byte) {
		before := bytes.Clone(content)
		ids, err := Parse(content)
		require.Equal(t, before, content)
		require.LessOrEqual(t, len(ids), bytes.Count(content, []byte("\n"))+1)
		for _, id := range ids {
			require.NotEmpty(t, id, "the empty subject is the log of the whole tenant")
			require.True(t, utf8.ValidString(string(id)))
			require.LessOrEqual(t, len(id), maxIDLength)
			require.NotContains(t, string(id), "\n")
			require.NotContains(t, string(id), "\x00")
			require.Contains(t, string(content), string(id))
			require.NotContains(t, []source.Subject{".", ".."}, id)
		}
		if err != nil {
			require.Less(t, len(err.Error()), 400)
			require.True(t, utf8.ValidString(err.Error()), "the bytes of a bad line are not repeated")
		}
		again, err := Parse([]byte(joinIDs(ids)))
		require.NoError(t, err)
		require.Equal(t, ids, again)
	})
}

func joinIDs(ids []source.Subject) string {
	var b strings.Builder
	for _, id := range ids {
		fmt.Fprintln(&b, id)
	}
	return b.String()
}

// file is a users_file that can change.
type file struct {
	t    *testing.T
	path string
}

func newFile(t *testing.T) file { return file{t, filepath.Join(t.TempDir(), "users")} }

func (f file) write(content string) {
	f.t.Helper()
	require.NoError(f.t, os.WriteFile(f.path, []byte(content), 0o600))
}

func TestListFollowsTheFile(t *testing.T) {
	f := newFile(t)
	l := New([]string{"fixed", "a", "fixed"}, f.path)
	for _, step := range []struct {
		content string
		want    []source.Subject
		fault   string
	}{
		{"a\nb\n", []source.Subject{"fixed", "a", "b"}, ""},
		{"c\nb\nc\nfixed\n", []source.Subject{"fixed", "a", "c", "b"}, ""}, // of the same length as the one before
		{"b\n\xff\n", []source.Subject{"fixed", "a", "b"}, "line 2 is not UTF-8"},
		{"", []source.Subject{"fixed", "a"}, "holds no ids"},
		{"d", []source.Subject{"fixed", "a", "d"}, ""},
	} {
		f.write(step.content)
		for range 2 { // also when nothing changed
			got, err := l.List(t.Context())
			assert.Equal(t, step.want, got)
			if step.fault == "" {
				assert.NoError(t, err)
			} else {
				assert.ErrorContains(t, err, step.fault)
				assert.ErrorContains(t, err, f.path)
			}
		}
	}
}

func TestFileWithoutIDs(t *testing.T) {
	for _, content := range []string{"", "\n \n", "# none yet\n", "\ufeff"} {
		f := newFile(t)
		f.write(content)
		l := New(nil, f.path)
		for range 2 { // also when nothing changed
			got, err := l.List(t.Context())
			assert.NotNil(t, got, "that there are no users is known")
			assert.Empty(t, got)
			assert.EqualError(t, err, "users_file "+f.path+" holds no ids")
		}
		f.write("a\n")
		got, err := l.List(t.Context())
		assert.Equal(t, []source.Subject{"a"}, got)
		assert.NoError(t, err)
		f.write(content)
		got, err = l.List(t.Context())
		assert.NotNil(t, got)
		assert.Empty(t, got)
		assert.ErrorContains(t, err, "holds no ids")
	}
}

func TestFileThatCannotBeRead(t *testing.T) {
	t.Run("never was: none", func(t *testing.T) {
		got, err := New(nil, newFile(t).path).List(t.Context())
		assert.Nil(t, got, "an empty list would mean that there are no users")
		assert.ErrorIs(t, err, os.ErrNotExist)
		assert.ErrorContains(t, err, "users_file")
	})
	t.Run("never was: those of the configuration are read all the same", func(t *testing.T) {
		got, err := New([]string{"fixed"}, newFile(t).path).List(t.Context())
		assert.Equal(t, []source.Subject{"fixed"}, got)
		assert.ErrorIs(t, err, os.ErrNotExist)
	})
	t.Run("gone: those of the last time", func(t *testing.T) {
		f := newFile(t)
		l := New([]string{"fixed"}, f.path)
		f.write("a\n")
		want, err := l.List(t.Context())
		require.NoError(t, err)
		require.NoError(t, os.Remove(f.path))
		got, err := l.List(t.Context())
		assert.Equal(t, want, got)
		assert.ErrorIs(t, err, os.ErrNotExist)
		f.write("a\n")
		got, err = l.List(t.Context())
		assert.Equal(t, want, got)
		assert.NoError(t, err, "it heals, also with the same content")
	})
	t.Run("a directory", func(t *testing.T) {
		_, err := New(nil, t.TempDir()).List(t.Context())
		assert.ErrorContains(t, err, "users_file cannot be read")
	})
	t.Run("too large", func(t *testing.T) {
		f := newFile(t)
		f.write("a\n")
		require.NoError(t, os.Truncate(f.path, maxFileSize+1))
		_, err := New(nil, f.path).List(t.Context())
		assert.ErrorContains(t, err, "is larger than 67108864 bytes")
	})
}

func TestWithoutAFileTheUsersOfTheConfiguration(t *testing.T) {
	got, err := New([]string{"b", "a", "b"}, "").List(t.Context())
	require.NoError(t, err)
	assert.Equal(t, []source.Subject{"b", "a"}, got, "each once, in order")
}

// The list that the schedule holds must not change under it.
func TestListGivenOutIsNotChanged(t *testing.T) {
	f := newFile(t)
	f.write("a\nb\n")
	l := New([]string{"fixed"}, f.path)
	first, err := l.List(t.Context())
	require.NoError(t, err)
	f.write("x\ny\nz\n")
	_, err = l.List(t.Context())
	require.NoError(t, err)
	assert.Equal(t, []source.Subject{"fixed", "a", "b"}, first)
}
