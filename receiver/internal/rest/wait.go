package rest

import (
	"context"
	"time"
)

const (
	// longWait is the length above which a wait for the API is told when it begins. Less is everyday life: the windows
	// of some APIs last a second.
	longWait = 5 * time.Second
	// waitStep is the time after which a wait that goes on is told.
	waitStep = 10 * time.Second
)

// acquire waits for a place in the limit. The observer hears of a long wait for the API when it begins, and of the time
// that passes, whatever it is waited for, step by step.
func (c *Client) acquire(ctx context.Context) (place, error) {
	since := time.Now()       // what was before is told
	least := time.Millisecond // less was the mutex, not the limit
	t := new(ticket)
	for {
		var p place
		var h hold
		err := ctx.Err()
		if err == nil {
			p, h = c.limit.try(t)
		} else {
			c.limit.quit(t)
		}
		over := h.wake == nil
		waited := time.Since(since)
		if waited >= waitStep || over && waited > least {
			c.observer.Waited(ctx, waited)
			since, least = since.Add(waited), 0
			waited = 0
		}
		if over {
			return p, err
		}
		if h.tell > 0 {
			c.observer.Throttled(ctx, h.tell)
		}
		pause := waitStep - waited
		if h.wait > 0 {
			pause = min(pause, h.wait)
		}
		sleep(ctx, pause, h.wake)
	}
}

// sleep returns after d, when woken, or when ctx is done.
func sleep(ctx context.Context, d time.Duration, wake <-chan struct{}) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	case <-wake:
	}
}
