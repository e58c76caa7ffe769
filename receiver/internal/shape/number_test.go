package shape

import (
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"go.opentelemetry.io/collector/pdata/pcommon"
)

func TestNumbersKeepTheirValues(t *testing.T) {
	t.Parallel()
	for digits, want := range map[string]any{
		"0": int64(0), "-0": int64(0), "7": int64(7), "-12": int64(-12),
		"9007199254740993":     int64(9007199254740993), // 2^53+1, the first integer that a double skips
		"9223372036854775807":  int64(math.MaxInt64),
		"-9223372036854775808": int64(math.MinInt64),
		"52.5":                 52.5, "0.1": 0.1, "-13.40": -13.4, "1.0": 1.0, "100.00": 100.0, "0.00010": 0.0001,
		"1e3": 1000.0, "1E+3": 1000.0, "25e-1": 2.5, "12.50e1": 125.0, "1e22": 1e22, "0.1e1": 1.0,
		"0.0": 0.0, "0e5": 0.0, "0e99999999999999999999": 0.0,
		"5e-324": 5e-324, "1.7976931348623157e308": math.MaxFloat64, "2.2250738585072014e-308": 2.2250738585072014e-308,
		"9007199254740992.0": 9007199254740992.0,
	} {
		value := pcommon.NewValueEmpty()
		putNumber(value, digits)
		assert.Equal(t, want, value.AsRaw(), digits)
	}
}

func TestNumbersThatNothingHoldsStayDigits(t *testing.T) {
	t.Parallel()
	for _, digits := range []string{
		"9223372036854775808", "-9223372036854775809", "90020251107102030456000000000000000000000000000000001",
		"9007199254740993.0", "0.1000000000000000055511151231257827", "0.30000000000000000001", "3.14159265358979323846",
		"1e309", "-1e309", "1e-324", "4.94e-324", "1e99999999999999999999", "1e-99999999999999999999",
		"12345678901234567890.5", "1." + strings.Repeat("0", 400) + "1",
	} {
		value := pcommon.NewValueEmpty()
		putNumber(value, digits)
		assert.Equal(t, digits, value.AsRaw(), digits)
	}
}
