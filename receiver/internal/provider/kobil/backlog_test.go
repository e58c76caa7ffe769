package kobil

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	emulator "github.com/userlog/userlog-otel/internal/emulator/kobil"
	"github.com/userlog/userlog-otel/receiver/internal/sourcetest"
)

// longLog serves the log of entries 1 to rows, a second apart, without keeping it.
type longLog struct {
	rows, requests int
	newest         time.Time
}

func (l *longLog) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	l.requests++
	limit, _ := strconv.Atoi(r.URL.Query().Get("limit"))
	offset, _ := strconv.Atoi(r.URL.Query().Get("offset"))
	var rows []string
	for i := offset; i < min(offset+limit, l.rows); i++ {
		rows = append(rows, jsonEntry(l.rows-i, l.newest.Add(-time.Duration(i)*time.Second), ""))
	}
	_, _ = fmt.Fprintf(w, `{"data":[%s]}`, strings.Join(rows, ","))
}

// A backlog of any length costs little more requests than it has pages, and no more of a cursor than a short one.
func TestTheWayDownABacklogIsShort(t *testing.T) {
	t.Parallel()
	const rows, size = 200_000, 100
	log := &longLog{rows: rows, newest: time.Now().Add(-time.Hour)}
	p := newProvider(t, sourcetest.Transport(log), func(s *Settings) { s.PageSize = size })
	cursor := p.Start(time.Now().Add(-1000 * time.Hour))
	longest, next := 0, 1
	for batch, err := range p.Read(t.Context(), user, cursor) {
		require.NoError(t, err)
		require.LessOrEqual(t, len(batch.Entries), size)
		for _, e := range batch.Entries {
			require.Equal(t, fmt.Sprint(idOf(next)), uidOf(e))
			next++
		}
		longest = max(longest, len(batch.Cursor))
	}
	assert.Equal(t, rows+1, next)
	assert.LessOrEqual(t, log.requests, rows/(size-1)+60)
	assert.Less(t, longest, 64<<10)
}

func TestStoppingAfterAnyBatchLosesAndRepeatsNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t, emulator.Options{}, nil)
	w.add(1, 95, time.Hour)
	cursor := w.Start(time.Now().Add(-24 * time.Hour))
	var got []string
	for range 30 {
		for batch, err := range w.Read(t.Context(), user, cursor) {
			require.NoError(t, err)
			for _, e := range batch.Entries {
				got = append(got, uidOf(e))
			}
			cursor = batch.Cursor
			break // the process ends here
		}
	}
	assert.Equal(t, uids(1, 95), got)
}

// While the reader climbs, others write above it and the retention deletes below and above.
func TestRowsThatComeAndGoDuringTheClimbCostNothingElse(t *testing.T) {
	t.Parallel()
	w := newWorld(t, emulator.Options{}, nil)
	w.add(1, 80, time.Hour)
	cursor := w.Start(time.Now().Add(-24 * time.Hour))
	var got []string
	added, batches := 80, 0
	for batch, err := range w.Read(t.Context(), user, cursor) {
		require.NoError(t, err)
		for _, e := range batch.Entries {
			got = append(got, uidOf(e))
		}
		cursor = batch.Cursor
		if batches++; batches > 8 {
			continue
		}
		for range batches % 4 * 5 {
			added++
			w.add(added, added, 0)
		}
		if batches%3 == 0 { // rows that were delivered
			for n := batches; n < batches+3; n++ {
				w.Remove(user, fmt.Sprint(idOf(n)))
			}
		}
	}
	got = append(got, w.read(&cursor)...)
	assert.Equal(t, uids(1, added), got)
}

func TestTheFloorFollowsOnceTheOverlapHasPassed(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, emulator.Options{}, nil)
		w.add(1, 5, 0)
		cursor := w.Start(time.Now().Add(-time.Hour))
		require.Equal(t, uids(1, 5), w.read(&cursor))
		floor := func() uint64 {
			p, err := parseCursor(cursor)
			require.NoError(t, err)
			return p.floor
		}
		time.Sleep(30 * time.Second)
		require.Empty(t, w.read(&cursor))
		assert.Less(t, floor(), uint64(idOf(1)), "an entry below may be late")
		time.Sleep(32 * time.Second)
		require.Empty(t, w.read(&cursor))
		assert.Equal(t, uint64(idOf(5)), floor())
	})
}

// Whatever the dates are written by, as long as the entries agree.
func TestAnEntryThatIsLateBelowManyOthersIsFound(t *testing.T) {
	t.Parallel()
	for _, behind := range []time.Duration{0, 2 * time.Hour} {
		t.Run(behind.String(), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				d := newDiary(t, 100)
				d.run(1, 20, numberedRow, time.Now().Add(-behind))
				d.passes(t, 1)
				d.run(22, 3000, numberedRow, time.Now().Add(-behind))
				d.passes(t, 1)
				d.put(numberedRow(21, time.Now().Add(-behind)))
				d.last = 3000
				d.passes(t, 1)
				d.complete(t, 0)
			})
		})
	}
}

func TestAnEntryThatAnAnswerHoldsTwiceComesOnce(t *testing.T) {
	t.Parallel()
	s := newShelf(t, 10, time.Minute)
	s.run(1, 5, numberedRow, time.Now())
	s.put(s.rows[2], s.rows[4])
	cursor := s.Start(time.Now().Add(-time.Hour))
	repeats := 0
	var got []string
	for batch, err := range s.Read(t.Context(), user, cursor) {
		require.NoError(t, err)
		repeats += batch.Repeats
		for _, e := range batch.Entries {
			got = append(got, uidOf(e))
		}
	}
	assert.Equal(t, uids(1, 5), got)
	assert.Equal(t, 2, repeats)
}

func TestAnEntryThatIsLateBelowTheFirstYoungOneIsFound(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := newDiary(t, 100)
		d.run(1, fewSeen, numberedRow, time.Now().Add(-time.Hour))
		d.run(fewSeen+2, 3*fewSeen, numberedRow, time.Now())
		d.passes(t, 1)
		p, err := parseCursor(d.cursor)
		require.NoError(t, err)
		assert.Equal(t, uint64(idOf(fewSeen)), p.floor, "nothing is known of the age of what lies between")
		d.put(numberedRow(fewSeen+1, time.Now()))
		d.last = 3 * fewSeen
		d.passes(t, 1)
		d.complete(t, 0)
	})
}
