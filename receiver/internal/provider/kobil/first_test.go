package kobil

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	emulator "github.com/userlog/userlog-otel/internal/emulator/kobil"
	"github.com/userlog/userlog-otel/receiver/internal/source"
)

func TestAFewWrongDatesDoNotEndAFirstRead(t *testing.T) {
	t.Parallel()
	for _, size := range []int{1, 2, 3, 10} {
		for _, wrong := range []int{1, 2, enoughOld - 1} {
			t.Run(fmt.Sprintf("%d in pages of %d", wrong, size), func(t *testing.T) {
				t.Parallel()
				s := newShelf(t, size, time.Minute)
				s.run(1, 30, numberedRow, time.Now().Add(-time.Hour))
				s.run(31, 30+wrong, numberedRow, time.Unix(1, 0))
				s.run(31+wrong, 35+wrong, numberedRow, time.Now().Add(-time.Minute))
				cursor := s.Start(time.Now().Add(-24 * time.Hour))
				got, err := s.read(t, &cursor, 0)
				require.NoError(t, err)
				assert.Equal(t, append(uids(1, 30), uids(31+wrong, 35+wrong)...), got)
			})
		}
	}
}

func TestAFirstReadStopsWhereTheLogIsOld(t *testing.T) {
	t.Parallel()
	for size, most := range map[int]int{2: 40, 10: 6} {
		s := newShelf(t, size, time.Minute)
		s.run(1, 1000, numberedRow, time.Now().Add(-48*time.Hour))
		s.run(1001, 1005, numberedRow, time.Now().Add(-time.Hour))
		cursor := s.Start(time.Now().Add(-24 * time.Hour))
		got, err := s.read(t, &cursor, 0)
		require.NoError(t, err)
		assert.Equal(t, uids(1001, 1005), got)
		assert.LessOrEqual(t, len(s.offsets), most, size)
	}
}

func TestLateEntriesFromBeforeTheStartStayOut(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, emulator.Options{}, nil)
		w.add(1, 3, 30*time.Second)
		w.add(5, 5, 20*time.Second)
		cursor := w.Start(time.Now())
		require.Empty(t, w.read(&cursor))
		time.Sleep(10 * time.Second)
		w.add(4, 4, 30*time.Second)
		w.add(6, 6, 0)
		assert.Equal(t, uids(6, 6), w.read(&cursor))
		for range 2 { // once nothing of that time appears any more, dates do not matter
			time.Sleep(2 * time.Minute)
			require.Empty(t, w.read(&cursor))
		}
		w.add(7, 7, 1000*time.Hour)
		assert.Equal(t, uids(7, 7), w.read(&cursor))
	})
}

func TestACursorInTheMiddleOfAFirstReadKeepsItsStart(t *testing.T) {
	t.Parallel()
	s := newShelf(t, 3, time.Minute)
	at := time.Now().Add(-time.Hour)
	for n := 1; n <= 20; n++ { // every other one is just too old
		s.put(numberedRow(n, at.Add(-time.Duration(n%2)*30*time.Second)))
	}
	cursor := s.Start(at.Add(-time.Second))
	var want, got []string
	for n := 2; n <= 20; n += 2 {
		want = append(want, uids(n, n)...)
	}
	for range 20 {
		part, err := s.read(t, &cursor, 1)
		require.NoError(t, err)
		got = append(got, part...)
	}
	assert.Equal(t, want, got)
}

// As cursors were written that do not say from when on entries are wanted.
func TestOldCursorsAreReadOn(t *testing.T) {
	t.Parallel()
	s := newShelf(t, 10, time.Minute)
	s.run(1, 30, numberedRow, time.Now().Add(-time.Hour))
	s.put(oddRow(31, time.Now()), oddRow(32, time.Now()))
	unknown := s.rows[0]
	l, err := decodeList([]byte("["+s.rows[1].text+"]"), arrival, testCodes(t))
	require.NoError(t, err)
	known := &l.entries[0]
	p := position{floor: uint64(idOf(20)), seen: map[uint64]struct{}{uint64(idOf(25)): {}}}.with(nil, nil)
	p.odd = append(p.odd, known.mark())
	cursor := p.cursor()
	require.NotContains(t, cursor, `"f"`)
	got, err := s.read(t, &cursor, 0)
	require.NoError(t, err)
	want := append(append(uids(21, 24), uids(26, 30)...), unknown.uid())
	assert.Equal(t, want, got)
	_, err = parseCursor(source.Cursor(`{"c":"a1","o":["x"],"p":2}`))
	assert.Error(t, err, "more below the floor than there are")
}
