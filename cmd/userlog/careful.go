package main

import (
	"context"
	"runtime/debug"

	"go.opentelemetry.io/collector/extension/xextension/storage"

	"github.com/userlog/userlog-otel/receiver/userlogcursor"
)

// careful is a client of a file whose pages nobody has checked: bbolt maps them into memory, and panics or faults if they
// make no sense.
type careful struct{ userlogcursor.Client }

func (c careful) Walk(ctx context.Context, f storage.WalkFunc) error {
	return guarded(func() error { return c.Client.Walk(ctx, f) })
}

func (c careful) Batch(ctx context.Context, ops ...*storage.Operation) error {
	return guarded(func() error { return c.Client.Batch(ctx, ops...) })
}

// guarded makes a panic an error: that the file is damaged.
func guarded(do func() error) (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if recover() != nil {
			err = errDamaged
		}
	}()
	return do()
}
