package lead

import (
	"context"
	"time"
)

const (
	// tick is how often the guard looks at the clock.
	tick = time.Second
	// stallAfter is how late a look may be. A lease is lost when its holder does not renew it for the lease's duration, by
	// default 15s, and it was renewed up to the retry period before, by default 2s (client-go, leaderelection.go): this is
	// short of that also for leases of 7s, and longer than a busy machine makes a process wait.
	stallAfter = 4 * time.Second
	// stallPause is how long nothing is done then. An elector that wakes up with us tries to renew the lease within a retry
	// period, by default 2s, and gives up a renew deadline after that, by default 10s.
	stallPause = 15 * time.Second
)

// guard ends the work of a process that stood still, as one does that was stopped, or whose machine was suspended. Its
// elector knows no better before it has asked, and another process may lead.
func (l *Lead) guard(ctx context.Context) {
	ticker := time.NewTicker(tick)
	defer ticker.Stop()
	for last := l.now(); ; {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		now := l.now()
		if stood := passed(last, now) - tick; stood > stallAfter {
			l.hold(stood)
		}
		last = now
	}
}

// passed is the time between two looks at the clock. The one that measures stands still while a machine is suspended, the
// one on the wall may be set back: the longer of the two counts.
func passed(last, now time.Time) time.Duration {
	return max(now.Sub(last), now.Round(0).Sub(last.Round(0)))
}

// hold ends the work under way for a pause.
func (l *Lead) hold(stood time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.leads {
		return
	}
	l.stood, l.resume = stood, time.Now().Add(stallPause)
	l.cancel()
	l.notify()
}

// stall returns for how long the process stood still, if that was not told yet, else 0.
func (l *Lead) stall() time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	stood := l.stood
	l.stood = 0
	return stood
}
