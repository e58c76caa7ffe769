package userlogreceiver

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/extension/xextension/storage"

	"github.com/userlog/userlog-otel/receiver/internal/checkpoint"
	"github.com/userlog/userlog-otel/receiver/internal/claim"
	"github.com/userlog/userlog-otel/receiver/internal/provider/auth0"
	"github.com/userlog/userlog-otel/receiver/internal/source"
	"github.com/userlog/userlog-otel/receiver/internal/userlist"
)

// usersFile is a users_file with so many ids of Auth0, of 30 characters.
func usersFile(t *testing.T, users int) string {
	t.Helper()
	var ids strings.Builder
	for i := range users {
		fmt.Fprintf(&ids, "auth0|63d1c0ffee63d1c0%08x\n", i)
	}
	path := filepath.Join(t.TempDir(), "users")
	require.NoError(t, os.WriteFile(path, []byte(ids.String()), 0o600))
	return path
}

// elsewhere is a storage that keeps nothing in this process. It holds cursors as its function makes them, if there is one.
type elsewhere struct {
	storage.Client
	holds   func() source.Cursor
	batches *atomic.Int64
}

func (elsewhere) Get(context.Context, string) ([]byte, error) { return []byte("there"), nil }

func (e elsewhere) Batch(_ context.Context, ops ...*storage.Operation) error {
	e.batches.Add(1)
	for _, op := range ops {
		switch {
		case op.Type != storage.Get:
		case !strings.Contains(op.Key, "/cursor/"):
			op.Value = []byte("there")
		case e.holds != nil:
			op.Value = fmt.Appendf(nil, `{"v":1,"f":%q,"c":%q}`, checkpoint.Fingerprint(), e.holds())
		}
	}
	return nil
}

// afterEntries makes cursors of logs of Auth0 in which so many entries were found within a few minutes, and none since.
func afterEntries(entries int) func() source.Cursor {
	var n atomic.Int64
	return func() source.Cursor {
		at := time.UnixMilli(1762509630456 + n.Add(1))
		c := claim.Claim{Newest: at, Floor: at.Add(-10 * time.Minute), Seen: map[claim.Mark]int64{}}
		for i := range entries {
			c.Seen[claim.MarkOf(fmt.Sprintf("%d of %v", i, at))] = claim.Stamp(at)
		}
		text, _ := json.Marshal(c.Text()) // of numbers and plain text: cannot fail
		return source.Cursor(text)
	}
}

func inUse() int {
	var m runtime.MemStats
	for range 2 {
		runtime.GC()
	}
	runtime.ReadMemStats(&m)
	return int(m.HeapAlloc)
}

// TestIdleUserCostsAtMost300Bytes counts all that a receiver keeps of a user whose log was read and holds nothing new:
// the id, its place in the list, in the schedule and among the cursors, and the cursor.
func TestIdleUserCostsAtMost300Bytes(t *testing.T) {
	if raced {
		t.Skip("the race detector takes memory of its own")
	}
	const users = 100_000
	for _, test := range []struct {
		name    string
		holds   func() source.Cursor
		batches int64
		most    int
	}{
		{"in whose log nothing was ever found", nil, 200, 250},
		{"who logged in once, before a restart", afterEntries(2), 100, 300},
	} {
		t.Run(test.name, func(t *testing.T) {
			path := usersFile(t, users)
			synctest.Test(t, func(t *testing.T) {
				before := inUse()
				p := apart(t, keys{"collection_interval": "1m"}, accepts)
				var reads, batches atomic.Int64
				p.runs(t, provided{
					lister: userlist.New(nil, path), reader: idleLog{&reads}, window: auth0.MaxResults,
				}, elsewhere{holds: test.holds, batches: &batches})
				time.Sleep(150 * time.Second)
				synctest.Wait()
				bytes := (inUse() - before) / users
				t.Logf("%d bytes a user after %d reads", bytes, reads.Load())
				assert.LessOrEqual(t, bytes, test.most)
				assert.GreaterOrEqual(t, reads.Load(), int64(2*users))
				assert.Equal(t, test.batches, batches.Load(), "a thousand users in each")
				require.NoError(t, p.Shutdown(t.Context()))
			})
		})
	}
}

// idleLog reads logs of Auth0 in which nothing is new, and counts the reads.
type idleLog struct{ reads *atomic.Int64 }

func (idleLog) Start(from time.Time) source.Cursor { return auth0.New(auth0.Settings{}).Start(from) }

func (l idleLog) Read(_ context.Context, _ source.Subject, after source.Cursor) iter.Seq2[source.Batch, error] {
	l.reads.Add(1)
	return func(yield func(source.Batch, error) bool) { yield(source.Batch{Cursor: after}, nil) }
}
