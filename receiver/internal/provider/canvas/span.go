package canvas

import "time"

const (
	// maxFresh bounds the events that one walk holds back: 50 pages are fetched again if they turn out to be too many.
	maxFresh = 5000
	// longest bounds a span that grows, as a time.Duration ends after 292 years, and the dates of a log may lie further apart.
	longest = 100 * 365 * 24 * time.Hour
)

// keep hands the fresh rows on, if there is a sink for them, or sees to it that not too many are held. more tells
// whether the walk goes on.
func (w *walk) keep(more bool) error {
	if w.sink == nil {
		if more && w.full() {
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

// sparse tells whether four times as much could have been held.
func (w *walk) sparse() bool { return w.most*w.pages*4 < maxFresh && w.heldMost*4 < w.p.s.MaxHeld }

// half is the length, in whole seconds, of a span to try instead of one of which there was too much: half of it, or less
// if half of what was met, the newest first, would still be in it. If all that was met is of one second, it ends before
// that.
func (w *walk) half() time.Duration {
	end := w.to
	if end.IsZero() {
		end = w.times.end()
	}
	length := end.Sub(w.from) / 2
	if n := len(w.fresh); n > 1 {
		if newest := w.fresh[0].at; newest.Equal(w.fresh[n-1].at) {
			length = newest.Sub(w.from)
		} else if middle := w.fresh[n/2].at; !middle.IsZero() {
			length = min(length, middle.Sub(w.from))
		}
	}
	return max(length, resolution).Truncate(resolution)
}
