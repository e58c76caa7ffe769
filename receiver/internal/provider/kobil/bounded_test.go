package kobil

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

func TestHowFarTheFloorRisesAboveManyIDs(t *testing.T) {
	t.Parallel()
	now := time.Now()
	for name, c := range map[string]struct {
		ids           int // ascending by 7
		settled, want uint64
	}{
		"few":                       {fewSeen, 7 * fewSeen, 0},
		"all are settled":           {fewSeen + 5, 7 * fewSeen, 7 * 5},
		"some are settled":          {fewSeen + 5, 7 * 3, 7 * 3},
		"settled between two":       {fewSeen + 5, 7*4 - 1, 7 * 3},
		"none is settled":           {maxSeen, 6, 0},
		"nothing is known of them":  {maxSeen, 0, 0},
		"far too many, not settled": {maxSeen + 5, 0, 7 * 5},
		"far too many, and settled": {maxSeen + 5, 7 * 9, 7 * 9},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := position{seen: map[uint64]struct{}{}}
			for n := range c.ids {
				p.seen[uint64(7*(n+1))] = struct{}{}
			}
			got := p.bounded(c.settled, now)
			assert.Equal(t, c.want, got.floor)
			assert.Len(t, got.seen, c.ids-int(c.want/7))
			assert.Equal(t, c.want > 0, got.floorAt.Equal(now))
		})
	}
}
