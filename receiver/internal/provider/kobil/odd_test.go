package kobil

import (
	"fmt"
	"net/http"
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/userlog/userlog-otel/receiver/internal/source"
	"github.com/userlog/userlog-otel/receiver/internal/sourcetest"
)

// uidsOf are those of rows, the oldest first.
func (s *shelf) uidsOf(first, last int) (uids []string) {
	for i := len(s.rows) - 1; i >= 0; i-- {
		if r := s.rows[i]; r.n >= first && r.n <= last {
			uids = append(uids, r.uid())
		}
	}
	return uids
}

func TestEntriesWithoutANumberComeWholeWhereverTheyStand(t *testing.T) {
	t.Parallel()
	for name, runs := range map[string][]int{ // numbered rows and others by turns
		"shared by two pages":         {11, 1, 9},
		"alone":                       {0, 35},
		"between":                     {10, 25, 10},
		"at the end":                  {0, 25, 10},
		"at the head":                 {10, 25},
		"as long as a page":           {11, 10, 9},
		"all but one row of a page":   {11, 9, 9},
		"a single number among them":  {0, 17, 1, 17},
		"every other row":             {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1},
		"many pages, many more below": {1, 70, 1, 70, 1},
	} {
		for _, size := range []int{2, 3, 10} {
			t.Run(fmt.Sprint(name, ", pages of ", size), func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					s, n := newShelf(t, size, time.Minute), 0
					for i, length := range runs {
						row := numberedRow
						if i%2 == 1 {
							row = oddRow
						}
						s.run(n+1, n+length, row, time.Now().Add(-time.Hour))
						n += length
					}
					cursor := s.Start(time.Now().Add(-24 * time.Hour))
					got, err := s.read(t, &cursor, 0)
					require.NoError(t, err)
					assert.Equal(t, s.uidsOf(1, n), got)
					for range 3 {
						time.Sleep(2 * time.Minute)
						s.put(oddRow(n+1, time.Now()), oddRow(n+2, time.Now()))
						got, err = s.read(t, &cursor, 0)
						require.NoError(t, err)
						assert.Equal(t, s.uidsOf(n+1, n+2), got)
						n += 2
					}
					time.Sleep(2 * time.Minute)
					_, err = s.read(t, &cursor, 0)
					require.NoError(t, err)
					s.offsets = nil
					before := cursor
					got, err = s.read(t, &cursor, 0)
					require.NoError(t, err)
					assert.Empty(t, got)
					assert.Equal(t, before, cursor)
					assert.Equal(t, []string{"0"}, s.offsets, "an idle log")
				})
			})
		}
	}
}

func TestTheCursorOfALogWithManyEntriesWithoutANumberStaysShort(t *testing.T) {
	t.Parallel()
	for name, step := range map[string]int{"every other": 2, "all": 1} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				const n = 4000
				s := newShelf(t, 100, time.Minute)
				for i := 1; i <= n; i++ {
					row := numberedRow
					if i%step == 0 {
						row = oddRow
					}
					s.rows = append(s.rows, row(n+1-i, time.Now().Add(-48*time.Hour-time.Duration(i)*time.Second)))
				}
				cursor := s.Start(time.Now().Add(-72 * time.Hour))
				got, longest := []string{}, 0
				for batch, err := range s.Read(t.Context(), user, cursor) {
					require.NoError(t, err)
					for _, e := range batch.Entries {
						got = append(got, uidOf(e))
					}
					longest, cursor = max(longest, len(batch.Cursor)), batch.Cursor
				}
				assert.Equal(t, s.uidsOf(1, n), got)
				assert.Less(t, longest, 32<<10)
				for range 3 {
					got, err := s.read(t, &cursor, 0)
					require.NoError(t, err)
					assert.Empty(t, got)
					time.Sleep(2 * time.Minute)
				}
			})
		})
	}
}

// A server whose pages never show what lies between two of them.
func TestPagesThatDoNotFitTogetherAreNotReadForEver(t *testing.T) {
	t.Parallel()
	requests := 0
	p := newProvider(t, sourcetest.Transport(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		requests++
		offset, _ := strconv.Atoi(r.URL.Query().Get("offset"))
		first := 1000 + 10*requests
		if offset >= 9 {
			first = 1
		}
		text := ""
		for n := first + 9; n >= first; n-- {
			text += "," + jsonEntry(n, time.Now(), "")
		}
		_, _ = fmt.Fprintf(w, `{"data":[%s],"moreResultsAvailable":%t}`, text[1:], offset < 9)
	})), nil)
	var failed error
	for _, err := range p.Read(t.Context(), user, p.Start(time.Now().Add(-time.Hour))) {
		if failed = err; requests > 1000 {
			break
		}
	}
	assert.Equal(t, source.Unreadable, source.KindOf(failed))
	assert.ErrorContains(t, failed, "page_size")
	assert.Less(t, requests, maxVain+10)
}
