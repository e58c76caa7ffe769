package auth0

import (
	"fmt"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/userlog/userlog-otel/receiver/internal/source"
)

// quiet is a world in which nothing happens by itself.
func quiet(t *testing.T) *world {
	w := newWorld(t, 1)
	w.rate = 0
	w.tenant.Intercept(func(http.ResponseWriter, *http.Request) bool {
		w.requests++
		return false
	})
	return w
}

// many adds n entries, the last one dated at the given age, one each step before it.
func (w *world) many(n int, age, step time.Duration) {
	for i := range n {
		w.n++
		w.add(fmt.Sprintf("900%053d", w.n), w.now.Add(-age-time.Duration(n-1-i)*step))
	}
}

// read reads to the end and returns the ids in the order of delivery.
func (w *world) read(p *Provider, cursor *source.Cursor) (ids []string, gaps []source.Gap) {
	for batch, err := range p.Read(w.t.Context(), user, *cursor) {
		require.NoError(w.t, err)
		for _, e := range batch.Entries {
			ids = append(ids, e.(*entry).uid())
		}
		if batch.Gap != nil {
			gaps = append(gaps, *batch.Gap)
		}
		*cursor = batch.Cursor
	}
	return ids, gaps
}

func (w *world) pages() (pages []string) {
	for _, r := range w.tenant.Requests() {
		pages = append(pages, r.Query.Get("page")+"/"+r.Query.Get("per_page"))
	}
	w.tenant.ResetRequests()
	return pages
}

func TestAnIdleUserCostsOneRequestAndKeepsTheCursor(t *testing.T) {
	t.Parallel()
	for _, entries := range []int{0, 3, 8, 200} {
		w := quiet(t)
		w.many(entries, time.Minute, time.Minute)
		p := w.provider(nil)
		cursor := w.start(p, 24*time.Hour)
		ids, _ := w.read(p, &cursor)
		require.Len(t, ids, entries)
		w.pages()
		for range 3 {
			before := cursor
			ids, _ = w.read(p, &cursor)
			assert.Empty(t, ids)
			assert.Equal(t, before, cursor, "nothing is to be written for a read that found nothing")
			assert.Equal(t, []string{"0/8"}, w.pages())
		}
	}
}

func TestBatchesAreOldestFirstAndOfPageSize(t *testing.T) {
	t.Parallel()
	w := quiet(t)
	w.many(250, time.Minute, time.Second)
	p := w.provider(func(s *Settings) { s.PageSize = 100 })
	cursor := w.start(p, 24*time.Hour)
	var dates []time.Time
	var sizes []int
	for batch, err := range p.Read(t.Context(), user, cursor) {
		require.NoError(t, err)
		sizes = append(sizes, len(batch.Entries))
		for _, e := range batch.Entries {
			dates = append(dates, e.Time())
		}
	}
	assert.Equal(t, []int{100, 100, 50}, sizes)
	assert.IsNonDecreasing(t, millisOf(dates))
	assert.Equal(t, []string{"0/100", "1/99", "2/98"}, w.pages())
}

func millisOf(times []time.Time) (ms []int64) {
	for _, t := range times {
		ms = append(ms, t.UnixMilli())
	}
	return ms
}

func TestLookbackIsByTheServersClock(t *testing.T) {
	t.Parallel()
	w := quiet(t) // its clock lies months beside ours
	w.many(10, 30*time.Minute, time.Hour)
	p := w.provider(nil)
	cursor := w.start(p, 3*time.Hour)
	ids, _ := w.read(p, &cursor)
	assert.Len(t, ids, 3)
	cursor = w.start(p, 0)
	ids, _ = w.read(p, &cursor)
	assert.Empty(t, ids)
	w.now = w.now.Add(time.Minute)
	w.many(1, 0, 0)
	cursor = w.start(p, time.Minute) // the same start, a minute later
	ids, _ = w.read(p, &cursor)
	assert.Len(t, ids, 1)
}

func TestAnEntryFarInTheFutureDoesNotHideWhatComes(t *testing.T) {
	t.Parallel()
	w := quiet(t)
	p := w.provider(nil)
	cursor := w.start(p, time.Hour)
	w.add("900future", time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC))
	ids, _ := w.read(p, &cursor)
	assert.Equal(t, []string{"900future"}, ids)
	for range 5 {
		w.now = w.now.Add(time.Hour)
		w.many(2, time.Second, 30*time.Minute)
		ids, _ = w.read(p, &cursor)
		assert.Len(t, ids, 2, "the next entries, and not the future one again")
	}
}

// vanishing takes 10 rows, more than a page of the quiet world's, out of the list around the end of its first page
// before its second page is asked for.
func (w *world) vanishing(times int) {
	w.tenant.Intercept(func(_ http.ResponseWriter, r *http.Request) bool {
		w.requests++
		if r.URL.Query().Get("page") != "1" || times == 0 {
			return false
		}
		times--
		for range 10 {
			w.remove(len(w.recent) - 6)
		}
		return false
	})
}

func (w *world) remove(i int) {
	id := w.recent[i]
	w.recent = slices.Delete(w.recent, i, i+1)
	require.True(w.t, w.tenant.Remove(user, id))
	delete(w.alive, id)
}

func TestRowsThatVanishDuringAWalkMakeItBeginAnew(t *testing.T) {
	t.Parallel()
	w := quiet(t)
	w.many(60, time.Minute, time.Second)
	p := w.provider(nil)
	cursor := w.start(p, time.Hour)
	w.vanishing(1)
	ids, _ := w.read(p, &cursor)
	for id := range w.alive {
		assert.Contains(t, ids, id)
	}
}

