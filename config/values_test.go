package config

import (
	"math"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestByteSize(t *testing.T) {
	for text, want := range map[string]ByteSize{
		"1048576": 1 << 20, "16MiB": 16 << 20, "16 MiB": 16 << 20, " 16MiB ": 16 << 20, "16M": 16 << 20, "1G": 1 << 30, "1GiB": 1 << 30,
		"500kB": 500_000, "500KB": 500_000, "2MB": 2_000_000, "1GB": 1_000_000_000, "64KiB": 64 << 10, "64K": 64 << 10, "70000B": 70_000,
	} {
		var b ByteSize
		require.NoError(t, b.UnmarshalText([]byte(text)), text)
		assert.Equal(t, want, b, text)
		require.NoError(t, b.Validate(), text)
	}
	for _, text := range []string{"", "MiB", "big", "16 MBit", "1.5MiB", "0x10", "16MiBMiB", "16iKB", "1e6", "1_000", "16\x00MiB", "１６MiB"} {
		var b ByteSize
		require.Error(t, b.UnmarshalText([]byte(text)), text)
	}
	for _, text := range []string{"0", "-1", "-99999999999999999999GiB", "65535", "1073741825", "2GiB", "17592186044432MiB", "9223372036854775807GiB", "99999999999999999999"} {
		var b ByteSize
		require.NoError(t, b.UnmarshalText([]byte(text)), text)
		require.Error(t, b.Validate(), text)
	}
}

// What is read is what was meant, or it is refused: no size overflows into one that is allowed.
func FuzzByteSize(f *testing.F) {
	for _, s := range []string{"16MiB", "1", "-1G", "9223372036854775807GiB", "-9223372036854775807K", "1073741824", "16 kB", "", "k"} {
		f.Add(s)
	}
	f.Add("17592186044432MiB")
	f.Fuzz(func(t *testing.T, text string) {
		var b ByteSize
		if b.UnmarshalText([]byte(text)) != nil || b.Validate() != nil {
			return
		}
		digits := strings.TrimSpace(text)
		assert.LessOrEqual(t, len(strings.TrimLeft(strings.TrimRight(digits, "kKMGiB "), "+0")), 10, "more digits than a GiB has")
		assert.False(t, strings.HasPrefix(digits, "-"))
		again, err := b.MarshalText()
		require.NoError(t, err)
		var c ByteSize
		require.NoError(t, c.UnmarshalText(again))
		assert.Equal(t, b, c)
	})
}

func TestSeverity(t *testing.T) {
	for name, want := range map[Severity]int32{
		"": 0, "TRACE": 1, "TRACE4": 4, "DEBUG": 5, "INFO": 9, "info": 9, "Warn": 13, "WARN2": 14, "ERROR": 17, "FATAL": 21, "FATAL4": 24,
		"WARN1": 0, "WARN5": 0, "WARN22": 0, "WARNING": 0, "WARN 2": 0, "X": 0, "TRACE DEBUG": 0, "9": 0,
	} {
		assert.Equal(t, want, name.Number(), string(name))
		assert.Equal(t, want != 0 || name == "", name.Validate() == nil, string(name))
	}
}

func TestNumbersAndDurations(t *testing.T) {
	type check interface{ Validate() error }
	for _, good := range []check{
		Interval(time.Millisecond), Interval(time.Minute), Span(0), Span(time.Millisecond), Span(time.Hour), Count(1), Count(1000), PageSize(1), PageSize(100), RowLimit(1), RowLimit(1000),
		Rate(0), Rate(0.001), Rate(1e9), Share(0), Share(0.2), Share(0.999999),
		Category(""), Category("mfa"), Outcome(""), Outcome("failure"), UserID("auth0|1"), UserID("..."), UserID("a b"), UserID("ü/?#%"),
		Product("ssms"), Product("shift"), LoginsPath("logins"), LoginsPath("pseudonyms"),
	} {
		require.NoError(t, good.Validate(), "%T %v", good, good)
	}
	for _, bad := range []check{
		Interval(0), Interval(-1), Interval(60), Span(-1), Span(24), Count(0), Count(-1), PageSize(0), PageSize(101), PageSize(math.MinInt), RowLimit(0), RowLimit(1001),
		Rate(-0.1), Rate(math.NaN()), Rate(math.Inf(1)), Share(1), Share(-0.1), Share(math.NaN()), Share(math.Inf(-1)),
		Category("Login"), Outcome("ok"), UserID(""), UserID(" "), UserID("."), UserID(".."), UserID("a\x00b"), UserID("a\nb"), UserID("a\xff"), UserID(" a"), UserID("a\t"),
		Product(""), Product("SSMS"), Product("idp"), LoginsPath(""), LoginsPath("users"),
	} {
		require.Error(t, bad.Validate(), "%T %v", bad, bad)
	}
}

func TestUsersAsText(t *testing.T) {
	for text, want := range map[string]UserIDs{
		"": nil, "auth0|1": {"auth0|1"}, "a,b": {"a", "b"}, " a , b\nc,\n": {"a", "b", "c"}, "a,,b": {"a", "b"}, "a\r\nb\r\n": {"a", "b"}, "a, ,b": {"a", "", "b"},
	} {
		users := UserIDs{"what was there"}
		require.NoError(t, users.UnmarshalText([]byte(text)))
		assert.Equal(t, want, users, text)
	}
}
