package canvas

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	emulator "github.com/userlog/userlog-otel/internal/emulator/canvas"
	"github.com/userlog/userlog-otel/receiver/internal/claim"
	"github.com/userlog/userlog-otel/receiver/internal/source"
)

func parsed(t testing.TB, cursor source.Cursor) position {
	t.Helper()
	p, err := parseCursor(cursor)
	require.NoError(t, err)
	return p
}

func markOf(id string) claim.Mark { return claim.MarkOf(id) }

// maxCursor is what maxSeen marks take as text, and a little.
const maxCursor = 240_000

func TestTheCursorOfABusyLogIsBounded(t *testing.T) {
	t.Parallel()
	w := ofSchool(t, emulator.Options{}, func(s *Settings) { s.PageSize, s.Overlap = 100, time.Hour })
	const n = maxSeen + 2000
	begun := w.now.Add(-240 * time.Second)
	w.many(n, begun, 20*time.Millisecond)
	w.begin(2*time.Hour, school)
	got := 0
	for batch, err := range w.Read(t.Context(), school, w.cursors[school]) {
		require.NoError(t, err)
		require.Less(t, len(batch.Cursor), maxCursor)
		got += len(batch.Entries)
		w.cursors[school] = batch.Cursor
	}
	assert.Equal(t, n, got)
	assert.Empty(t, w.read(school), "the floor covers what has no mark any more")

	late := func(id string, at time.Time) {
		w.Publish(emulator.Event{ID: id, At: at, Type: "login", User: 1, Account: 1})
	}
	late("below 8,000 events", w.now.Add(-160*time.Second))
	late("below 11,500 events", w.now.Add(-230*time.Second))
	assert.Equal(t, []string{"below 8,000 events"}, w.read(school))
}

// Everything before now, less the overlap, is settled: the past needs no marks.
func TestThePastLeavesNoMarks(t *testing.T) {
	t.Parallel()
	w := ofSchool(t, emulator.Options{}, func(s *Settings) { s.PageSize, s.Overlap = 100, time.Hour })
	w.many(4000, w.now.Add(-3*time.Hour), time.Second)
	w.begin(24*time.Hour, school)
	for _, batch := range w.batches(school) {
		assert.Less(t, len(batch.Cursor), 1000)
	}
}

func TestAPositionSurvivesItsText(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	read := claim.Claim{Newest: at, Floor: at.Add(-time.Minute), Seen: map[claim.Mark]int64{markOf("a"): at.Unix()}}
	for name, p := range map[string]position{
		"not read yet":  {Claim: claim.Claim{Start: at, Seen: map[claim.Mark]int64{}}},
		"of a name":     {Claim: read, from: at.Add(-time.Hour), id: "3"},
		"refused":       {Claim: read, refused: true},
		"refused first": {Claim: claim.Claim{Start: at, Seen: map[claim.Mark]int64{}}, refused: true},
		"in doubt":      {Claim: read, doubt: at},
		"in spans":      {Claim: read, span: 90 * time.Second},
	} {
		assert.Equal(t, p, parsed(t, p.cursor()), name)
	}
	past := position{Claim: read, doubt: at.Add(-time.Hour)}
	assert.Zero(t, parsed(t, past.cursor()).doubt, "the doubt has ended")
}

// BenchmarkBatch is the work of one batch beside its request and its delivery, with few marks and with as many as a busy log has.
func BenchmarkBatch(b *testing.B) {
	for name, marks := range map[string]int{"100 marks": 100, "9,500 marks": (maxSeen + keptSeen) / 2} {
		b.Run(name, func(b *testing.B) {
			at := time.Now().Truncate(time.Second)
			seen := map[claim.Mark]int64{}
			for i := range marks {
				seen[markOf(idOf(i))] = at.Unix()
			}
			rows := make([]row, 100)
			for i := range rows {
				rows[i] = row{entry: entry{mark: markOf("new" + idOf(i))}, at: at.Add(time.Second)}
			}
			p := newProvider(b, nil, NewLogs(nil, []string{"1"}, nil), nil)
			known := position{Claim: claim.Claim{Newest: at, Floor: at.Add(-time.Minute), Seen: seen}}
			r := &read{p: p, subject: school, yield: func(source.Batch) bool { return true }}
			r.times.first = claim.Clocks{Server: at.Add(time.Minute), Local: at.Add(time.Minute)}
			for b.Loop() {
				r.position = known
				require.NoError(b, r.handOn(b.Context(), &walk{}, rows))
			}
		})
	}
}
