package rig

import "slices"

// spread is the middle of some numbers, and the least and the greatest of them.
type spread struct{ median, least, most float64 }

func spreadOf(numbers []float64) spread {
	sorted := slices.Sorted(slices.Values(numbers))
	n := len(sorted)
	return spread{median: (sorted[(n-1)/2] + sorted[n/2]) / 2, least: sorted[0], most: sorted[n-1]}
}

func (s spread) text(n int) string {
	return decimals(s.median, n) + " (" + decimals(s.least, n) + "–" + decimals(s.most, n) + ")"
}
