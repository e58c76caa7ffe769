package sharedstore

import (
	"context"
	"errors"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/extension/xextension/storage"
)

var acme = component.MustNewIDWithName("user_log", "acme")

// clientOf is a client of a store, in this process or over HTTP.
func clientOf(t *testing.T, e *Extension) storage.Client {
	t.Helper()
	client, err := e.GetClient(t.Context(), component.KindReceiver, acme, "")
	require.NoError(t, err)
	return client
}

// extensions are both ways to a store.
func extensions(t *testing.T, s *Store) map[string]*Extension {
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	return map[string]*Extension{"here": NewExtension(s), "remote": NewRemoteExtension(server.URL)}
}

func TestWhatOneClientStoresAnotherReads(t *testing.T) {
	t.Parallel()
	ways := []string{"here", "remote"}
	for _, from := range ways {
		for _, to := range ways {
			t.Run(from+" to "+to, func(t *testing.T) {
				t.Parallel()
				s := New()
				writer, reader := clientOf(t, extensions(t, s)[from]), clientOf(t, extensions(t, s)[to])
				require.NoError(t, writer.Batch(t.Context(), storage.SetOperation("/a", []byte("ä")), storage.SetOperation("/b", []byte("2"))))
				require.NoError(t, writer.Delete(t.Context(), "/b"))
				a, b := storage.GetOperation("/a"), storage.GetOperation("/b")
				require.NoError(t, reader.Batch(t.Context(), a, b))
				assert.Equal(t, "ä", string(a.Value))
				assert.Nil(t, b.Value)
				assert.Equal(t, map[string]string{"/a": "ä"}, s.Content(acme))
				assert.Empty(t, s.Refusals())
			})
		}
	}
}

func TestWhatSomeStorageCannotHoldIsRefused(t *testing.T) {
	t.Parallel()
	used := storage.GetOperation("/a")
	used.Value = []byte("1")
	for name, ops := range map[string][]*storage.Operation{
		"nothing":            {},
		"no operation":       {nil},
		"an empty key":       {storage.GetOperation("")},
		"a key with NUL":     {storage.GetOperation("/\x00")},
		"a key that is none": {storage.GetOperation("/\xff")},
		"a key with no /":    {storage.GetOperation("a")},
		"a long key":         {storage.GetOperation("/" + strings.Repeat("a", longestKey))},
		"an empty value":     {storage.SetOperation("/a", []byte{})},
		"a value with NUL":   {storage.SetOperation("/a", []byte{0})},
		"a binary value":     {storage.SetOperation("/a", []byte{0xff})},
		"a key twice":        {storage.GetOperation("/a"), storage.DeleteOperation("/a")},
		"used before":        {used},
		"no such type":       {{Type: 9, Key: "/a"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := New()
			for way, e := range extensions(t, s) {
				require.Error(t, clientOf(t, e).Batch(t.Context(), ops...), way)
			}
			assert.Len(t, s.Refusals(), 1, "that of the client in this process")
			assert.Empty(t, s.Content(acme))
		})
	}
}

func TestNamesThatNoTableCanHaveAreRefused(t *testing.T) {
	t.Parallel()
	for _, e := range extensions(t, New()) {
		_, err := e.GetClient(t.Context(), component.KindReceiver, component.MustNewIDWithName("user_log", "auth0-prod"), "")
		require.Error(t, err)
		_, err = e.GetClient(t.Context(), component.KindReceiver, acme, "a/b")
		require.Error(t, err)
	}
}

func TestClosedIsClosed(t *testing.T) {
	t.Parallel()
	for _, e := range extensions(t, New()) {
		client := clientOf(t, e)
		require.NoError(t, client.Close(t.Context()))
		_, err := client.Get(t.Context(), "/a")
		require.Error(t, err)
		require.Error(t, client.Close(t.Context()))
	}
}

// A batch that fails in its middle leaves what went before, and reads come after the writes.
func TestBatchIsNoTransaction(t *testing.T) {
	t.Parallel()
	full := errors.New("full")
	for name := range extensions(t, New()) {
		s := New()
		client := clientOf(t, extensions(t, s)[name])
		s.Fail(func(op *storage.Operation) error {
			if op.Key == "/b" {
				return full
			}
			return nil
		})
		require.Error(t, client.Batch(t.Context(), storage.GetOperation("/c"), storage.SetOperation("/a", []byte("1")), storage.SetOperation("/b", []byte("2"))))
		assert.Equal(t, map[string]string{"/a": "1"}, s.Content(acme))
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := clientOf(t, NewExtension(New())).Get(ctx, "/a")
	require.ErrorIs(t, err, context.Canceled)
}
