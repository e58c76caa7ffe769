package canvas

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func FuzzParseDate(f *testing.F) {
	for _, text := range []string{
		"", "2025-11-07T10:20:30Z", "2025-11-07T10:20:30.123456789+05:30", "2025-11-07T10:20:30-0600",
		"2025-11-07 10:20:30 UTC", "2025-11-07 10:20:30 +0100", "0000-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		at := parseDate(text)
		if at.IsZero() {
			return
		}
		require.Equal(t, time.UTC, at.Location())
		if year := at.Year(); year >= 0 && year <= 9999 { // what the usual form can write
			require.True(t, parseDate(at.Format(time.RFC3339Nano)).Equal(at))
		}
	})
}
