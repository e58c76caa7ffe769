package canvas

import "time"

const (
	// maxFresh bounds the events that one walk holds back: 50 pages are fetched again if they turn out to be too many.
	maxFresh = 5000
	// A span is to bring a share of what could be held, a quarter: so the events may stand four times as close in the next
	// one, and a read that ends within it throws away a few pages only.
	share = 4
	// fewest is how many events a guess of how close they stand needs: a class that logs in at once is no sign of the rest.
	fewest = 200
	// longest bounds a span that grows, as a time.Duration ends after 292 years, and the dates of a log may lie further apart.
	longest = 100 * 365 * 24 * time.Hour
)

// keep hands the fresh rows on, if there is a sink for them, or sees to it that not too many are held. more tells
// whether the walk goes on.
func (w *walk) keep(more bool) error {
	if w.sink == nil {
		if more && (w.full() || w.dense()) {
			return errTooMany
		}
		return nil
	}
	rows := w.fresh
	w.fresh, w.held = nil, 0
	return w.sink(rows)
}

// full tells whether more is held than may be.
func (w *walk) full() bool { return w.held > w.p.s.MaxHeld || len(w.fresh) > maxFresh }

// dense tells whether there would be several times too much if events stood everywhere as close as those met. It is a
// guess, which saves the pages until the walk is full, and costs some short spans where it is wrong. It is made where
// there is a long past to read; in any other read it would be wrong whenever much happened just before.
func (w *walk) dense() bool {
	n := len(w.fresh)
	if !w.past || n < fewest {
		return false
	}
	return float64(n)*float64(w.last.Sub(w.from)) > share*maxFresh*float64(w.covered())
}

// covered is the time between the events held.
func (w *walk) covered() time.Duration {
	return max(w.fresh[0].at.Sub(w.fresh[len(w.fresh)-1].at), resolution)
}

// end is that of the span, or of the log, as nothing is above that.
func (w *walk) end() time.Time {
	if w.to.IsZero() {
		return w.times.end()
	}
	return earlier(w.to, w.times.end())
}

// next is the length of the span after this one, in whole seconds. It grows and shrinks by a factor of the share at most,
// as the next may be another kind of time.
func (w *walk) next() time.Duration {
	full := max(float64(w.most*w.pages)/maxFresh, float64(w.heldMost)/float64(w.p.s.MaxHeld))
	factor := min(max(1/(full*share), 1.0/share), share)
	length := float64(w.to.Add(resolution).Sub(w.from)) * factor
	return max(time.Duration(min(length, float64(longest))), resolution).Truncate(resolution)
}

// shorter is the length, in whole seconds, of a span to try instead of one of which there was too much. If all that was
// met is of one second, it ends before that; and if it was as much as can be held, that tells how close events stand.
func (w *walk) shorter() time.Duration {
	length := w.end().Sub(w.from) / share
	if n := len(w.fresh); n > 1 {
		switch newest := w.fresh[0].at; {
		case newest.Equal(w.fresh[n-1].at):
			length = newest.Sub(w.from)
		case w.full():
			length = min(length, w.covered()/share)
		}
	}
	return max(length, resolution).Truncate(resolution)
}
