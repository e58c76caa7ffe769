package rig

import (
	"fmt"
	"io"
	"strings"
	"time"
)

// report writes Markdown, so that it can stand in docs/performance.md as it is.
type report struct{ to io.Writer }

func (r *report) section(title, text string) {
	fmt.Fprintf(r.to, "\n### %s\n\n%s\n\n", title, text)
}

func (r *report) head(columns ...string) {
	r.row(columns...)
	fmt.Fprintf(r.to, "|%s\n", strings.Repeat(" --- |", len(columns)))
}

func (r *report) row(cells ...string) {
	fmt.Fprintf(r.to, "| %s |\n", strings.Join(cells, " | "))
}

// megabytes is a number of bytes in MB, as the goals are told in; a dash if it is not known.
func megabytes(bytes int64) string {
	if bytes == 0 {
		return "–"
	}
	return fmt.Sprintf("%.0f", float64(bytes)/1e6)
}

// count is a number with a comma at every thousand.
func count[T int | int64](n T) string {
	digits := fmt.Sprint(n)
	for at := len(digits) - 3; at > 0 && digits[at-1] != '-'; at -= 3 {
		digits = digits[:at] + "," + digits[at:]
	}
	return digits
}

func milliseconds(d time.Duration) string {
	return fmt.Sprintf("%.0f", float64(d)/float64(time.Millisecond))
}

func decimals(x float64, n int) string { return fmt.Sprintf("%.*f", n, x) }

func yes(is bool) string {
	if is {
		return "yes"
	}
	return "no"
}
