package auth0

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"runtime"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// manyEntries are n entries of as many users, from the first on: one a millisecond, and dated up to five seconds before
// they arrive.
func manyEntries(first, n, users int) []json.RawMessage {
	random := rand.New(rand.NewPCG(1, uint64(first)))
	out := make([]json.RawMessage, n)
	for i := range out {
		k := first + i
		date := day.Add(time.Duration(k-random.IntN(5000)) * time.Millisecond)
		out[i] = json.RawMessage(fmt.Sprintf(`{"log_id":"900%053d","date":%q,"user_id":"auth0|%024d"}`, k, date.Format(timeFormat), k%users))
	}
	return out
}

func TestEntriesOfManyUsersCostLittleMoreThanTheirBytes(t *testing.T) {
	const entries, users, batch = 100_000, 10_000, 20_000
	tenant := New(Options{Now: func() time.Time { return day }})
	size, before := 0, heap()
	for first := 0; first < entries; first += batch {
		list := manyEntries(first, batch, users)
		for _, raw := range list {
			size += len(raw)
		}
		require.NoError(t, tenant.Replay("", list))
	}
	each := (int64(heap()-before) - int64(size)) / entries
	assert.Less(t, each, int64(300), "bytes beside those of an entry, a tenth of a user among them")
	assert.Len(t, tenant.Users(), users)
	assert.Len(t, tenant.Entries(fmt.Sprintf("auth0|%024d", 7)), entries/users)
	assert.Len(t, tenant.Entries(""), entries)
}

// heap is the memory in use.
func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// BenchmarkReplay publishes entries in batches of 10,000, which are late in part: the cost of one must not grow with their
// number.
func BenchmarkReplay(b *testing.B) {
	for _, n := range []int{10_000, 100_000, 1_000_000} {
		b.Run(strconv.Itoa(n), func(b *testing.B) {
			for b.Loop() {
				tenant := New(Options{})
				for first := 0; first < n; first += 10_000 {
					b.StopTimer()
					list := manyEntries(first, 10_000, n/10)
					b.StartTimer()
					require.NoError(b, tenant.Replay("", list))
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/entry")
		})
	}
}

// BenchmarkUserSearch asks for a page in the middle of a hundred thousand users.
func BenchmarkUserSearch(b *testing.B) {
	tenant := New(Options{})
	users := make([]User, 100_000)
	for i := range users {
		users[i] = User{ID: fmt.Sprintf("auth0|%024d", i), CreatedAt: day.Add(time.Duration(i) * time.Second)}
	}
	tenant.AddUser(users...)
	q := "q=created_at:%5B" + day.Add(50_000*time.Second).Format(timeFormat) + "%20TO%20*%5D"
	for b.Loop() {
		a := serve(tenant, "/api/v2/users?include_totals=true&per_page=100&page=9&sort=created_at:1&fields=user_id&"+q)
		require.Equal(b, http.StatusOK, a.Code)
	}
}
