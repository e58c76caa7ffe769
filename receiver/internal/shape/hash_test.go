package shape

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
)

func hashed(t *testing.T, key string, raw any) any {
	t.Helper()
	value := pcommon.NewValueEmpty()
	require.NoError(t, value.FromRaw(raw))
	newHasher(key).replace(value)
	return value.AsRaw()
}

// The values are those of RFC 4231 (test cases 2 and 3), and what the README's command prints.
func TestHashIsTheHMACThatOtherToolsCompute(t *testing.T) {
	t.Parallel()
	assert.Equal(t, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843", hashed(t, "Jefe", "what do ya want for nothing?"))
	assert.Equal(t, "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe",
		hashed(t, strings.Repeat("\xaa", 20), strings.Repeat("\xdd", 50)))
	assert.Equal(t, "badfc7fd21c8dbb02605d329903932b7c64fc0e15d8136a98ac63c1ab4abc736", hashed(t, "KEY", "jane@example.com"))
	assert.Equal(t, hmacOf("k", strings.Repeat("ä", 1000)), hashed(t, "k", strings.Repeat("ä", 1000)), "longer than a block")
}

func hmacOf(key, text string) string {
	mac := hmac.New(sha256.New, []byte(key))
	mac.Write([]byte(text))
	return hex.EncodeToString(mac.Sum(nil))
}

func TestValuesOfEveryTypeAreHashedByTheirText(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ raw, want any }{
		"list":             {[]any{"openid", "", "profile", 7}, []any{hmacOf("k", "openid"), "", hmacOf("k", "profile"), hmacOf("k", "7")}},
		"list in a list":   {[]any{[]any{"a"}, true}, []any{[]any{hmacOf("k", "a")}, hmacOf("k", "true")}},
		"empty list":       {[]any{}, []any{}},
		"boolean":          {false, hmacOf("k", "false")},
		"double":           {52.5, hmacOf("k", "52.5")},
		"integer":          {int64(-7), hmacOf("k", "-7")},
		"map":              {map[string]any{"a": "b"}, hmacOf("k", `{"a":"b"}`)},
		"empty text stays": {"", ""},
		"nothing stays":    {nil, nil},
	} {
		assert.Equal(t, test.want, hashed(t, "k", test.raw), name)
	}
}

func TestHashDependsOnTheKey(t *testing.T) {
	t.Parallel()
	assert.NotEqual(t, hashed(t, "k", "jane"), hashed(t, "K", "jane"))
}
