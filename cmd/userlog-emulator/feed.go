package main

import (
	"context"
	"time"

	"github.com/userlog/userlog-otel/internal/emulator/invent"
	"github.com/userlog/userlog-otel/internal/emulator/scenario"
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

// feed lets a day go on, and scenarios in it.
type feed[E invent.Event] struct {
	day     day[E]
	publish func(E) error
	queue   invent.Queue[E]
	// scripted are the events of the scenarios that are over at end.
	scripted func(end time.Time) []E
	// encore is when the scenarios begin again.
	encore time.Time
}

// newFeed publishes the past, up to now, with the scenarios at its end; what of it arrives later waits in the queue. part
// is what a scenario has for this cloud.
func newFeed[E invent.Event](d day[E], publish func(E) error, s *settings, part func(scenario.Play) []E, now time.Time) (*feed[E], error) {
	f := &feed[E]{day: d, publish: publish, encore: now}
	f.scripted = func(end time.Time) []E {
		var events []E
		for _, p := range s.plays(end) {
			events = append(events, part(p)...)
		}
		return events
	}
	f.queue.Push(d.Past(now.Add(-s.history), s.quietFrom(now), s.scenes())...)
	f.queue.Push(f.scripted(now)...)
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
			f.repeat(now)
			// All scenes of one beat begin now, not in between: an event must not arrive before one that is
			// already published.
			for ; owed >= 1; owed-- {
				f.queue.Push(f.day.Next(now)...)
			}
			_ = f.publishDue(now) // the day's own events are JSON objects
		}
	}
}

// repeat plays the scenarios again, if it is time, so that they are over when the next ones begin. What of them would
// lie before now is left out: an event must not arrive before one that is already published.
func (f *feed[E]) repeat(now time.Time) {
	if now.Before(f.encore) {
		return
	}
	f.encore = now.Add(scenario.Length)
	for _, e := range f.scripted(f.encore) {
		if !e.Arrives().Before(now) {
			f.queue.Push(e)
		}
	}
}
