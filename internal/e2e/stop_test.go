//go:build e2e

package e2e

import (
	"net/http"
	"testing"
	"time"

	"github.com/userlog/userlog-otel/internal/emulator/auth0"
)

// TestStopReturnsInTimeWhateverHangs covers what a stop can meet. What was accepted before a stop is stored, so the
// collector that follows delivers the rest; only what the sink took without ever saying so may come twice.
func TestStopReturnsInTimeWhateverHangs(t *testing.T) {
	t.Parallel()
	const user = "auth0|63d1c0ffee01"
	tests := map[string]struct {
		hang       func(r *rig)
		met        func(r *rig) bool
		heal       func(r *rig)
		maxRepeats int
	}{
		"the sink takes records and does not answer": {
			hang:       func(r *rig) { r.sink.slow(0, time.Minute) },
			met:        func(r *rig) bool { return r.sink.distinct() > 0 },
			heal:       func(r *rig) { r.sink.slow(0, 0) },
			maxRepeats: 100,
		},
		"the sink does nothing": {
			hang: func(r *rig) { r.sink.slow(time.Minute, 0) },
			met:  func(r *rig) bool { return !r.sink.idle() },
			heal: func(r *rig) { r.sink.slow(0, 0) },
		},
		"the sink refuses": {
			hang: func(r *rig) { r.sink.refuse(always(http.StatusServiceUnavailable)) },
			met:  func(r *rig) bool { return len(r.sink.refusals()) > 0 },
			heal: func(r *rig) { r.sink.refuse(nil) },
		},
		"the API does not answer": {
			hang: func(r *rig) {
				r.tenant.Intercept(func(_ http.ResponseWriter, req *http.Request) bool { <-req.Context().Done(); return true })
			},
			met:  func(r *rig) bool { return len(r.logRequests()) > 0 },
			heal: func(r *rig) { r.tenant.Intercept(nil) },
		},
		"the API asks to wait": {
			hang: func(r *rig) { r.tenant.Intercept(throttle("600")) },
			met:  func(r *rig) bool { return len(r.logRequests()) > 0 && r.logRequests()[0].Status != 0 },
			heal: func(r *rig) { r.tenant.Intercept(nil) },
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, auth0.Options{})
			r.users(user)
			r.publish(user, newEntries(user, 250, time.Now().Add(-time.Hour), time.Second)...)
			test.hang(r)
			c := r.start()
			c.until("the collector meets it", waitLimit, func() bool { return test.met(r) })
			t.Logf("SIGTERM to exit: %v", c.stopWell().Round(time.Millisecond))

			test.heal(r)
			c = r.start()
			c.until("everything arrives", waitLimit, r.complete)
			r.cycles(c, 3, user)
			c.stopWell()
			r.settle(test.maxRepeats)
		})
	}
}

// always is a sink's judge that gives every request the same status.
func always(status int) func([]string) int { return func([]string) int { return status } }

// throttle is an interceptor that answers every request with 429 and a Retry-After in seconds.
func throttle(seconds string) func(http.ResponseWriter, *http.Request) bool {
	return func(w http.ResponseWriter, _ *http.Request) bool {
		w.Header().Set("Retry-After", seconds)
		w.WriteHeader(http.StatusTooManyRequests)
		return true
	}
}
