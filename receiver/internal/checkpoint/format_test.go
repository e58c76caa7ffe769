package checkpoint

import (
	"errors"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/userlog/userlog-otel/receiver/internal/source"
)

func TestFingerprintKeepsPartsApart(t *testing.T) {
	whole := Fingerprint("auth0", "https://a")
	assert.Equal(t, "pu-v9WRaO06eEGbI", whole, "stored cursors answer to it")
	for _, other := range [][]string{{"auth0", "https://b"}, {"auth0https://a"}, {"auth0", "https://a", ""}, {"https://a", "auth0"}, {}} {
		assert.NotEqual(t, whole, Fingerprint(other...), other)
	}
}

// A change of the stored form loses the cursors of everyone who upgrades: this is what they have on disk.
func TestStoredFormOfVersion1IsRead(t *testing.T) {
	assert.Equal(t, "/v1/cursor/ungWv48Bz-pBQUDe", keyOf("abc"))
	cursor, err := decode([]byte(`{"v":1,"f":"fingerprint","c":"{\"w\":1600963169532}"}`), mark)
	require.NoError(t, err)
	assert.Equal(t, source.Cursor(`{"w":1600963169532}`), cursor)
	assert.JSONEq(t, `{"v":1,"f":"fingerprint","c":"x"}`, string(encode("x", mark)))
}

func TestIDsOfAnyKindMakeKeys(t *testing.T) {
	seen := map[string]source.Subject{}
	for _, subject := range []source.Subject{"", "a/b", "../..", "a\x00b", "\xff\xfe", "日本", source.Subject(strings.Repeat("x", 5000))} {
		key := keyOf(subject)
		assert.Regexp(t, `^/v1/cursor/[A-Za-z0-9_-]{16}$`, key)
		assert.NotContains(t, seen, key)
		seen[key] = subject
	}
}

func FuzzDecode(f *testing.F) {
	for _, seed := range []string{
		``, `null`, `{`, `{"v":1}`, `{"v":2,"c":{}}`, `{"v":1e30}`, `{"V":1,"F":"fingerprint","C":"x"}`,
		string(encode("x\u0000\"<", mark)), string(encode("x", "other")),
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, value []byte) {
		cursor, err := decode(value, mark)
		if err != nil {
			assert.Empty(t, cursor)
			known := errors.Is(err, errUnreadable) || errors.Is(err, errForeign) || errors.Is(err, ErrNewerVersion)
			assert.True(t, known, err)
			return
		}
		if value == nil {
			return
		}
		require.NotEmpty(t, cursor, "a stored value without a cursor would be taken for none")
		again, err := decode(encode(cursor, mark), mark)
		require.NoError(t, err)
		assert.Equal(t, cursor, again)
	})
}

func FuzzEncode(f *testing.F) {
	f.Add(`{"w":1,"r":"abc"}`)
	f.Add("<>&\u2028\x00")
	f.Fuzz(func(t *testing.T, cursor string) {
		if cursor == "" || !utf8.ValidString(cursor) {
			return // no cursor, by the contract
		}
		value := encode(source.Cursor(cursor), mark)
		require.NoError(t, newStrict().check("/", value))
		got, err := decode(value, mark)
		require.NoError(t, err)
		assert.Equal(t, cursor, string(got))
	})
}
