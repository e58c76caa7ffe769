package shape

import (
	"strconv"
	"strings"

	"go.opentelemetry.io/collector/pdata/pcommon"
)

// putNumber writes a JSON number into a value: as an integer or a double if that is exactly what the digits say, and
// else as the digits. So no id, and no amount, becomes its neighbour.
func putNumber(into pcommon.Value, digits string) {
	if strings.ContainsAny(digits, ".eE") {
		if double, err := strconv.ParseFloat(digits, 64); err == nil && writes(double, digits) {
			into.SetDouble(double)
			return
		}
	} else if integer, err := strconv.ParseInt(digits, 10, 64); err == nil {
		into.SetInt(integer)
		return
	}
	into.SetStr(digits)
}

// writes reports whether a double, written in the shortest form that reads as the same double, is the number that the
// digits say.
func writes(double float64, digits string) bool {
	var buffer [32]byte // the longest is -2.2250738585072014e-308
	written, _ := parseDecimal(string(strconv.AppendFloat(buffer[:0], double, 'e', -1, 64)))
	read, ok := parseDecimal(digits)
	return ok && read == written
}

// decimal is a number without its sign, digits × 10^exponent. The last of the digits is not 0, so that equal numbers are
// equal decimals; 0 is the zero decimal.
type decimal struct {
	digits   uint64
	exponent int
}

// parseDecimal reads a JSON number. It is not ok if the number has more digits than any double's shortest form, which
// are 17, or an exponent without measure.
func parseDecimal(number string) (decimal, bool) {
	mantissa, power := strings.TrimPrefix(number, "-"), "0"
	if at := strings.IndexAny(mantissa, "eE"); at >= 0 {
		mantissa, power = mantissa[:at], mantissa[at+1:]
	}
	whole, fraction, _ := strings.Cut(mantissa, ".")
	all := strings.TrimLeft(whole+fraction, "0")
	significant := strings.TrimRight(all, "0")
	if significant == "" {
		return decimal{}, true
	}
	digits, err := strconv.ParseUint(significant, 10, 64)
	if err != nil {
		return decimal{}, false
	}
	exponent, err := strconv.Atoi(power)
	return decimal{digits: digits, exponent: exponent - len(fraction) + len(all) - len(significant)}, err == nil
}
