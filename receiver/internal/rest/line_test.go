package rest

import (
	"context"
	"math"
	"math/rand/v2"
	"net/http"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
)

// numbered is a request with a number.
func numbered(i int) Request { return Request{Op: "GET /{i}", Path: "/" + strconv.Itoa(i)} }

// allowing is an API that allows so many requests in ten seconds, and remembers when their numbers came.
type allowing struct {
	limit int
	mu    sync.Mutex
	end   time.Time
	left  int
	sent  map[int]time.Time
}

func (a *allowing) RoundTrip(req *http.Request) (*http.Response, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	now := time.Now()
	if !now.Before(a.end) {
		a.end, a.left = now.Truncate(10*time.Second).Add(10*time.Second), a.limit
	}
	a.left--
	i, err := strconv.Atoi(req.URL.Path[1:])
	a.sent[i] = now
	return answer(req, http.StatusOK, "X-RateLimit-Limit: "+strconv.Itoa(a.limit), "X-RateLimit-Remaining: "+strconv.Itoa(a.left),
		"X-RateLimit-Reset: "+unix(a.end)), err
}

// Whatever holds them, and whichever client of the budget they are of.
func TestWaitingRequestsAreServedInTheOrderInWhichTheyCame(t *testing.T) {
	const requests = 40
	for name, c := range map[string]struct {
		clients int
		ceiling float64
		limit   int
	}{
		"for the window":                 {1, 0, 5},
		"for the window, of two clients": {2, 0, 5},
		"for our own ceiling":            {1, 3, 1000},
		"for both":                       {1, 1, 5},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				thisCentury()
				api := &allowing{limit: c.limit, sent: map[int]time.Time{}}
				clients := sharing(t, api.RoundTrip, func(_ int, s *Settings) { s.RequestsPerSecond = c.ceiling })
				var callers sync.WaitGroup
				for i := range requests {
					callers.Go(func() { _, _ = clients[i%c.clients].Get(t.Context(), numbered(i)) })
					synctest.Wait()
					time.Sleep(time.Millisecond)
				}
				callers.Wait()
				assert.Len(t, api.sent, requests)
				for i := 1; i < requests; i++ {
					assert.False(t, api.sent[i].Before(api.sent[i-1]), "%d passed the one before it", i)
				}
			})
		})
	}
}

// Twelve users ask again as soon as they have their answer, eight of one client and four of another. Nobody who waits is
// passed by anybody.
func TestNoUserStarvesWhileOthersGoOn(t *testing.T) {
	const users = 12
	for seed := range uint64(5) {
		synctest.Test(t, func(t *testing.T) {
			thisCentury()
			api := &bucket{
				limit: 10, window: 2 * time.Second, reset: epochUp, slowest: 100 * time.Millisecond,
				random: rand.New(rand.NewPCG(seed, 0)), leastLeft: math.MaxInt,
			}
			var mu sync.Mutex
			var sent []time.Time
			var asked [users]time.Time
			most := 0
			clients := sharing(t, func(req *http.Request) (*http.Response, error) {
				i, err := strconv.Atoi(req.URL.Path[1:])
				if err != nil {
					return nil, err
				}
				mu.Lock()
				now, passed := time.Now(), 0
				for _, at := range sent {
					if at.After(asked[i]) && at.Before(now) {
						passed++
					}
				}
				most, sent = max(most, passed), append(sent, now)
				mu.Unlock()
				return api.RoundTrip(req)
			}, nil)
			ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
			defer cancel()
			var callers sync.WaitGroup
			for i := range users {
				callers.Go(func() {
					for ctx.Err() == nil {
						asked[i] = time.Now() // nothing of this user is under way that reads it
						_, _ = clients[i/8].Get(ctx, numbered(i))
					}
				})
			}
			callers.Wait()
			assert.LessOrEqual(t, most, users-1, "seed %d: requests that went while another one waited", seed)
			assert.GreaterOrEqual(t, len(sent), 500)
		})
	}
}

// Who gives up while it waits lets those behind it go at once.
func TestWhoGivesUpLeavesTheLine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		thisCentury()
		api := &allowing{limit: 5, sent: map[int]time.Time{}}
		clients := sharing(t, api.RoundTrip, nil)
		const used = 4
		for i := range used {
			_, _ = clients[0].Get(t.Context(), numbered(i))
		}
		impatient, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		var callers sync.WaitGroup
		for i := range used {
			ctx := t.Context()
			if i%2 == 0 {
				ctx = impatient
			}
			callers.Go(func() { _, _ = clients[i/2].Get(ctx, numbered(used+i)) })
			synctest.Wait()
		}
		began := time.Now()
		callers.Wait()
		assert.Len(t, api.sent, used+2)
		assert.NotContains(t, api.sent, used)
		assert.NotContains(t, api.sent, used+2)
		assert.LessOrEqual(t, time.Since(began), 11*time.Second, "both in the next window")
		assert.Empty(t, clients[0].limit.line)
	})
}
