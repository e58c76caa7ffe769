package auth0

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/userlog/userlog-otel/receiver/internal/claim"
)

// A node behind a load balancer whose clock is wrong, or a clock that is set back, repeats nothing.
func TestADateThatStepsBackRepeatsNothing(t *testing.T) {
	t.Parallel()
	w := quiet(t)
	p := w.provider(nil)
	cursor := w.start(p, time.Hour)
	w.read(p, &cursor)
	delivered := map[string]int{}
	for i := range 20 {
		w.many(10, 0, 0)
		behind := time.Duration(i%2) * 15 * time.Minute
		w.now = w.now.Add(-behind)
		ids, _ := w.read(p, &cursor)
		w.now = w.now.Add(behind + time.Minute)
		for _, id := range ids {
			delivered[id]++
		}
	}
	for id := range w.alive {
		assert.Equal(t, 1, delivered[id], id)
	}
}

func TestABusyPastIsNotReadAgainForEver(t *testing.T) {
	t.Parallel()
	w := quiet(t)
	w.many(30, time.Second, 0) // more than three pages of one date
	p := w.provider(nil)
	cursor := w.start(p, time.Hour)
	ids, _ := w.read(p, &cursor)
	require.Len(t, ids, 30)
	w.pages()
	ids, _ = w.read(p, &cursor)
	assert.Empty(t, ids)
	assert.Len(t, w.pages(), 6, "late entries may appear between them")

	w.now = w.now.Add(w.horizon + time.Second)
	w.add("900late", w.now.Add(-w.horizon+time.Second))
	ids, _ = w.read(p, &cursor)
	assert.Equal(t, []string{"900late"}, ids)
	w.now = w.now.Add(2 * w.horizon)
	ids, _ = w.read(p, &cursor) // finds that all is settled
	assert.Empty(t, ids)
	w.pages()
	for range 3 {
		before := cursor
		ids, _ = w.read(p, &cursor)
		assert.Empty(t, ids)
		assert.Equal(t, []string{"0/8"}, w.pages(), "one request for an idle user")
		assert.Equal(t, before, cursor)
	}
	w.add("900next", w.now.Add(-w.horizon+time.Second))
	ids, _ = w.read(p, &cursor)
	assert.Equal(t, []string{"900next"}, ids)
}

func TestUndatedEntriesOfEarlierBatchesAreRemembered(t *testing.T) {
	t.Parallel()
	w := quiet(t)
	w.many(40, time.Minute, time.Hour)
	p := w.provider(nil)
	claimed, err := parseCursor(w.start(p, 1000*time.Hour))
	require.NoError(t, err)
	a, err := p.page(t.Context(), user, pageSpan{perPage: 100})
	require.NoError(t, err)
	undated := entry{raw: `{"log_id":"undated"}`, codes: p.s.Codes}
	a.entries = append([]entry{undated}, a.entries...) // it is taken for the newest, and delivered first
	found := &walk{from: claimed.At(a.clocks(), p.s.Overlap), now: a.clocks(), met: map[claim.Mark]struct{}{}, bottom: true}
	found.take(a)
	var last claim.Claim
	for batch := range found.batches("", 8, p.s.Overlap) {
		last, err = parseCursor(batch.Cursor)
		require.NoError(t, err)
		assert.Contains(t, last.Seen, claim.MarkOf(undated.uid()), fmt.Sprint(last.Floor))
	}
}
