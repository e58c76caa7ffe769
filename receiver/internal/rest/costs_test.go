package rest

import (
	"context"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"net/http"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// canvas is an API that counts what requests cost, as Canvas does (app/middleware/request_throttle.rb).
type canvas struct {
	size float64
	cost float64 // of a request
	// others is what other clients spend in a second.
	others float64
	// slowest is the longest time that a request, its work, or its answer takes.
	slowest time.Duration

	mu        sync.Mutex
	random    *rand.Rand
	count     float64 // what is in the bucket
	at        time.Time
	taken     int
	refused   int
	leastLeft float64
}

func newCanvas(size, cost float64, slowest time.Duration) *canvas {
	return &canvas{size: size, cost: cost, slowest: slowest, random: rand.New(rand.NewPCG(1, 2)), at: time.Now(), leastLeft: size}
}

func (c *canvas) RoundTrip(req *http.Request) (*http.Response, error) {
	const upFront = 50
	if err := pass(req, c.latency()); err != nil {
		return nil, err
	}
	if c.admit(upFront) {
		return answer(req, http.StatusForbidden, "Content-Type: text/plain", remaining(c.add(-upFront))), nil
	}
	if err := pass(req, c.latency()); err != nil {
		return nil, err
	}
	left := c.add(c.cost - upFront)
	if err := pass(req, c.latency()); err != nil {
		return nil, err
	}
	return answer(req, http.StatusOK, "X-Request-Cost: "+float(c.cost), remaining(left)), nil
}

func float(f float64) string        { return strconv.FormatFloat(f, 'f', -1, 64) }
func remaining(left float64) string { return "X-Rate-Limit-Remaining: " + float(left) }

func (c *canvas) latency() time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	return time.Millisecond + time.Duration(c.random.Int64N(int64(c.slowest)))
}

// add puts something into the bucket, and returns what is left.
func (c *canvas) add(amount float64) float64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := time.Now()
	leaked := (10 - c.others) * now.Sub(c.at).Seconds()
	c.count = max(0, min(max(0, c.count-leaked)+amount, c.size+200))
	c.at = now
	left := c.size - c.count
	c.leastLeft = min(c.leastLeft, left)
	return left
}

// admit charges a request, and tells whether it is refused for that.
func (c *canvas) admit(charge float64) (refused bool) {
	refused = c.add(charge) <= 0
	c.mu.Lock()
	defer c.mu.Unlock()
	if refused {
		c.refused++
	} else {
		c.taken++
	}
	return refused
}

// The bucket is emptied down to the reserve, and no further; and it is.
func TestBucketIsNeverRunDownToItsReserve(t *testing.T) {
	const minutes = 2
	for _, size := range []float64{600, 100, 60} {
		for _, reserve := range []float64{0, 0.2, 0.9} {
			for _, cost := range []float64{0.5, 20, 90} {
				for _, slowest := range []time.Duration{time.Millisecond, 50 * time.Millisecond, 300 * time.Millisecond} {
					t.Run(fmt.Sprintf("%v, reserve %v, cost %v, %v", size, reserve, cost, slowest), func(t *testing.T) {
						synctest.Test(t, func(t *testing.T) {
							api := newCanvas(size, cost, slowest)
							rush(t, api.RoundTrip, reserve, minutes*time.Minute)
							assert.Zero(t, api.refused, "requests refused with 403")

							// No answer tells more than what is left after the cheapest request.
							seen, charge := max(size-cost, 50), max(50, cost)
							kept := min(reserve*seen, seen-charge)
							assert.GreaterOrEqual(t, api.leastLeft, kept-10*slowest.Seconds()-1e-6, "the reserve")

							together := max(1, min(8, math.Floor((seen-kept)/charge)))
							rate := min(10/cost, together/(1.5*(slowest+2*time.Millisecond).Seconds()))
							assert.GreaterOrEqual(t, float64(api.taken), 0.75*rate*minutes*60, "the budget is used")
						})
					})
				}
			}
		}
	}
}

