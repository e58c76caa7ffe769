package kobil

import (
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"
)

func FuzzParseDate(f *testing.F) {
	for _, text := range []string{"", "0", "-1", "1762510830", "1762510830.5", "1e9", "253402300799", "253402300800", "99999999999999999999"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		at := parseDate(text)
		if at.IsZero() {
			return
		}
		seconds, err := strconv.ParseInt(text, 10, 64)
		require.NoError(t, err)
		require.Equal(t, seconds, at.Unix())
		require.LessOrEqual(t, at.Year(), 9999)
	})
}
