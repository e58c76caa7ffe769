package userlogcursor

import (
	"io"
	"maps"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

type discard struct{}

func (*discard) Write(p []byte) (int, error) { return len(p), nil }

func stringReader(s string) io.Reader { return strings.NewReader(s) }

func TestWhatIsExportedAndImportedIsTheSame(t *testing.T) {
	t.Parallel()
	for _, system := range systems(t) {
		from, _ := written(t, system)
		from.keys["/v1/bad/Khj-jVkkX7JfbpQx"] = "set aside: \xff<>&\u2028"
		into := newDisk()
		result, err := Import(t.Context(), into, "", stringReader(exported(t, from)), false)
		require.NoError(t, err, system)
		assert.Equal(t, from.keys, into.keys, system)
		assert.Equal(t, Imported{Cursors: len(from.keys) - 2}, result, system)
		assert.Equal(t, exported(t, from), exported(t, into), system)
	}
}

func TestImportReplacesAndKeepsOthers(t *testing.T) {
	t.Parallel()
	from, _ := written(t, "auth0")
	into := newDisk()
	maps.Copy(into.keys, from.keys)
	const key, other = "/v1/cursor/Khj-jVkkX7JfbpQx", "/v1/cursor/Khj-jVkkX7Jfother"
	into.keys[other] = into.keys[key]
	delete(into.keys, "/v1/cursor/L7UCxkWF1alDzm7r")
	result, err := Import(t.Context(), into, "", stringReader(exported(t, from)), false)
	require.NoError(t, err)
	assert.Equal(t, Imported{Cursors: 3, Replaced: 2}, result)
	assert.Len(t, into.keys, len(from.keys)+1)
	assert.Contains(t, into.keys, other)
}

func TestImportThatIsOnlyTriedStoresNothing(t *testing.T) {
	t.Parallel()
	from, _ := written(t, "auth0")
	into := newDisk()
	result, err := Import(t.Context(), into, "", stringReader(exported(t, from)), true)
	require.NoError(t, err)
	assert.Equal(t, Imported{Cursors: 3}, result)
	assert.Empty(t, into.keys)
}

func TestCursorsOfAnotherSourceAreRefused(t *testing.T) {
	t.Parallel()
	from, _ := written(t, "auth0")
	into, _ := written(t, "kobil")
	before := maps.Clone(into.keys)
	for name, test := range map[string]struct {
		into        *disk
		fingerprint string
	}{
		"by what is stored":        {into, ""},
		"by the configuration":     {newDisk(), sourceOf(t, "https://another.example.com").Fingerprint},
		"by the configuration too": {from, sourceOf(t, "https://another.example.com").Fingerprint},
	} {
		_, err := Import(t.Context(), test.into, test.fingerprint, stringReader(exported(t, from)), false)
		assert.ErrorIs(t, err, errForeign, name)
	}
	assert.Equal(t, before, into.keys)
}

func TestDamagedExportIsRefusedWhole(t *testing.T) {
	t.Parallel()
	from, _ := written(t, "auth0")
	whole := exported(t, from)
	lines := strings.SplitAfter(whole, "\n")
	for name, test := range map[string]struct{ text, want string }{
		"empty":           {"", "this is no export of cursors"},
		"another file":    {"receivers:\n", "this is no export of cursors"},
		"newer":           {strings.Replace(whole, `"version":1`, `"version":2`, 1), "the export is of version 2, and this program reads version 1"},
		"cut":             {whole[:len(whole)/2], "the export is not whole"},
		"without its end": {strings.Join(lines[:len(lines)-2], ""), "the export is not whole"},
		"a line less":     {strings.Join(append([]string{lines[0]}, lines[2:]...), ""), "the export is not whole"},
		"a line changed":  {strings.Replace(whole, `\"v\":1,\"f\":\"5`, `\"v\":1,\"f\":\"6`, 1), "the export is not whole"},
		"goes on":         {whole + "\n", "the export is not whole"},
		"foreign key":     {strings.Replace(whole, "/v1/cursor/K", "/v2/cursor/K", 1), "key 1 of the export: a key that the receiver does not write"},
		"newer cursor":    {strings.Replace(whole, `{\"v\":1,\"f\"`, `{\"v\":2,\"f\"`, 1), "was written by a newer version of the receiver"},
	} {
		require.NotEqual(t, test.text, whole, name)
		into := newDisk()
		_, err := Import(t.Context(), into, "", stringReader(test.text), false)
		assert.ErrorContains(t, err, test.want, name)
		assert.Empty(t, into.keys, name)
	}
}

func TestCursorThatCannotBeReadIsNotExported(t *testing.T) {
	t.Parallel()
	d, _ := written(t, "auth0")
	d.keys["/v1/cursor/Khj-jVkkX7JfbpQx"] = canary
	_, err := Export(t.Context(), d, "", &discard{})
	assert.EqualError(t, err, "log Khj-jVkkX7JfbpQx: the stored cursor cannot be read: reset it first")
}

func TestStorageThatFailsLosesNothing(t *testing.T) {
	t.Parallel()
	d, _ := written(t, "auth0")
	text := exported(t, d)
	before := maps.Clone(d.keys)
	d.full = true
	_, err := Reset(t.Context(), d, Choice{All: true}, "")
	assert.EqualError(t, err, "nothing was reset: no space left on device")
	_, err = Import(t.Context(), d, "", stringReader(text), false)
	assert.EqualError(t, err, "nothing was imported: no space left on device")
	assert.Equal(t, before, d.keys)
}
