package auth0

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func nested(levels int) string {
	return `{"log_id":"deep","details":` + strings.Repeat("[", levels) + strings.Repeat("]", levels) + `,"type":"s"}`
}

func TestAnEntryNestedTooDeepDoesNotCostItsNeighbours(t *testing.T) {
	t.Parallel()
	deep := nested(10_001)
	first, last := `{"log_id":"a","type":"s","details":{"x":"[,]\"}"}}`, `{"log_id":"b","type":"f"}`
	entries := decode(t, "[ "+first+",\n"+deep+" , "+last+"]")
	require.Len(t, entries, 3)
	assert.Equal(t, []string{first, deep, last}, []string{entries[0].raw, entries[1].raw, entries[2].raw})
	assert.Equal(t, []string{"a", "b"}, []string{entries[0].uid(), entries[2].uid()})
	assert.Equal(t, entries[1].uid(), decode(t, "["+deep+"]")[0].uid(), "it is known again")
	assert.Zero(t, entries[1].Time())
}

func TestAnAnswerNestedTooDeepIsStillRefusedIfItIsNotJSON(t *testing.T) {
	t.Parallel()
	for _, body := range []string{
		"[" + nested(10_001), "[" + nested(10_001) + "]]", "{" + nested(10_001) + "}", nested(10_001),
		"[" + nested(10_001) + ",secret]", "[" + nested(10_001) + ",]", "[" + nested(10_001) + `,"`,
	} {
		entries, err := decodePage([]byte(body), time.Time{}, testCodes(t))
		require.Error(t, err)
		assert.Empty(t, entries)
		assert.NotContains(t, err.Error(), "secret")
	}
}