func TestRowsThatVanishInEveryWalkDoNotCostTheirNeighbours(t *testing.T) {
	t.Parallel()
	w := quiet(t)
	w.many(60, time.Minute, time.Second)
	p := w.provider(nil)
	cursor := w.start(p, time.Hour)
	w.vanishing(maxWalks)
	delivered := map[string]int{}
	for range 2 {
		ids, _ := w.read(p, &cursor)
		for _, id := range ids {
			delivered[id]++
		}
		w.now = w.now.Add(time.Minute)
		w.many(1, time.Second, 0)
	}
	delete(w.alive, w.recent[len(w.recent)-1]) // not read yet
	for id := range w.alive {
		assert.Equal(t, 1, delivered[id], id)
	}
}

func TestRowsTakenWithoutProofDoNotHideAGap(t *testing.T) {
	t.Parallel()
	w := quiet(t)
	w.many(1200, time.Minute, time.Second)
	p := w.provider(nil)
	cursor := w.start(p, 24*time.Hour)
	w.vanishing(maxWalks)
	ids, gaps := w.read(p, &cursor)
	require.NotEmpty(t, ids, "what was met is handed on")
	require.Empty(t, gaps)
	ids, gaps = w.read(p, &cursor)
	assert.Greater(t, len(ids), 900)
	assert.Len(t, gaps, 1, "the rows known are newer than the hole")
}

func TestTheWindowOfAThousandIsAToldGap(t *testing.T) {
	t.Parallel()
	w := quiet(t)
	p := w.provider(func(s *Settings) { s.PageSize = 100 })
	w.many(1, time.Hour, 0)
	cursor := w.start(p, 2*time.Hour)
	_, gaps := w.read(p, &cursor)
	require.Empty(t, gaps)
	before, err := parseCursor(cursor)
	require.NoError(t, err)

	w.many(1500, time.Minute, time.Second)
	ids, gaps := w.read(p, &cursor)
	assert.Len(t, ids, 1000)
	require.Len(t, gaps, 1)
	assert.Equal(t, before.Floor, gaps[0].From.UTC())
	assert.Equal(t, w.now.Add(-time.Minute-999*time.Second), gaps[0].To.UTC())
	assert.Contains(t, gaps[0].Reason, "1,000")

	w.many(100, 0, 0)
	ids, gaps = w.read(p, &cursor)
	assert.Len(t, ids, 100, "the newer entries flow")
	assert.Empty(t, gaps, "a gap is told once")
}

func TestAFullWindowThatReachesWhatIsKnownIsNoGap(t *testing.T) {
	t.Parallel()
	w := quiet(t)
	p := w.provider(func(s *Settings) { s.PageSize = 100 })
	cursor := w.start(p, time.Hour)
	total := 0
	for range 4 { // 1,600 entries within the overlap, 400 at a time
		w.many(400, 0, 0)
		ids, gaps := w.read(p, &cursor)
		assert.Empty(t, gaps)
		total += len(ids)
	}
	assert.Equal(t, 1600, total)
}

func TestALowerCeilingOfTheServerIsTheEndOfTheWindow(t *testing.T) {
	t.Parallel()
	w := quiet(t)
	w.many(500, time.Minute, time.Second)
	w.tenant.Intercept(func(rw http.ResponseWriter, r *http.Request) bool {
		if r.URL.Query().Get("page") > "2" {
			http.Error(rw, `{"statusCode":400,"message":"exceeds the allowed maximum"}`, http.StatusBadRequest)
			return true
		}
		return false
	})
	p := w.provider(func(s *Settings) { s.PageSize = 100 })
	cursor := w.start(p, time.Hour)
	ids, gaps := w.read(p, &cursor)
	assert.Len(t, ids, 294)
	assert.Len(t, gaps, 1)
}

func TestMemoryIsBoundedByReadingAgain(t *testing.T) {
	t.Parallel()
	w := quiet(t)
	w.many(600, time.Minute, time.Second)
	p := w.provider(func(s *Settings) { s.PageSize, s.MaxHeld = 100, 10_000 })
	cursor := w.start(p, time.Hour)
	claimed, err := parseCursor(cursor)
	require.NoError(t, err)
	found, err := p.walkWhole(t.Context(), user, claimed)
	require.NoError(t, err)
	assert.LessOrEqual(t, found.held, 10_000)
	assert.True(t, found.leftOut)
	ids, gaps := w.read(p, &cursor)
	assert.Len(t, ids, 600)
	assert.IsIncreasing(t, ids)
	assert.Empty(t, gaps)
}

func TestUndatedEntriesComeOnce(t *testing.T) {
	t.Parallel()
	w := quiet(t)
	w.many(4, time.Minute, time.Second)
	for i := range 3 {
		require.NoError(t, w.tenant.Publish(user, []byte(fmt.Sprintf(`{"_id":"undated-%d","type":"s"}`, i))))
	}
	p := w.provider(nil)
	cursor := w.start(p, time.Hour)
	ids, _ := w.read(p, &cursor)
	assert.Len(t, ids, 7)
	for range 10 { // far beyond the overlap
		w.now = w.now.Add(w.horizon)
		w.many(1, time.Second, 0)
		w.remove(0) // the list stays one page long, so that the undated rows are met every time
		ids, _ = w.read(p, &cursor)
		assert.Len(t, ids, 1)
	}
}
