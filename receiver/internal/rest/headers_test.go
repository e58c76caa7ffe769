package rest

import (
	"math"
	"net/http"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

func rateHeader(limit, remaining, reset string) http.Header {
	h := http.Header{}
	for name, value := range map[string]string{"X-RateLimit-Limit": limit, "X-RateLimit-Remaining": remaining, "X-RateLimit-Reset": reset} {
		if value != "" {
			h.Set(name, value)
		}
	}
	return h
}

func TestReadQuota(t *testing.T) {
	epoch := func(d time.Duration) string { return strconv.FormatInt(noon.Add(d).Unix(), 10) }
	for name, c := range map[string]struct {
		limit, remaining, reset string
		known                   bool
		left                    time.Duration // 0: the end is not known
	}{
		"as Auth0 sends it":        {"10", "9", epoch(time.Minute), true, time.Minute},
		"milliseconds":             {"10", "9", epoch(time.Minute) + "000", true, time.Minute},
		"seconds from now":         {"10", "9", "60", true, time.Minute},
		"with spaces":              {" 10 ", " 9", epoch(time.Minute) + " ", true, time.Minute},
		"now":                      {"10", "9", epoch(0), true, 0 + 1},
		"the past":                 {"10", "9", epoch(-time.Hour), true, 0 + 1},
		"long":                     {"10", "9", epoch(24 * time.Hour), true, 24 * time.Hour},
		"zero seconds":             {"10", "9", "0", true, 0 + 1},
		"the year 9999":            {"10", "9", "253402300799", true, 0},
		"the year 9999 in ms":      {"10", "9", "253402300799000", true, 0},
		"long past":                {"10", "9", epoch(-26 * time.Hour), true, 0},
		"negative":                 {"10", "9", "-60", true, 0},
		"no number":                {"10", "9", "soon", true, 0},
		"NaN":                      {"10", "9", "NaN", true, 0},
		"infinite":                 {"10", "9", "+Inf", true, 0},
		"none":                     {"10", "9", "", true, 0},
		"no limit":                 {"", "9", epoch(time.Minute), false, time.Minute},
		"no remaining":             {"10", "", epoch(time.Minute), false, time.Minute},
		"limit zero":               {"0", "0", epoch(time.Minute), false, time.Minute},
		"limit below one":          {"0.5", "0", epoch(time.Minute), false, time.Minute},
		"limit negative":           {"-1", "9", epoch(time.Minute), false, time.Minute},
		"limit no number":          {"10;w=60", "9", epoch(time.Minute), false, time.Minute},
		"remaining beyond numbers": {"10", "1e999", epoch(time.Minute), false, time.Minute},
		"nothing":                  {"", "", "", false, 0},
	} {
		t.Run(name, func(t *testing.T) {
			local := noon.Add(-37 * time.Minute) // a clock that is wrong
			q := readQuota(rateHeader(c.limit, c.remaining, c.reset), noon, local)
			assert.Equal(t, c.known, q.known)
			if c.left == 0 {
				assert.True(t, q.resets.IsZero(), q.resets)
				return
			}
			assert.Equal(t, local.Add(c.left.Truncate(time.Second)+time.Second), q.resets)
			if c.known {
				assert.InDelta(t, 10, q.limit, 0)
				assert.InDelta(t, 9, q.remaining, 0)
			}
		})
	}
}

// Whatever a server sends, nobody waits for ever, and no arithmetic goes wrong.
func FuzzRateHeaders(f *testing.F) {
	for _, s := range []string{"", "10", "-1", "0", "60", "NaN", "Inf", "1e308", "1e-308", "0x1p-2", "1763812800", "1763812800000", "253402300799", "99999999999999999999", "Sun, 22 Nov 2026 12:00:07 GMT"} {
		f.Add("10", "9", s, s, int64(1795348800))
		f.Add(s, s, "60", "1", int64(0))
	}
	f.Fuzz(func(t *testing.T, limit, remaining, reset, after string, date int64) {
		h := rateHeader(limit, remaining, reset)
		h["Retry-After"] = []string{after}
		server := time.Unix(date, 0)
		if date == 0 {
			server = time.Time{}
		}
		q := readQuota(h, server, noon)
		if !q.resets.IsZero() {
			assert.WithinRange(t, q.resets, noon.Add(time.Second), noon.Add(maxWindow+time.Second))
			assert.False(t, math.IsNaN(q.window) || math.IsInf(q.window, 0), q.window)
		}
		if q.known {
			assert.GreaterOrEqual(t, q.limit, 1.0)
			for _, reserve := range []float64{0, 0.2, 0.999999} {
				assert.GreaterOrEqual(t, q.limit-reserved(q.limit, reserve), 1.0, "something is always ours")
			}
		}
		if wait := RetryAfter(h, server, noon); wait != 0 {
			assert.GreaterOrEqual(t, wait, MinPause)
			assert.LessOrEqual(t, wait, MaxPause)
		}
	})
}
