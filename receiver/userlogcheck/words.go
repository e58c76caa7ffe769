package userlogcheck

import (
	"fmt"
	"strings"
	"time"
)

// plural counts things whose plural takes an s.
func plural(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}

func countEntries(n int) string {
	if n == 1 {
		return "1 entry"
	}
	return fmt.Sprintf("%d entries", n)
}

// oneLine is a text as the table has room for.
func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }

// listed are words, or that there is none.
func listed(words []string) string {
	if len(words) == 0 {
		return "none"
	}
	return strings.Join(words, " ")
}

// round leaves of a time what matters of it.
func round(d time.Duration) time.Duration {
	if d < time.Second {
		return max(d.Round(time.Millisecond), time.Millisecond)
	}
	return d.Round(time.Second / 10)
}

// brief writes a time in its largest unit or two: 3d4h, 5h, 12m, 40s.
func brief(d time.Duration) string {
	const day = 24 * time.Hour
	switch {
	case d >= 2*day: // a lookback of a day is called 24h
		return fmt.Sprintf("%dd", d/day) + remainder(d%day/time.Hour, "h")
	case d >= time.Hour:
		return fmt.Sprintf("%dh", d/time.Hour) + remainder(d%time.Hour/time.Minute, "m")
	case d >= time.Minute:
		return fmt.Sprintf("%dm", d/time.Minute)
	}
	return fmt.Sprintf("%ds", d/time.Second)
}

func remainder(n time.Duration, unit string) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprintf("%d%s", n, unit)
}
