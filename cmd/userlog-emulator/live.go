package main

import (
	"context"
	"time"
)

// beat is how often the feed looks for what is due: below the resolution of a person and of any polling receiver.
const beat = 100 * time.Millisecond

// run plays rate scenes a second, evenly, until ctx is done, and publishes each event when it arrives.
func (f *feed) run(ctx context.Context, rate float64) {
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
			_ = f.publish(now) // the day's own events are JSON objects
		}
	}
}
