package checkpoint

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"testing"
	"time"

	"github.com/open-telemetry/opentelemetry-collector-contrib/extension/storage/storagetest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/extension/xextension/storage"

	"github.com/userlog/userlog-otel/receiver/internal/source"
)

const many = 100_000

// begun and idle are cursors of Auth0: of a user in whose log nothing was found yet, and of one who was seen with a few
// entries once and is idle since.
const begun source.Cursor = `{"s":1762509630456}`

func idle(i int) source.Cursor {
	mark := "0123456789abcdef" + "0t5cq2h"
	return source.Cursor(fmt.Sprintf(`{"w":%d,"f":%d,"r":"%s%s%s"}`, 1762509630456+i, 1762509030456+i, mark, mark, mark))
}

func TestManySubjectsAreLoadedAndStoredByTheThousand(t *testing.T) {
	client := newStrict()
	store := New(client, mark)
	subjects := names(many)
	_, err := store.Add(t.Context(), subjects, from("start"))
	require.NoError(t, err)
	require.Len(t, client.batches, 2*many/batchSize, "half of them to read, half to write")
	for i, batch := range client.batches {
		assert.LessOrEqual(t, len(batch), batchSize+1, "batch %d", i)
	}
	assert.LessOrEqual(t, client.singles, 2, "the sentinel")
	assert.Equal(t, source.Cursor("start"), load(t, store, subjects[many-1]))

	client.batches = nil
	store = New(client, mark)
	_, err = store.Add(t.Context(), subjects, mustNotStart(t))
	require.NoError(t, err)
	assert.Len(t, client.batches, many/batchSize, "only reads after a restart")
	other := slices.DeleteFunc(subjects, func(subject source.Subject) bool {
		cursor, known := store.Cursor(subject)
		return known && cursor == "start"
	})
	assert.Empty(t, other)
}

// The file storage would write its file again and again: a batch in any order touches nearly every page.
func TestBatchesOfNewSubjectsAreInTheOrderOfTheirKeys(t *testing.T) {
	client := newStrict()
	store := New(client, mark)
	subjects := names(3*batchSize + 1)
	_, err := store.Add(t.Context(), subjects, from("start"))
	require.NoError(t, err)
	var keys []string
	for _, batch := range client.batches {
		if !slices.Contains(batch, sentinelKey) { // which only those that read have
			keys = append(keys, batch...)
		}
	}
	assert.Equal(t, sorted(subjects...), keys)
}

// With its pages, which are half empty, the file storage makes at most 350 bytes of this.
func TestStoredCursorOfAnIdleUserIsSmall(t *testing.T) {
	client := newStrict()
	store := New(client, Fingerprint("auth0", "users", "https://acme.eu.auth0.com"))
	subjects := names(1000)
	perUser := func() (bytes int) {
		delete(client.written, sentinelKey)
		for key, value := range client.written {
			bytes += len(key) + len(value)
		}
		require.Len(t, client.written, len(subjects))
		return bytes / len(subjects)
	}
	_, err := store.Add(t.Context(), subjects, from(begun))
	require.NoError(t, err)
	assert.LessOrEqual(t, perUser(), 90)
	for i, subject := range subjects {
		require.NoError(t, store.Save(t.Context(), subject, idle(i)))
	}
	assert.LessOrEqual(t, perUser(), 190)
}

// forgetful is a storage that is new whenever it is asked, and keeps nothing in memory.
type forgetful struct{ storage.Client }

func (forgetful) Get(context.Context, string) ([]byte, error) { return []byte(sentinelValue), nil }

func (forgetful) Batch(_ context.Context, ops ...*storage.Operation) error {
	for _, op := range ops {
		if op.Key == sentinelKey {
			op.Value = []byte(sentinelValue)
		}
	}
	return nil
}

func inUse() int {
	var m runtime.MemStats
	for range 2 {
		runtime.GC()
	}
	runtime.ReadMemStats(&m)
	return int(m.HeapAlloc)
}

// What a log costs that waits: its name is held by the list of users anyway.
func TestCursorCostsLittleMemory(t *testing.T) {
	const text, place = 128, 56 // of a cursor; in the map, with what of it is empty at that number
	subjects := names(many)
	before := inUse()
	store := New(forgetful{}, mark)
	perLog := func() int { return (inUse() - before) / many }
	i := 0
	_, err := store.Add(t.Context(), subjects, func(source.Subject) source.Cursor { i++; return idle(i) })
	require.NoError(t, err)
	bytes := perLog()
	t.Logf("%d bytes a log", bytes)
	assert.LessOrEqual(t, bytes, text+place)

	store.storeAll() // as after a storage was emptied
	require.NoError(t, store.flush(t.Context(), time.Hour))
	assert.InDelta(t, bytes, perLog(), 1, "what is to be stored is kept although it is stored")
	runtime.KeepAlive(subjects)
	runtime.KeepAlive(store)
}

func BenchmarkAdd100k(b *testing.B) {
	subjects := names(many)
	for name, client := range map[string]func() storage.Client{
		"new":    func() storage.Client { return forgetful{} },
		"stored": func() storage.Client { return filled(b, subjects) },
	} {
		b.Run(name, func(b *testing.B) {
			client := client()
			for b.Loop() {
				if _, err := New(client, mark).Add(b.Context(), subjects, from(begun)); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/many, "ns/log")
		})
	}
}

// filled is a storage in memory that holds the cursors of the subjects.
func filled(b *testing.B, subjects []source.Subject) storage.Client {
	client := storagetest.NewInMemoryClient(component.KindReceiver, component.MustNewID("user_log"), "")
	_, err := New(client, mark).Add(b.Context(), subjects, from(begun))
	require.NoError(b, err)
	return client
}
