package invent

import (
	"fmt"
	"math/rand/v2"
)

// Pick is one of from, which must not be empty.
func Pick[T any](r *rand.Rand, from []T) T { return from[r.IntN(len(from))] }

// Chance is true in so many of a hundred cases.
func Chance(r *rand.Rand, percent int) bool { return r.IntN(100) < percent }

func letters(r *rand.Rand, alphabet string, n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = alphabet[r.IntN(len(alphabet))]
	}
	return string(b)
}

// Hex is n hexadecimal digits, lower case.
func Hex(r *rand.Rand, n int) string { return letters(r, "0123456789abcdef", n) }

// Digits is n decimal digits.
func Digits(r *rand.Rand, n int) string { return letters(r, "0123456789", n) }

// Alphanumeric is n letters and digits.
func Alphanumeric(r *rand.Rand, n int) string {
	return letters(r, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", n)
}

// UUID is one of the random kind (RFC 9562, version 4).
func UUID(r *rand.Rand) string {
	return Hex(r, 8) + "-" + Hex(r, 4) + "-4" + Hex(r, 3) + "-" + letters(r, "89ab", 1) + Hex(r, 3) + "-" + Hex(r, 12)
}

// IPv4 is an address of one of the three documentation networks (RFC 5737).
func IPv4(r *rand.Rand) string {
	return fmt.Sprintf("%s.%d", Pick(r, []string{"192.0.2", "198.51.100", "203.0.113"}), 1+r.IntN(254))
}

// IPv6 is an address of the documentation network (RFC 3849).
func IPv6(r *rand.Rand) string {
	return fmt.Sprintf("2001:db8:%x:%x::%x", 1+r.IntN(0xfffe), 1+r.IntN(0xfffe), 1+r.IntN(0xfffe))
}
