package shape

import (
	"net/netip"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"pgregory.net/rapid"
)

func TestAddressesBecomeNetworks(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]string{
		"203.0.113.7":                "203.0.113.0",
		"203.0.113.0":                "203.0.113.0",
		"255.255.255.255":            "255.255.255.0",
		"2001:db8:85a3:8d3::7348":    "2001:db8:85a3::",
		"2001:DB8:85A3::1":           "2001:db8:85a3::",
		"::1":                        "::",
		"fe80::1%eth0":               "fe80::",
		"::ffff:203.0.113.7":         "203.0.113.0",
		"::ffff:cb00:7107":           "203.0.113.0",
		"::ffff:203.0.113.7%eth0":    "203.0.113.0",
		"2002:cb00:7107:1::1":        "2002:cb00:7100::",
		"203.0.113.7, 10.0.0.1":      "203.0.113.0, 10.0.0.0",
		"203.0.113.7,2001:db8:1:2::": "203.0.113.0, 2001:db8:1::",
		"unknown, 203.0.113.7 ,":     "203.0.113.0",
	} {
		value := pcommon.NewValueStr(address)
		assert.True(t, truncateIP(value), address)
		assert.Equal(t, want, value.Str(), address)
	}
}

func TestWhatIsNoAddressIsNotKept(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"", " ", ",", "unknown", "jane@example.com", "203.0.113", "203.0.113.007", "203.0.113.7:443", "203.0.113.7/32",
		"[2001:db8::1]", "[2001:db8::1]:443", "2001:db8:::1", "3405803783", "fe80::1%",
	} {
		assert.False(t, truncateIP(pcommon.NewValueStr(text)), "%q", text)
	}
	assert.False(t, truncateIP(pcommon.NewValueInt(3405803783)))
}

func TestNoBitBehindTheNetworkIsLeft(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		size := rapid.SampledFrom([]int{4, 16}).Draw(t, "size")
		address, ok := netip.AddrFromSlice(rapid.SliceOfN(rapid.Byte(), size, size).Draw(t, "address"))
		require.True(t, ok)
		value := pcommon.NewValueStr(address.String())
		require.True(t, truncateIP(value))
		got, want := netip.MustParseAddr(value.Str()), address.Unmap()
		kept, cut := got.AsSlice(), want.AsSlice()
		whole := map[int]int{4: 3, 16: 6}[len(cut)]
		if len(cut) == 16 && cut[0] == 0x20 && cut[1] == 0x02 {
			whole = 5
		}
		clear(cut[whole:])
		require.Equal(t, cut, kept)
	})
}
