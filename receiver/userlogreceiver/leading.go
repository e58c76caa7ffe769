package userlogreceiver

import (
	"context"
	"fmt"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.uber.org/zap"

	"github.com/userlog/userlog-otel/receiver/internal/lead"
)

// elector is what is used of the extension k8s_leader_elector, without its package, which would bring a client of
// Kubernetes along. It calls the functions under a lock, so they must not block.
type elector interface {
	component.Component
	SetCallBackFuncs(onStartLeading func(context.Context), onStopLeading func())
}

// whileLeading returns what reads only while the configured elector says that this collector leads; without one, what
// reads all the time.
func (r *userLogReceiver) whileLeading(host component.Host, read func(context.Context), observer *observer) (func(context.Context), error) {
	id := r.cfg.K8sLeaderElector
	if id == nil {
		return read, nil
	}
	extension, ok := host.GetExtensions()[*id]
	if !ok {
		return nil, fmt.Errorf("k8s_leader_elector: extension %q is not there: add it under extensions and service::extensions", id)
	}
	elector, ok := extension.(elector)
	if !ok {
		return nil, fmt.Errorf("k8s_leader_elector: extension %q is no leader elector: use k8s_leader_elector", id)
	}
	if r.cfg.Storage == nil {
		r.set.Logger.Warn("k8s_leader_elector is set and storage is not: who leads next does not know what this collector " +
			"delivered, and reads every log from initial_lookback; set storage to one that all of them share")
	}
	l := lead.New(observer)
	elector.SetCallBackFuncs(l.Start, l.Stop)
	return func(ctx context.Context) {
		l.Run(ctx, func(leading context.Context) {
			read(leading)
			if ctx.Err() == nil { // else Shutdown stores
				r.handOver(ctx, observer)
			}
		})
	}, nil
}

// handOver stores what is not stored yet, for who leads next, and forgets what fails and how old everything is: it is that
// one's to tell.
func (r *userLogReceiver) handOver(ctx context.Context, observer *observer) {
	if err := r.store.Flush(ctx); err != nil {
		r.set.Logger.Warn("reading user logs: leadership ended before all cursors were stored: who leads next repeats what was read last", zap.Error(err))
	}
	observer.rest()
}

var _ lead.Observer = (*observer)(nil)

// Leads implements lead.Observer.
func (o *observer) Leads() { o.logger.Info("reading user logs: this collector leads and reads") }

// Waits implements lead.Observer.
func (o *observer) Waits() {
	o.logger.Info("reading user logs: this collector does not lead; it waits and reads nothing")
}

// Stalled implements lead.Observer.
func (o *observer) Stalled(stood, pause time.Duration) {
	o.logger.Warn("reading user logs: this process stood still, and another collector may lead by now: nothing is read until the elector knows",
		zap.Duration("stood", stood), zap.Duration("pause", pause))
}

// rest makes the receiver one that reads nothing and is well.
func (o *observer) rest() {
	o.engine.Store(nil)
	o.newest.Store(0)
	o.mu.Lock()
	clear(o.gaps)
	o.mu.Unlock()
	o.health.Clear()
}
