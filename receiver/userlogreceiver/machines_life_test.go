package userlogreceiver

import (
	"errors"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/extension/xextension/storage"

	"github.com/userlog/userlog-otel/internal/sharedstore"
	"github.com/userlog/userlog-otel/receiver/userlogreceiver/internal/metadata"
)

// A whole life of every system in a storage that takes no more than the strictest one and fails in the middle of batches:
// a first read, a restart, cursors that cannot be read, and a time in which every fourth operation fails.
func TestLifeInTheStrictestStorage(t *testing.T) {
	for _, s := range sites(t, 12) {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			f := newFleet(t, s)
			f.write(60)
			first := f.start("first", nil)
			f.eventually(f.complete, "a first read")
			first.stop()

			f.write(30)
			second := f.start("second", nil)
			f.eventually(f.complete, "it goes on")
			f.cycles(2)
			second.stop()
			for uid, arrivals := range f.byUID() {
				require.Len(t, arrivals, 1, uid)
			}

			f.spoil()
			f.store.Fail(failing())
			third := f.start("third", nil)
			for range 10 {
				f.write(10)
				f.cycles(1)
			}
			f.store.Fail(nil)
			f.eventually(f.complete, "nothing is lost by what failed")
			f.cycles(2)
			third.stop()
			assert.Empty(t, f.store.Refusals())
			assert.Positive(t, third.said("stored cursors are set aside"))
		})
	}
}

// spoil writes over one cursor.
func (f *fleet) spoil() {
	f.Helper()
	id := component.NewID(metadata.Type)
	client, err := sharedstore.NewExtension(f.store).GetClient(f.Context(), component.KindReceiver, id, "")
	require.NoError(f, err)
	for key := range f.store.Content(id) {
		if strings.HasPrefix(key, "/v1/cursor/") {
			require.NoError(f, client.Set(f.Context(), key, []byte("moved by hand")))
			return
		}
	}
	require.FailNow(f, "no cursor is stored")
}

// failing fails one operation in four.
func failing() func(*storage.Operation) error {
	var mu sync.Mutex
	random := rand.New(rand.NewPCG(1, 2))
	return func(*storage.Operation) error {
		mu.Lock()
		defer mu.Unlock()
		if random.IntN(4) == 0 {
			return errors.New("the connection is gone")
		}
		return nil
	}
}
