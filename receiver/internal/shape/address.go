package shape

import (
	"net/netip"
	"strings"

	"go.opentelemetry.io/collector/pdata/pcommon"
)

// How much of an address stays: all but the last octet of IPv4, and all but the last 80 bits of IPv6, as in the IP masking
// of Google Analytics (support.google.com/analytics/answer/2763052).
const (
	bitsOfIPv4 = 24
	bitsOfIPv6 = 48
	// bitsOf6to4 leaves out the last octet of the IPv4 address that follows the first 16 bits (RFC 3056, section 2).
	bitsOf6to4 = 16 + bitsOfIPv4
)

// truncateIP shortens the addresses in a value, which are one, or several with commas between them, as in the header
// X-Forwarded-For. What is no address is left out, because it cannot be shortened. It reports whether anything is left.
func truncateIP(value pcommon.Value) bool {
	var buffer [64]byte
	networks := buffer[:0]
	for part := range strings.SplitSeq(value.AsString(), ",") {
		address, err := netip.ParseAddr(strings.TrimSpace(part))
		if err != nil {
			continue
		}
		if len(networks) > 0 {
			networks = append(networks, ", "...)
		}
		networks = network(address).AppendTo(networks)
	}
	value.SetStr(string(networks))
	return len(networks) > 0
}

// network is the first address of the network that an address lies in. IPv4 that is written as IPv6 is IPv4.
func network(address netip.Addr) netip.Addr {
	address = address.Unmap()
	bits := bitsOfIPv6
	switch {
	case address.Is4():
		bits = bitsOfIPv4
	case is6to4(address):
		bits = bitsOf6to4
	}
	prefix, _ := address.Prefix(bits) // without the zone; it fails only for more bits than an address has
	return prefix.Addr()
}

func is6to4(address netip.Addr) bool {
	bytes := address.As16()
	return bytes[0] == 0x20 && bytes[1] == 0x02
}
