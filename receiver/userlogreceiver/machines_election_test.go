package userlogreceiver

import (
	"context"
	"sync"

	"go.opentelemetry.io/collector/component"
)

var electorID = component.MustNewID("k8s_leader_elector")

// election is an extension that calls as k8s_leader_elector does, under a lock.
type election struct {
	component.StartFunc
	component.ShutdownFunc

	mu      sync.Mutex
	leading bool
	starts  []func(context.Context)
	stops   []func()
}

// SetCallBackFuncs calls at once if it leads already, with a context that never ends.
func (e *election) SetCallBackFuncs(start func(context.Context), stop func()) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.starts, e.stops = append(e.starts, start), append(e.stops, stop)
	if e.leading {
		start(context.Background())
	}
}

// wins calls everybody who is to start.
func (e *election) wins(ctx context.Context) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.leading = true
	for _, start := range e.starts {
		start(ctx)
	}
}

// loses calls everybody who is to stop.
func (e *election) loses() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.leading = false
	for _, stop := range e.stops {
		stop()
	}
}
