package canvas

import (
	"context"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	emulator "github.com/userlog/userlog-otel/internal/emulator/canvas"
	"github.com/userlog/userlog-otel/receiver/internal/claim"
	"github.com/userlog/userlog-otel/receiver/internal/source"
	"github.com/userlog/userlog-otel/receiver/internal/sourcetest"
)

func pagesOf100(s *Settings) { s.PageSize = 100 }

// readAll reads as the engine does, and fails if that takes more requests than it may, or does not end at all. It returns
// how many times each event came.
func (w *world) readAll(s source.Subject, maxRequests int) map[string]int {
	w.Helper()
	ctx, cancel := context.WithTimeout(w.Context(), 5*time.Minute) // of a read that never ends; a busy machine needs one
	defer cancel()
	got := map[string]int{}
	for batch, err := range w.Read(ctx, s, w.cursors[s]) {
		require.NoError(w, err)
		for _, e := range batch.Entries {
			got[e.(*entry).uid]++
		}
		w.cursors[s] = batch.Cursor
		require.Less(w, len(w.Requests()), maxRequests, "no end")
	}
	return got
}

func once(n int) map[string]int {
	want := map[string]int{}
	for i := range n {
		want[idOf(i)] = 1
	}
	return want
}

// While the past is read, more arrives than a walk holds.
func TestABackfillCatchesUpWithALogThatGoesOn(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := ofSchool(t, emulator.Options{}, pagesOf100)
		const past, each, during = 20_000, 50, 600
		w.many(past, w.now.Add(-60*time.Hour), 10*time.Second)
		n, requests := past, 0
		w.s.Client = sourcetest.Client("canvas.example.edu", sourcetest.Transport(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
			if requests++; requests < during {
				for i := range each {
					w.Publish(emulator.Event{ID: idOf(n), At: w.now.Add(time.Duration(i) * time.Second), Type: "login", User: int64(n), Account: 1})
					n++
				}
				time.Sleep(each * time.Second)
				w.now = time.Now()
			}
			if requests > 3*during { // no end
				rw.WriteHeader(http.StatusForbidden)
				return
			}
			w.ServeHTTP(rw, r)
		})))
		w.Provider = New(w.s)
		w.begin(72*time.Hour, school)
		got := w.inTurns(n)
		require.Greater(t, n, past+2*maxFresh)
		for uid, times := range w.inTurns(n) {
			got[uid] += times
		}
		assert.Equal(t, once(n), got)
	})
}

func TestMoreEventsOfTheFutureThanAWalkHoldsComeOnce(t *testing.T) {
	t.Parallel()
	for name, step := range map[string]time.Duration{"of one second": 0, "of an hour": 600 * time.Millisecond} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := ofSchool(t, emulator.Options{}, pagesOf100)
			const n = maxFresh + 1000
			w.many(n, w.now.Add(time.Hour), step)
			w.begin(time.Minute, school)
			assert.Equal(t, once(n), w.readAll(school, 1000))
			w.now = w.now.Add(time.Minute)
			w.Publish(emulator.Event{ID: "now", At: w.now, Type: "login", User: 1, Account: 1})
			assert.Equal(t, []string{"now"}, w.read(school), "they hide nothing")
		})
	}
}

// The length of a span is a Duration, which ends after 292 years.
func TestDatesFarApartAreReached(t *testing.T) {
	t.Parallel()
	w := ofSchool(t, emulator.Options{}, pagesOf100)
	const n = maxFresh + 1000
	w.many(n, w.now.Add(-time.Hour), 500*time.Millisecond)
	w.Publish(emulator.Event{ID: "end", At: time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC), Type: "login", User: 1, Account: 1})
	w.begin(24*time.Hour, school)
	want := once(n)
	want["end"] = 1
	assert.Equal(t, want, w.readAll(school, 1000))
	assert.Empty(t, w.read(school))
}

// One second cannot be divided.
func TestASecondOfAnySizeIsNotHeld(t *testing.T) {
	t.Parallel()
	for name, age := range map[string]time.Duration{"long ago": time.Hour, "within the overlap": 10 * time.Second} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := ofSchool(t, emulator.Options{}, pagesOf100)
			const n = maxSeen + 2000
			w.many(n, w.now.Add(-age), 0)
			w.begin(24*time.Hour, school)
			assert.Equal(t, once(n), w.readAll(school, 2000))
			assert.Less(t, len(w.cursors[school]), 1000, "there are too many for marks, so the floor is above them")
			assert.Empty(t, w.read(school))
		})
	}
}

func TestTheSecondAtABorderIsNotHeld(t *testing.T) {
	t.Parallel()
	server := ofSchool(t, emulator.Options{}, pagesOf100)
	at := server.now.Add(-time.Hour)
	server.many(3*maxFresh, at, 0)
	begun := func() *walk {
		return &walk{
			p: server.Provider, subject: school, from: at.Add(-time.Minute), known: &position{Claim: claim.Claim{Floor: at}}, times: &times{},
			met: map[claim.Mark]struct{}{},
		}
	}
	held := begun()
	require.ErrorIs(t, held.second(t.Context(), at), errTooMany)
	assert.LessOrEqual(t, len(held.fresh), maxFresh+largestPage)

	handed, passing := 0, begun()
	passing.sink = func(rows []row) error {
		assert.LessOrEqual(t, len(rows), largestPage)
		handed += len(rows)
		return nil
	}
	require.NoError(t, passing.second(t.Context(), at))
	assert.Equal(t, 3*maxFresh, handed)
}