// Others with the same token are seen in every answer, and what they leave is ours.
func TestBucketThatOthersEmptyToo(t *testing.T) {
	for _, c := range []struct{ others, taken, left float64 }{
		// What they take while we wait for a bucket that fills shows in our next answer only.
		{others: 0, taken: 10 * 60, left: 119 - 5},
		{others: 5, taken: 5 * 60, left: 100},
		{others: 8, taken: 2 * 60, left: 80},
		{others: 9.5, taken: 30, left: 20},
	} {
		t.Run(float(c.others), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				api := newCanvas(600, 5, 50*time.Millisecond)
				api.others = c.others
				rush(t, api.RoundTrip, 0.2, 5*time.Minute)
				assert.Zero(t, api.refused)
				assert.GreaterOrEqual(t, float64(api.taken), c.taken)
				assert.GreaterOrEqual(t, api.leastLeft, c.left)
			})
		})
	}
}

// A rest of an hour fills the bucket, and no more.
func TestFullBucketIsNotFullerAfterALongRest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var sent atomic.Int32
		client := inMemory(t, func(req *http.Request) (*http.Response, error) {
			if sent.Add(1) > 1 {
				_ = pass(req, time.Second)
			}
			return answer(req, http.StatusOK, "X-Request-Cost: 1", remaining(600)), nil
		}, nil)
		_, err := client.Get(t.Context(), userLogs)
		require.NoError(t, err)
		time.Sleep(time.Hour)
		ctx, cancel := context.WithTimeout(t.Context(), 500*time.Millisecond)
		defer cancel()
		crowd(ctx, 20, client).Wait()
		assert.EqualValues(t, 1+9, sent.Load(), "of 600, 120 are the reserve, and 50 are charged for each")
	})
}

// What a request that hangs is charged leaks away, there as here.
func TestRequestThatHangsDoesNotBlockTheBucket(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const timeout = 30 * time.Second
		api := newCanvas(100, 1, 10*time.Millisecond)
		var longest atomic.Int64
		client := inMemory(t, func(req *http.Request) (*http.Response, error) {
			if req.URL.Path == "/hangs" {
				api.add(50)
				return nil, pass(req, time.Hour)
			}
			return api.RoundTrip(req)
		}, func(s *Settings) { s.HTTP.Timeout = timeout })
		ctx, cancel := context.WithTimeout(t.Context(), 10*timeout)
		defer cancel()
		var users sync.WaitGroup
		ask := func(path string, asked func(time.Duration)) {
			for ctx.Err() == nil {
				began := time.Now()
				_, _ = client.Get(ctx, Request{Op: "GET", Path: path})
				asked(time.Since(began))
			}
		}
		_, err := client.Get(ctx, Request{Op: "GET", Path: "/answers"})
		require.NoError(t, err)
		users.Go(func() { ask("/hangs", func(time.Duration) {}) })
		users.Go(func() { ask("/answers", func(took time.Duration) { longest.Store(max(longest.Load(), int64(took))) }) })
		users.Wait()
		assert.LessOrEqual(t, time.Duration(longest.Load()), 5200*time.Millisecond)
		assert.Zero(t, api.refused)
	})
}

// Of requests that fail nobody says what they cost.
func TestRequestThatFailedKeepsItsCharge(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var sent atomic.Int32
		client := inMemory(t, func(req *http.Request) (*http.Response, error) {
			if sent.Add(1) == 1 {
				return answer(req, http.StatusOK, "X-Request-Cost: 1", remaining(600)), nil
			}
			_ = pass(req, time.Millisecond)
			return nil, io.ErrClosedPipe
		}, nil)
		ctx, cancel := context.WithTimeout(t.Context(), 500*time.Millisecond)
		defer cancel()
		crowd(ctx, 8, client).Wait()
		assert.EqualValues(t, 1+9, sent.Load(), "from 600 to 150, of which 120 are the reserve")
	})
}

