package checkpoint

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/open-telemetry/opentelemetry-collector-contrib/extension/storage/storagetest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/extension/xextension/storage"

	"github.com/userlog/userlog-otel/receiver/internal/source"
)

func TestCursorsOutliveARestart(t *testing.T) {
	dir := t.TempDir()
	open := func() storage.Client {
		return storagetest.NewFileBackedClient(component.KindReceiver, component.MustNewID("user_log"), "", dir)
	}
	client := open()
	store := New(client, mark)
	_, err := store.Add(t.Context(), []source.Subject{"active", "idle"}, from("first start"))
	require.NoError(t, err)
	require.NoError(t, store.Save(t.Context(), "active", "moved"))
	require.NoError(t, client.Close(t.Context()))

	store = New(open(), mark)
	rejected, err := store.Add(t.Context(), []source.Subject{"active", "idle"}, mustNotStart(t))
	require.NoError(t, err)
	assert.Empty(t, rejected)
	assert.Equal(t, source.Cursor("moved"), load(t, store, "active"))
	assert.Equal(t, source.Cursor("first start"), load(t, store, "idle"),
		"a log in which nothing was found must not begin anew: the time in between would be lost")
}

func TestLoadAsksNotTheStorage(t *testing.T) {
	store, client := opened(t, "a", "b")
	for range 100 {
		load(t, store, "a")
		require.NoError(t, store.Flush(t.Context()))
	}
	_, err := store.Add(t.Context(), []source.Subject{"a", "b"}, mustNotStart(t))
	require.NoError(t, err)
	assert.Zero(t, client.calls())
}

func TestSavesAtTheSameTimeAreWrittenAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		subjects := names(50)
		store, client := opened(t, subjects...)
		gate := make(chan struct{})
		client.set(func() { client.gate = gate })
		var saves sync.WaitGroup
		for _, subject := range subjects {
			saves.Go(func() { assert.NoError(t, store.Save(t.Context(), subject, "moved")) })
		}
		synctest.Wait() // one of them writes, the others wait
		close(gate)
		saves.Wait()
		assert.LessOrEqual(t, len(client.batches), 2)
		for _, subject := range subjects {
			assert.Contains(t, client.value(t, keyOf(subject)), "moved", "Save returned before the cursor was stored")
		}
	})
}

func TestFailedWriteHoldsAllReadsUntilItIsMadeGood(t *testing.T) {
	store, client := opened(t, "a", "b")
	client.fail = errStorage
	require.ErrorIs(t, store.Save(t.Context(), "a", "moved"), errStorage)
	for _, subject := range []source.Subject{"a", "b"} {
		_, err := store.Load(t.Context(), subject)
		require.ErrorIs(t, err, errStorage, "reading %s goes on although the storage takes nothing", subject)
	}

	client.fail, client.batches = nil, nil
	assert.Equal(t, source.Cursor("start"), load(t, store, "b"))
	assert.Contains(t, client.value(t, keyOf("a")), "moved", "made good by whoever reads first")
	assert.Equal(t, source.Cursor("moved"), load(t, store, "a"), "what was accepted is not read again")
	assert.Equal(t, [][]string{sorted("a")}, client.batches, "written once")
}

func TestNewerCursorIsWrittenWhenAnOlderOneIsMadeGood(t *testing.T) {
	store, client := opened(t, "a", "b")
	client.fail = errStorage
	require.Error(t, store.Save(t.Context(), "a", "second"))
	require.Error(t, store.Save(t.Context(), "a", "third"))
	client.fail = nil
	require.NoError(t, store.Save(t.Context(), "b", "second"))
	assert.Contains(t, client.value(t, keyOf("a")), "third")
	assert.Contains(t, client.value(t, keyOf("b")), "second")
}

