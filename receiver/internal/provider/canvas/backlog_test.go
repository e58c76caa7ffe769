package canvas

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	emulator "github.com/userlog/userlog-otel/internal/emulator/canvas"
	"github.com/userlog/userlog-otel/receiver/internal/claim"
)

// inTurns reads as the engine does if others wait: it gives a read up after some batches whose cursors were stored.
func (w *world) inTurns(batches int) map[string]int {
	w.Helper()
	got := map[string]int{}
	for more := true; more; {
		more = false
		stored := 0
		for batch, err := range w.Read(w.Context(), school, w.cursors[school]) {
			require.NoError(w, err)
			for _, e := range batch.Entries {
				got[e.(*entry).uid]++
			}
			if batch.Cursor != w.cursors[school] {
				stored++
			}
			w.cursors[school] = batch.Cursor
			if more = stored >= batches; more {
				break
			}
		}
	}
	return got
}

// The pages that a backlog takes are asked for, and not much beside: no matter how close its events stand, and whether it
// is read at once or in turns.
func TestABacklogCostsLittleMoreThanItsPages(t *testing.T) {
	t.Parallel()
	const n, day = 20_000, 24 * time.Hour
	for name, c := range map[string]struct {
		most    float64 // requests for each page
		publish func(*world)
	}{
		"even": {1.5, func(w *world) { w.many(n, w.now.Add(-300*day), 300*day/n) }},
		"ever denser": {2, func(w *world) {
			for i := range n {
				left := 1 - float64(i)/n
				w.Publish(emulator.Event{ID: idOf(i), At: w.now.Add(-time.Hour - time.Duration(left*left*float64(300*day))), Type: "login", Account: 1})
			}
		}},
		"ever sparser": {2, func(w *world) {
			for i := range n {
				gone := float64(i) / n
				w.Publish(emulator.Event{ID: idOf(i), At: w.now.Add(-300*day + time.Duration(gone*gone*float64(299*day))), Type: "login", Account: 1})
			}
		}},
		"in two bursts": {3, func(w *world) {
			for i := range n {
				at := w.now.Add(-300 * day)
				if i >= n/2 {
					at = w.now.Add(-day)
				}
				w.Publish(emulator.Event{ID: idOf(i), At: at.Add(time.Duration(i%(n/2)) * time.Second / 2), Type: "login", Account: 1})
			}
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cost := func(batches int) int {
				w := ofSchool(t, emulator.Options{}, pagesOf100)
				c.publish(w)
				w.begin(310*day, school)
				assert.Equal(t, once(n), w.inTurns(batches))
				assert.Zero(t, parsed(t, w.cursors[school]).span, "it has caught up")
				return len(w.Requests())
			}
			whole := cost(n)
			assert.Less(t, float64(whole), c.most*n/100)
			assert.LessOrEqual(t, float64(cost(50)), 1.3*float64(whole))
		})
	}
}

// Where the rest is sought by a length that was right at another time, it is found nonetheless.
func TestASpanOfAnyLengthIsGoneOnWith(t *testing.T) {
	t.Parallel()
	for name, span := range map[string]time.Duration{"too short": resolution, "too long": longest} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := ofSchool(t, emulator.Options{}, pagesOf100)
			const n = maxFresh + 1000
			w.many(n, w.now.Add(-48*time.Hour), 10*time.Second)
			floor := w.now.Add(-49 * time.Hour)
			w.cursors[school] = position{Claim: claim.Claim{Newest: floor, Floor: floor}, from: floor, span: span}.cursor()
			assert.Equal(t, once(n), w.readAll(school, 200))
			assert.Empty(t, w.read(school))
		})
	}
}