// APIs that count requests call what is left by the same name.
func TestRemainingWithoutACostIsNoBucket(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var sent atomic.Int32
		client := inMemory(t, func(req *http.Request) (*http.Response, error) {
			sent.Add(1)
			if err := pass(req, 100*time.Millisecond); err != nil {
				return nil, err
			}
			return answer(req, http.StatusOK, "X-Rate-Limit-Limit: 15", remaining(3)), nil
		}, nil)
		ctx, cancel := context.WithTimeout(t.Context(), 1050*time.Millisecond)
		defer cancel()
		crowd(ctx, 8, client).Wait()
		assert.EqualValues(t, 1+8*10, sent.Load())
	})
}

// A bucket that says always the same, however little, lets requests go.
func TestBucketThatIsAlwaysLow(t *testing.T) {
	for left, every := range map[float64]time.Duration{
		60: 0, 49: 100 * time.Millisecond, 3: 4700 * time.Millisecond, 0: 5 * time.Second, -200: 25 * time.Second,
		-mostLeft: MaxPause,
	} {
		t.Run(float(left), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				client := inMemory(t, func(req *http.Request) (*http.Response, error) {
					return answer(req, http.StatusOK, "X-Request-Cost: 0.1", remaining(left)), nil
				}, nil)
				began := time.Now()
				for range 5 {
					_, err := client.Get(t.Context(), userLogs)
					require.NoError(t, err)
				}
				assert.InDelta(t, (4 * every).Seconds(), time.Since(began).Seconds(), 1e-3)
			})
		})
	}
}

// A refusal says how little is left, and so how long it makes sense to wait.
func TestPauseIsAsLongAsTheBucketNeeds(t *testing.T) {
	for name, c := range map[string]struct {
		refusal []string
		want    time.Duration
	}{
		"nothing is left":             {[]string{remaining(0)}, 17 * time.Second},
		"more is in than fits":        {[]string{remaining(-30)}, 20 * time.Second},
		"the API knows better":        {[]string{remaining(0), "Retry-After: 60"}, time.Minute},
		"it says less than is needed": {[]string{remaining(0), "Retry-After: 2"}, 17 * time.Second},
		"enough is left":              {[]string{remaining(400), "Retry-After: 2"}, 2 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				observer := &seen{}
				var sent []time.Time
				client := inMemory(t, func(req *http.Request) (*http.Response, error) {
					if sent = append(sent, time.Now()); len(sent) == 2 {
						return answer(req, http.StatusForbidden, c.refusal...), nil
					}
					return answer(req, http.StatusOK, "X-Request-Cost: 1", remaining(600)), nil
				}, func(s *Settings) { s.Observer = observer })
				for range 2 {
					_, err := client.Get(t.Context(), userLogs)
					require.NoError(t, err)
				}
				require.Len(t, sent, 3)
				pause := sent[2].Sub(sent[1])
				assert.GreaterOrEqual(t, pause, c.want)
				assert.LessOrEqual(t, pause, c.want+c.want/10)
				assert.Equal(t, []time.Duration{pause}, observer.throttled, "one wait, told at once")
			})
		})
	}
}

// What our own requests are charged while they are under way is no wait for the API: it ends when they do.
func TestOwnRequestsUnderWayAreNotToldAsAWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		observer := &seen{}
		var sent atomic.Int32
		client := inMemory(t, func(req *http.Request) (*http.Response, error) {
			if sent.Add(1) > 1 {
				if err := pass(req, 15*time.Second); err != nil {
					return nil, err
				}
			}
			return answer(req, http.StatusOK, "X-Request-Cost: 290", remaining(600)), nil
		}, func(s *Settings) { s.Observer = observer })
		_, err := client.Get(t.Context(), userLogs)
		require.NoError(t, err)
		var both sync.WaitGroup
		for range 2 {
			both.Go(func() { _, _ = client.Get(t.Context(), userLogs) })
		}
		both.Wait()
		assert.Empty(t, observer.throttled)
		assert.Equal(t, 10*time.Second, total(observer.waited), "until 310 that are left are 410 again")
	})
}
