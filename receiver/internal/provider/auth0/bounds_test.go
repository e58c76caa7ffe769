package auth0

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/userlog/userlog-otel/receiver/internal/claim"
	"github.com/userlog/userlog-otel/receiver/internal/source"
)

// A burst of more than a page pushes rows down while the walk is under way, so that rows met first are older than rows
// met later. Dropping them must not let the floor rise above them.
func TestRowsDroppedForMemoryAreFetchedAfterABurst(t *testing.T) {
	t.Parallel()
	for _, held := range []int{1 << 20, 2000} {
		w := quiet(t)
		w.many(12, 10*time.Hour, time.Second)
		requests := 0
		w.tenant.Intercept(func(http.ResponseWriter, *http.Request) bool {
			if requests++; requests == 2 {
				w.many(20, 0, 0)
			}
			return false
		})
		p := w.provider(func(s *Settings) { s.MaxHeld = held })
		cursor := w.start(p, 24*time.Hour)
		delivered := map[string]int{}
		for range 4 {
			ids, gaps := w.read(p, &cursor)
			assert.Empty(t, gaps)
			for _, id := range ids {
				delivered[id]++
			}
			w.now = w.now.Add(time.Minute)
		}
		for id := range w.alive {
			assert.Equal(t, 1, delivered[id], "%s with %d bytes held", id, held)
		}
	}
}

func TestOneRefusalOfAPageIsNotTheEndOfTheWindow(t *testing.T) {
	t.Parallel()
	w := quiet(t)
	w.many(101, time.Minute, time.Second)
	stray := true
	w.tenant.Intercept(func(rw http.ResponseWriter, r *http.Request) bool {
		if stray && r.URL.Query().Get("page") == "1" {
			stray = false
			http.Error(rw, "bad request", http.StatusBadRequest)
			return true
		}
		return false
	})
	p := w.provider(nil)
	cursor := w.start(p, time.Hour)
	ids, gaps := w.read(p, &cursor)
	assert.Len(t, ids, 101)
	assert.Empty(t, gaps)
}

func TestARefusedFirstPageIsAnError(t *testing.T) {
	t.Parallel()
	w := quiet(t)
	w.many(3, time.Minute, time.Second)
	w.tenant.Intercept(func(rw http.ResponseWriter, _ *http.Request) bool {
		http.Error(rw, "bad request", http.StatusBadRequest)
		return true
	})
	p := w.provider(nil)
	for batch, err := range p.Read(t.Context(), user, w.start(p, time.Hour)) {
		require.Error(t, err)
		assert.Equal(t, source.Transient, source.KindOf(err))
		assert.Empty(t, batch.Entries)
	}
}

func TestFewNewEntriesDoNotKeepTheirPageInMemory(t *testing.T) {
	t.Parallel()
	w := quiet(t)
	w.many(100, time.Minute, time.Second)
	p := w.provider(func(s *Settings) { s.PageSize = 100 })
	cursor := w.start(p, time.Hour)
	w.read(p, &cursor)
	w.many(1, 0, 0)
	claimed, err := parseCursor(cursor)
	require.NoError(t, err)
	a, err := p.page(t.Context(), user, pageSpan{perPage: 100})
	require.NoError(t, err)
	found := &walk{from: claimed, met: map[claim.Mark]struct{}{}}
	page := a.entries[0].raw
	found.take(a)
	require.Len(t, found.fresh, 1)
	assert.Equal(t, page, found.fresh[0].entry.raw)
	assert.NotSame(t, &a.entries[0], found.fresh[0].entry, "a copy of its own")
}
