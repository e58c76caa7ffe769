package cloud

import (
	"cmp"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
)

type element struct{ key, arrival int }

func byKey(a, b element) int { return cmp.Compare(a.key, b.key) }

func TestMergeIsAStableSortOfAll(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 1))
	for range 200 {
		var merged, all []element
		for len(all) < 60 {
			batch := make([]element, random.IntN(6))
			for i := range batch {
				batch[i] = element{random.IntN(20), len(all) + i}
			}
			given := slices.Clone(batch)
			merged = Merge(merged, batch, byKey)
			assert.Equal(t, given, batch, "the batch is left as it is")
			all = append(all, batch...)
		}
		slices.SortStableFunc(all, byKey)
		assert.Equal(t, all, merged)
	}
}
