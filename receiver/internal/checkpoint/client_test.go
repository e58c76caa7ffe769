package checkpoint

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"

	"github.com/open-telemetry/opentelemetry-collector-contrib/extension/storage/storagetest"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/extension/xextension/storage"

	"github.com/userlog/userlog-otel/receiver/internal/source"
)

const mark = "fingerprint"

var errStorage = errors.New("storage says no")

// strict is a storage that takes only what every storage extension takes, counts its calls, and can fail.
type strict struct {
	inner *storagetest.TestClient

	mu      sync.Mutex
	fail    error // of every call
	mute    bool  // answers with neither value nor error, as one does whose context ends at the wrong moment
	gate    chan struct{}
	batches [][]string // the keys of each Batch
	singles int
	written map[string][]byte
	ctxs    []error // of the context of each Batch, when it was called
}

func newStrict() *strict {
	return &strict{
		inner:   storagetest.NewInMemoryClient(component.KindReceiver, component.MustNewID("user_log"), ""),
		written: map[string][]byte{},
	}
}

func (c *strict) set(change func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	change()
}

func (c *strict) check(key string, value []byte) error {
	switch {
	case !strings.HasPrefix(key, "/"):
		return fmt.Errorf("key %q runs into a prefix", key)
	case !utf8.ValidString(key) || strings.ContainsRune(key, 0) || len(key) > 250:
		return fmt.Errorf("key %q is no text", key)
	case !utf8.Valid(value) || bytes.ContainsRune(value, 0):
		return fmt.Errorf("value of %q is no text", key)
	}
	return nil
}

func (c *strict) Get(ctx context.Context, key string) ([]byte, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.singles++
	if c.fail != nil || c.mute {
		return nil, c.fail
	}
	return c.inner.Get(ctx, key)
}

func (c *strict) Set(ctx context.Context, key string, value []byte) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.singles++
	if c.fail != nil {
		return c.fail
	}
	if err := c.check(key, value); err != nil {
		return err
	}
	c.written[key] = value
	return c.inner.Set(ctx, key, value)
}

func (c *strict) Delete(context.Context, string) error { return errors.New("nothing is ever deleted") }

func (c *strict) Batch(ctx context.Context, ops ...*storage.Operation) error {
	c.mu.Lock()
	gate := c.gate
	c.mu.Unlock()
	if gate != nil {
		<-gate
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	var keys []string
	for _, op := range ops {
		keys = append(keys, op.Key)
	}
	c.batches = append(c.batches, keys)
	c.ctxs = append(c.ctxs, ctx.Err())
	if c.fail != nil || c.mute {
		return c.fail
	}
	for _, op := range ops {
		if err := c.check(op.Key, op.Value); err != nil {
			return err
		}
		if op.Type == storage.Set {
			c.written[op.Key] = op.Value
		}
	}
	return c.inner.Batch(ctx, ops...)
}

func (c *strict) Close(ctx context.Context) error { return c.inner.Close(ctx) }

// calls returns the number of calls of every sort.
func (c *strict) calls() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.batches) + c.singles
}

func (c *strict) value(t *testing.T, key string) string {
	t.Helper()
	value, err := c.inner.Get(t.Context(), key)
	require.NoError(t, err)
	return string(value)
}

// put stores bytes as another program would, past all checks.
func (c *strict) put(t *testing.T, key, value string) {
	t.Helper()
	require.NoError(t, c.inner.Set(t.Context(), key, []byte(value)))
}

func from(cursor source.Cursor) func(source.Subject) source.Cursor {
	return func(source.Subject) source.Cursor { return cursor }
}

func mustNotStart(t *testing.T) func(source.Subject) source.Cursor {
	return func(source.Subject) source.Cursor {
		t.Error("a start was asked for although a cursor is stored")
		return "wrong"
	}
}

// opened returns a store that knows the subjects, all at cursor "start", and a client that has forgotten its counts.
func opened(t *testing.T, subjects ...source.Subject) (*Store, *strict) {
	t.Helper()
	client := newStrict()
	store := New(client, mark)
	rejected, err := store.Add(t.Context(), subjects, from("start"))
	require.NoError(t, err)
	require.Empty(t, rejected)
	client.batches, client.ctxs, client.singles = nil, nil, 0
	return store, client
}

func load(t *testing.T, store *Store, subject source.Subject) source.Cursor {
	t.Helper()
	cursor, err := store.Load(t.Context(), subject)
	require.NoError(t, err)
	return cursor
}

func names(n int) []source.Subject {
	subjects := make([]source.Subject, n)
	for i := range subjects {
		subjects[i] = source.Subject(fmt.Sprintf("auth0|%024d", i))
	}
	return subjects
}

func sorted(subjects ...source.Subject) []string {
	var keys []string
	for _, s := range subjects {
		keys = append(keys, keyOf(s))
	}
	slices.Sort(keys)
	return keys
}