func TestShutdownStoresWhatWasAccepted(t *testing.T) {
	store, client := opened(t, "a", "b")
	done, stop := context.WithCancel(t.Context())
	stop()
	require.NoError(t, store.Save(done, "a", "moved"))
	assert.Contains(t, client.value(t, keyOf("a")), "moved")
	assert.Equal(t, []error{nil}, client.ctxs, "the storage must not be given a context that is done")

	client.fail = errStorage
	require.Error(t, store.Save(done, "b", "moved"))
	client.fail = nil
	require.NoError(t, store.Flush(done), "the last chance before the storage is closed")
	assert.Contains(t, client.value(t, keyOf("b")), "moved")
}

func TestStorageThatFailsIsNoEmptyStorage(t *testing.T) {
	started := func(source.Subject) source.Cursor { return "now" }
	for _, test := range []struct {
		name  string
		upset func(*strict)
		mend  func(*strict)
	}{
		{"error", func(c *strict) { c.fail = errStorage }, func(c *strict) { c.fail = nil }},
		{"neither value nor error", func(c *strict) { c.mute = true }, func(c *strict) { c.mute = false }},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, client := opened(t, "a")
			client.put(t, keyOf("a"), string(encode("stored", mark)))
			store := New(client, mark)
			test.upset(client)
			for range 3 {
				rejected, err := store.Add(t.Context(), []source.Subject{"a"}, started)
				require.Error(t, err)
				require.Empty(t, rejected)
			}
			test.mend(client)
			_, err := store.Add(t.Context(), []source.Subject{"a"}, mustNotStart(t))
			require.NoError(t, err)
			assert.Equal(t, source.Cursor("stored"), load(t, store, "a"))
		})
	}
}

func TestContextDoneWhileAddingIsNoEmptyStorage(t *testing.T) {
	_, client := opened(t, "a")
	done, stop := context.WithCancel(t.Context())
	stop()
	store := New(client, mark)
	_, err := store.Add(done, []source.Subject{"a", "b"}, from("now"))
	require.ErrorIs(t, err, context.Canceled)
	assert.Empty(t, client.value(t, keyOf("b")))
}

func TestStorageEmptiedUnderARunningReceiverIsFilledAgain(t *testing.T) {
	store, client := opened(t, "a", "b")
	require.NoError(t, store.Save(t.Context(), "a", "moved"))
	client.inner = newStrict().inner // all keys expired, say

	_, err := store.Add(t.Context(), []source.Subject{"c"}, from("start"))
	require.Error(t, err, "an answer without the sentinel is not to be trusted")
	_, err = store.Add(t.Context(), []source.Subject{"c"}, from("start"))
	require.NoError(t, err, "it must heal without a restart")
	load(t, store, "c")
	assert.Contains(t, client.value(t, keyOf("a")), "moved")
	assert.Contains(t, client.value(t, keyOf("b")), "start")
	assert.Contains(t, client.value(t, keyOf("c")), "start")
}

func TestRejectedCursorIsSetAsideAndStartsAnew(t *testing.T) {
	for _, test := range []struct {
		name, value string
		want        error
	}{
		{"no JSON", `{"v":1,"f":"fing`, errUnreadable},
		{"another document", `[1,2]`, errUnreadable},
		{"null", `null`, errUnreadable},
		{"empty", ``, errUnreadable},
		{"no version", `{"f":"fingerprint","c":"x"}`, errUnreadable},
		{"version 0", `{"v":0,"f":"fingerprint","c":"x"}`, errUnreadable},
		{"no cursor", `{"v":1,"f":"fingerprint","c":""}`, errUnreadable},
		{"another type of cursor", `{"v":1,"f":"fingerprint","c":{}}`, errUnreadable},
		{"another endpoint", string(encode("x", "other")), errForeign},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, client := opened(t)
			client.put(t, keyOf("bad"), test.value)
			client.put(t, keyOf("good"), string(encode("kept", mark)))
			store := New(client, mark)
			rejected, err := store.Add(t.Context(), []source.Subject{"bad", "good"}, from("anew"))
			require.NoError(t, err)
			assert.Equal(t, []Rejected{{Subject: "bad", Reason: test.want}}, rejected)
			assert.Equal(t, source.Cursor("anew"), load(t, store, "bad"))
			assert.Equal(t, source.Cursor("kept"), load(t, store, "good"), "one bad cursor does not touch the others")
			assert.Equal(t, test.value, client.value(t, badKeyOf("bad")), "the bytes are kept for whoever looks into it")

			rejected, err = New(client, mark).Add(t.Context(), []source.Subject{"bad"}, mustNotStart(t))
			require.NoError(t, err)
			assert.Empty(t, rejected, "told once")
		})
	}
}

