package auth0

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/userlog/userlog-otel/receiver/internal/source"
)

type nobody struct{}

func (nobody) Answered(context.Context, int, time.Duration, int) {}
func (nobody) Waited(context.Context, time.Duration)             {}
func (nobody) Throttled(context.Context, time.Duration)          {}

// ledger counts what was delivered, by id, and keeps the gaps that were told.
type ledger struct {
	delivered map[string]int
	gaps      []source.Gap
}

func (l *ledger) take(batch source.Batch) {
	for _, e := range batch.Entries {
		l.delivered[e.(*entry).uid()]++
	}
	if batch.Gap != nil {
		l.gaps = append(l.gaps, *batch.Gap)
	}
}

// judge counts the entries that are neither delivered nor in a gap that was told, and the deliveries too many.
func (l *ledger) judge(alive map[string]time.Time) (lost, told, repeats int) {
	for id, date := range alive {
		switch {
		case l.delivered[id] > 0:
		case l.tells(date):
			told++
		default:
			lost++
		}
	}
	for _, n := range l.delivered {
		repeats += n - 1
	}
	return lost, told, repeats
}

func (l *ledger) tells(date time.Time) bool {
	return slices.ContainsFunc(l.gaps, func(g source.Gap) bool { return !date.Before(g.From) && !date.After(g.To) })
}

var errCrash = errors.New("crash")

// readOnce reads as the engine does, and crashes with a probability before and after every delivery and every save.
func (w *world) readOnce(p *Provider, cursor *source.Cursor, delivered *ledger, crash float64) error {
	maybe := func() bool { return w.random.Float64() < crash }
	for batch, err := range p.Read(w.t.Context(), user, *cursor) {
		if err != nil {
			return err
		}
		if maybe() {
			return errCrash
		}
		delivered.take(batch)
		if maybe() {
			return errCrash
		}
		*cursor = batch.Cursor
		if maybe() {
			return errCrash
		}
	}
	return nil
}

// The model check of the walk: whatever happens between any two requests, and wherever the process dies, nothing that
// the tenant still has is lost; without a crash, nothing comes twice.
func TestNothingIsLostAndNothingRepeatedInAChangingLog(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name     string
		pageSize int
		burst    float64
		vanish   float64
		held     int
	}{
		{name: "late entries and equal dates", pageSize: 8},
		{name: "bursts", pageSize: 20, burst: 0.02},
		{name: "bursts and vanishing rows", pageSize: 60, burst: 0.02, vanish: 0.08},
		{name: "bursts and vanishing rows, smaller pages", pageSize: 15, burst: 0.02, vanish: 0.08},
		{name: "little memory", pageSize: 60, burst: 0.02, held: 4000},
	} {
		for _, crash := range []float64{0, 0.03} {
			t.Run(fmt.Sprintf("%s, crashes %v", c.name, crash), func(t *testing.T) {
				t.Parallel()
				seeds := uint64(15)
				if testing.Short() {
					seeds = 5
				}
				for seed := range seeds {
					w := newWorld(t, seed)
					w.burst, w.vanish = c.burst, c.vanish
					p := w.provider(func(s *Settings) {
						s.PageSize = c.pageSize
						if c.held > 0 {
							s.MaxHeld = c.held
						}
					})
					w.live(p, crash)
				}
			})
		}
	}
}

// live reads again and again while the log changes, then until it is quiet, and judges.
func (w *world) live(p *Provider, crash float64) {
	t := w.t
	delivered, crashes := &ledger{delivered: map[string]int{}}, 0
	w.pass(60)
	cursor := w.start(p, time.Hour)
	for range 40 {
		w.pass(1 + w.random.IntN(15))
		switch err := w.readOnce(p, &cursor, delivered, crash); {
		case errors.Is(err, errCrash):
			crashes++
		default:
			require.NoError(t, err)
		}
	}
	w.settle()
	for range 3 {
		require.NoError(t, w.readOnce(p, &cursor, delivered, 0))
		w.pass(int(w.horizon / time.Second))
	}
	lost, told, repeats := delivered.judge(w.alive)
	require.Zero(t, lost, "lost of %d", len(w.alive))
	require.Empty(t, delivered.gaps, "gaps told without reason; they would excuse %d entries", told)
	require.LessOrEqual(t, repeats, crashes*p.s.PageSize, "repeats after %d crashes", crashes)
}
