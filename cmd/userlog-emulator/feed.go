package main

import (
	"context"
	"time"

	"github.com/userlog/userlog-otel/internal/emulator/invent"
)

// life goes on in a cloud until the context is done.
type life interface {
	run(ctx context.Context, rate float64)
}

// day invents scenes, each of some events.
type day[E invent.Event] interface {
	Past(from, to time.Time, scenes int) []E
	Next(t time.Time) []E
}

// feed lets a day go on.
type feed[E invent.Event] struct {
	day     day[E]
	publish func(E) error
	queue   invent.Queue[E]
}

// newFeed publishes the past, up to now; what of it arrives later waits in the queue.
func newFeed[E invent.Event](d day[E], publish func(E) error, s *settings, now time.Time) (*feed[E], error) {
	f := &feed[E]{day: d, publish: publish}
	f.queue.Push(d.Past(now.Add(-s.history), now, s.scenes())...)
	return f, f.publishDue(now)
}

func (f *feed[E]) publishDue(now time.Time) error {
	for _, e := range f.queue.Due(now) {
		if err := f.publish(e); err != nil {
			return err
		}
	}
	return nil
}

// beat is how often the feed looks for what is due: below the resolution of a person and of any polling receiver.
const beat = 100 * time.Millisecond

// run plays rate scenes a second, evenly, until ctx is done, and publishes each event when it arrives.
func (f *feed[E]) run(ctx context.Context, rate float64) {
	tick := time.NewTicker(beat)
	defer tick.Stop()
	last, owed := time.Now(), 0.0
	for {
		select {
		case <-ctx.Done():
			return
		case now := <-tick.C:
			// A machine that slept owes the scenes of one second at most.
			owed = min(owed+now.Sub(last).Seconds()*rate, max(rate, 1))
			last = now
			// All scenes of one beat begin now, not in between: an event must not arrive before one that is
			// already published.
			for ; owed >= 1; owed-- {
				f.queue.Push(f.day.Next(now)...)
			}
			_ = f.publishDue(now) // the day's own events are JSON objects
		}
	}
}
