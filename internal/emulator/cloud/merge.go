package cloud

import (
	"slices"
	"sort"
)

// Merge puts batch into the sorted dst in place, by binary search from the end: cheap for elements that are greater than
// all, and one move of the tail for each other one. batch is left as it is. Equal elements keep their order of arrival.
func Merge[E any](dst, batch []E, order func(a, b E) int) []E {
	sorted := slices.Clone(batch)
	slices.SortStableFunc(sorted, order)
	n := len(dst)
	dst = append(dst, sorted...)
	for i := len(sorted) - 1; i >= 0; i-- {
		at := sort.Search(n, func(k int) bool { return order(dst[k], sorted[i]) > 0 })
		copy(dst[at+i+1:], dst[at:n])
		dst[at+i] = sorted[i]
		n = at
	}
	return dst
}
