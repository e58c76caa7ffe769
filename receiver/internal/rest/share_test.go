package rest

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
)

// shards are clients of one API in as many collectors: none knows of the others.
func shards(t *testing.T, n int, api answering, perSecond float64) []*Client {
	clients := make([]*Client, n)
	for i := range clients {
		clients[i] = inMemory(t, api, func(s *Settings) { s.Shards, s.RequestsPerSecond = n, perSecond })
	}
	return clients
}

// rushes lets all shards ask for a while, each with a crowd of eight that now and then rests: whoever comes back knows
// only what was left before.
func rushes(t *testing.T, clients []*Client, d time.Duration) {
	ctx, cancel := context.WithTimeout(t.Context(), d)
	defer cancel()
	var all sync.WaitGroup
	for i, client := range clients {
		all.Go(func() {
			random := rand.New(rand.NewPCG(1, uint64(i)))
			for ctx.Err() == nil {
				busy, stop := context.WithTimeout(ctx, time.Duration(random.Int64N(int64(20*time.Second))))
				crowd(busy, 8, client).Wait()
				stop()
				pause(ctx, time.Duration(random.Int64N(int64(10*time.Second))))
			}
		})
	}
	all.Wait()
}

func pause(ctx context.Context, d time.Duration) {
	ctx, cancel := context.WithTimeout(ctx, d)
	defer cancel()
	<-ctx.Done()
}

func TestShardsTogetherLeaveTheReserve(t *testing.T) {
	for _, c := range []struct {
		limit, shards int
		window        time.Duration
	}{
		{10, 2, time.Second},
		{50, 4, time.Second},
		{100, 7, 10 * time.Second},
		{600, 4, time.Minute},
		{600, 20, time.Minute},
	} {
		t.Run(fmt.Sprintf("%d in %v, %d shards", c.limit, c.window, c.shards), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				api := &bucket{
					limit: c.limit, window: c.window, reset: epochUp, slowest: 100 * time.Millisecond,
					random: rand.New(rand.NewPCG(1, 2)), leastLeft: math.MaxInt,
				}
				thisCentury()
				const windows = 20
				rushes(t, shards(t, c.shards, api.RoundTrip, 0), windows*c.window)
				assert.GreaterOrEqual(t, api.leastLeft, c.limit/5)
				assert.Zero(t, api.refused)
				assert.Greater(t, api.taken, windows*c.limit*8/10/4, "their part is used")
			})
		})
	}
}

func TestShardsTogetherLeaveTheReserveOfABucket(t *testing.T) {
	for _, n := range []int{2, 4, 7} {
		t.Run(fmt.Sprintf("%d shards", n), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				const size, cost, minutes = 600, 20, 5
				slowest := 50 * time.Millisecond
				api := newCanvas(size, cost, slowest)
				clients := shards(t, n, api.RoundTrip, 0)
				ctx, cancel := context.WithTimeout(t.Context(), minutes*time.Minute)
				defer cancel()
				var all sync.WaitGroup
				for _, client := range clients {
					all.Go(func() { crowd(ctx, 1, client).Wait() }) // as is usual for Canvas
				}
				all.Wait()
				assert.Zero(t, api.refused)
				assert.GreaterOrEqual(t, api.leastLeft, 0.2*(size-cost)-10*float64(n)*slowest.Seconds())
				assert.Greater(t, float64(api.taken), 0.75*10/cost*minutes*60, "what leaks is used")
			})
		})
	}
}

func TestShardsTogetherKeepTheCeiling(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		asked := 0
		api := func(req *http.Request) (*http.Response, error) {
			mu.Lock()
			defer mu.Unlock()
			asked++
			return answer(req, http.StatusOK), nil
		}
		rushes(t, shards(t, 4, api, 10), time.Minute)
		assert.LessOrEqual(t, asked, 10*60+4)
		assert.Greater(t, asked, 10*60/3)
	})
}

// One request of a window is each shard's, or it would never read: where they are more than the limit has, the API refuses
// some, and each of them still gets on.
func TestMoreShardsThanRequestsAllGetOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api := &bucket{
			limit: 5, window: time.Second, reset: epochUp, slowest: 100 * time.Millisecond,
			random: rand.New(rand.NewPCG(1, 2)), leastLeft: math.MaxInt,
		}
		thisCentury()
		const n, minutes = 20, 10
		var got [n]int
		all := make([]*Client, n)
		for i := range all {
			count := func(req *http.Request) (*http.Response, error) {
				resp, err := api.RoundTrip(req)
				if err == nil && resp.StatusCode == http.StatusOK {
					got[i]++ // its client has one request under way
				}
				return resp, err
			}
			all[i] = inMemory(t, count, func(s *Settings) { s.Shards = n })
		}
		ctx, cancel := context.WithTimeout(t.Context(), minutes*time.Minute)
		defer cancel()
		var running sync.WaitGroup
		for _, client := range all {
			running.Go(func() { crowd(ctx, 1, client).Wait() })
		}
		running.Wait()
		for i, n := range got {
			assert.Greater(t, n, minutes, "shard %d", i)
		}
		assert.Positive(t, api.refused)
	})
}
