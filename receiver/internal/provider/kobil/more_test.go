package kobil

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	emulator "github.com/userlog/userlog-otel/internal/emulator/kobil"
)

func TestAShortPageIsNotTheLastIfMoreFollow(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*shelf){
		"rows left out after the page was cut": func(s *shelf) {
			for _, i := range []int{15, 31, 32, 47} {
				s.rows[i].hidden = true
			}
		},
		"pages cut short": func(s *shelf) {
			s.cut = func(n int) int { return min(n, 10-len(s.offsets)%3) }
		},
		"a page of one row": func(s *shelf) {
			s.cut = func(n int) int {
				if len(s.offsets) == 2 {
					return 1
				}
				return n
			}
		},
		"the newest page has one row": func(s *shelf) {
			for i := range 9 {
				s.rows[i].hidden = true
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newShelf(t, 10, time.Minute)
			s.run(1, 60, numberedRow, time.Now().Add(-time.Hour))
			change(s)
			var want []string
			for _, n := range s.rows {
				if !n.hidden {
					want = append(want, n.uid())
				}
			}
			cursor := s.Start(time.Now().Add(-24 * time.Hour))
			got, err := s.read(t, &cursor, 0)
			require.NoError(t, err)
			assert.ElementsMatch(t, want, got)
			got, err = s.read(t, &cursor, 0)
			require.NoError(t, err)
			assert.Empty(t, got)
		})
	}
}

func TestThatMoreFollowIsNotBelievedOnceItIsSaidOfAnEmptyPage(t *testing.T) {
	t.Parallel()
	for rows, want := range map[int][]string{
		0:  {"0"},
		1:  {"0", "1"},
		5:  {"0", "4", "12", "0"},
		10: {"0", "9", "27", "0"},
	} {
		s := newShelf(t, 10, time.Minute)
		s.more = emulator.MoreAlwaysTrue
		s.run(1, rows, numberedRow, time.Now().Add(-time.Hour))
		cursor := s.Start(time.Now().Add(-24 * time.Hour))
		got, err := s.read(t, &cursor, 0)
		require.NoError(t, err)
		assert.Equal(t, s.uidsOf(1, rows), got)
		assert.Equal(t, want, s.offsets, rows)
	}
}