func TestFailedAddStoresNothingHalf(t *testing.T) {
	client := newStrict()
	store := New(client, mark)
	_, err := store.Add(t.Context(), nil, from("start")) // the sentinel
	require.NoError(t, err)
	refuse := &refusing{strict: client}
	store.client = refuse
	_, err = store.Add(t.Context(), names(3), from("first"))
	require.ErrorIs(t, err, errStorage)
	refuse.off = true
	_, err = store.Add(t.Context(), names(3), from("second"))
	require.NoError(t, err)
	assert.Equal(t, source.Cursor("second"), load(t, store, names(1)[0]), "the start that was stored, and no other")
	assert.Contains(t, client.value(t, keyOf(names(1)[0])), "second")
}

// refusing is a storage that can be read but not written.
type refusing struct {
	*strict
	off bool
}

func (r *refusing) Batch(ctx context.Context, ops ...*storage.Operation) error {
	if !r.off && ops[0].Type == storage.Set {
		return errStorage
	}
	return r.strict.Batch(ctx, ops...)
}

func TestWithoutStorageCursorsLiveInMemory(t *testing.T) {
	store := New(nil, mark)
	rejected, err := store.Add(t.Context(), []source.Subject{"a"}, from("start"))
	require.NoError(t, err)
	assert.Empty(t, rejected)
	assert.Equal(t, source.Cursor("start"), load(t, store, "a"))
	require.NoError(t, store.Save(t.Context(), "a", "moved"))
	_, err = store.Add(t.Context(), []source.Subject{"a"}, mustNotStart(t))
	require.NoError(t, err)
	assert.Equal(t, source.Cursor("moved"), load(t, store, "a"))
	assert.NoError(t, store.Flush(t.Context()))
}

func TestStorageNamesNoUser(t *testing.T) {
	user := source.Subject("auth0|5f7c8ec7c33c6c004bbafe82")
	_, client := opened(t)
	client.put(t, keyOf(user), `{`)
	store := New(client, mark)
	_, err := store.Add(t.Context(), []source.Subject{user, "jane@example.com"}, from("start"))
	require.NoError(t, err)
	require.NoError(t, store.Save(t.Context(), user, "moved"))
	require.NotEmpty(t, client.written)
	for key, value := range client.written {
		for _, secret := range []string{"auth0", "5f7c8", "jane", "example"} {
			assert.NotContains(t, key, secret)
			assert.NotContains(t, string(value), secret)
		}
	}
}

// Run with the race detector: users come, are read and saved, and the storage fails now and then.
func TestStoreIsSafeForConcurrentUse(t *testing.T) {
	subjects := names(40)
	store, client := opened(t, subjects...)
	var all sync.WaitGroup
	for i, subject := range subjects {
		all.Go(func() {
			for n := range 50 {
				cursor := source.Cursor(fmt.Sprintf("%d", n))
				if err := store.Save(t.Context(), subject, cursor); err != nil {
					assert.ErrorIs(t, err, errStorage)
				}
				if got, err := store.Load(t.Context(), subject); err == nil {
					assert.Equal(t, cursor, got)
				}
			}
		})
		all.Go(func() {
			_, err := store.Add(t.Context(), []source.Subject{source.Subject(fmt.Sprintf("new %d", i%7))}, from("start"))
			if err != nil {
				assert.True(t, errors.Is(err, errStorage) || strings.Contains(err.Error(), "relied on"), err)
			}
			client.set(func() { client.fail = errStorage })
			client.set(func() { client.fail = nil })
		})
	}
	all.Wait()
	require.NoError(t, store.Flush(t.Context()))
	for _, subject := range subjects {
		assert.Contains(t, client.value(t, keyOf(subject)), `"c":"49"`)
	}
}
