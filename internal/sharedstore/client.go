package sharedstore

import (
	"context"
	"errors"
	"sync/atomic"

	"go.opentelemetry.io/collector/extension/xextension/storage"
)

// backend is what applies operations that follow the rules, and is told of those that do not.
type backend interface {
	batch(ctx context.Context, name string, ops []*storage.Operation) error
	refuse(error) error
}

// Client is a client of a Store, in this process or another one. It is safe for concurrent use.
type Client struct {
	store  backend
	name   string
	closed atomic.Bool
}

var _ storage.Client = (*Client)(nil)

// Get implements storage.Client.
func (c *Client) Get(ctx context.Context, key string) ([]byte, error) {
	op := storage.GetOperation(key)
	err := c.Batch(ctx, op)
	return op.Value, err
}

// Set implements storage.Client.
func (c *Client) Set(ctx context.Context, key string, value []byte) error {
	return c.Batch(ctx, storage.SetOperation(key, value))
}

// Delete implements storage.Client.
func (c *Client) Delete(ctx context.Context, key string) error {
	return c.Batch(ctx, storage.DeleteOperation(key))
}

// Batch implements storage.Client.
func (c *Client) Batch(ctx context.Context, ops ...*storage.Operation) error {
	if c.closed.Load() {
		return c.store.refuse(errors.New("a client was used after it was closed"))
	}
	if err := c.store.refuse(checkBatch(ops)); err != nil {
		return err
	}
	return c.store.batch(ctx, c.name, ops)
}

// Close implements storage.Client.
func (c *Client) Close(context.Context) error {
	if c.closed.Swap(true) {
		return c.store.refuse(errors.New("a client was closed twice"))
	}
	return nil
}
