package rest

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// sharing makes two clients of one budget, whose requests end in a function.
func sharing(t *testing.T, api answering, change func(i int, s *Settings)) [2]*Client {
	t.Helper()
	budgets := NewBudgets()
	var clients [2]*Client
	for i := range clients {
		budget, giveBack := budgets.Share("tenant")
		t.Cleanup(giveBack)
		clients[i] = inMemory(t, api, func(s *Settings) {
			s.Budget = budget
			if change != nil {
				change(i, s)
			}
		})
	}
	return clients
}

// metered counts the requests that a client sends.
func metered(n *atomic.Int64, next answering) answering {
	return func(req *http.Request) (*http.Response, error) {
		n.Add(1)
		return next(req)
	}
}

// together lets crowds of four ask through each of two clients for a while, after one request that goes alone.
func together(t *testing.T, clients [2]*Client, d time.Duration) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), d)
	defer cancel()
	_, err := clients[0].Get(ctx, userLogs)
	require.NoError(t, err)
	first, second := crowd(ctx, 4, clients[0]), crowd(ctx, 4, clients[1])
	first.Wait()
	second.Wait()
}

// The windows of the API tell: what two clients spend side by side leaves the smaller reserve alone, and is spent.
func TestClientsOfABudgetNeverSpendTheReserveTogether(t *testing.T) {
	const windows = 40
	for _, c := range []struct {
		limit    int
		window   time.Duration
		reserves [2]float64
		ceiling  float64 // of the second client
		slowest  time.Duration
	}{
		{limit: 10, window: time.Second, reserves: [2]float64{0.2, 0.2}, slowest: 50 * time.Millisecond},
		{limit: 10, window: 10 * time.Second, reserves: [2]float64{0.2, 0.2}, slowest: 150 * time.Millisecond},
		{limit: 100, window: time.Minute, reserves: [2]float64{0.2, 0.2}, slowest: 900 * time.Millisecond},
		{limit: 100, window: time.Minute, reserves: [2]float64{0.3, 0.6}, slowest: 150 * time.Millisecond},
		{limit: 50, window: time.Minute, reserves: [2]float64{0, 0.2}, ceiling: 0.2, slowest: 150 * time.Millisecond},
		{limit: 2, window: 10 * time.Second, reserves: [2]float64{0.5, 0.5}, slowest: 150 * time.Millisecond},
	} {
		for seed := range uint64(4) {
			t.Run(fmt.Sprintf("%d in %v, %v, seed %d", c.limit, c.window, c.reserves, seed), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					thisCentury()
					api := &bucket{
						limit: c.limit, window: c.window, reset: epochUp, slowest: c.slowest,
						random: rand.New(rand.NewPCG(seed, 0)), leastLeft: math.MaxInt,
					}
					var sent [2]atomic.Int64
					clients := sharing(t, api.RoundTrip, func(i int, s *Settings) {
						s.Reserve = c.reserves[i]
						s.HTTP = &http.Client{Transport: metered(&sent[i], api.RoundTrip)}
						if i == 1 {
							s.RequestsPerSecond = c.ceiling
						}
					})
					together(t, clients, windows*max(c.window, 2*time.Second))
					kept := int(math.Ceil(float64(c.limit) * min(c.reserves[0], c.reserves[1])))
					assert.GreaterOrEqual(t, api.leastLeft, kept, "the reserve")
					assert.Zero(t, api.refused, "requests refused with 429")
					per := max(c.window, 2*time.Second).Seconds() / (c.window + 2*time.Second + 2*c.slowest).Seconds()
					assert.GreaterOrEqual(t, float64(api.taken), 0.9*per*windows*float64(c.limit-kept), "the budget is used")
					for i := range sent {
						assert.GreaterOrEqual(t, sent[i].Load(), int64(windows/4), "both go on: client %d", i)
					}
					assert.Empty(t, clients[0].limit.line)
					assert.Zero(t, clients[0].limit.inFlight)
				})
			})
		}
	}
}

// This is what sharing prevents.
func TestClientsWithBudgetsOfTheirOwnSpendTheReserve(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		thisCentury()
		api := &bucket{
			limit: 10, window: 10 * time.Second, reset: epochUp, slowest: 150 * time.Millisecond,
			random: rand.New(rand.NewPCG(1, 2)), leastLeft: math.MaxInt,
		}
		together(t, [2]*Client{inMemory(t, api.RoundTrip, nil), inMemory(t, api.RoundTrip, nil)}, time.Minute)
		assert.Less(t, api.leastLeft, 2)
	})
}

func TestClientsOfABudgetShareABucketToo(t *testing.T) {
	for _, cost := range []float64{0.5, 20, 90} {
		synctest.Test(t, func(t *testing.T) {
			const slowest = 50 * time.Millisecond
			api := newCanvas(600, cost, slowest)
			together(t, sharing(t, api.RoundTrip, nil), 2*time.Minute)
			assert.Zero(t, api.refused)
			assert.GreaterOrEqual(t, api.leastLeft, 0.2*(600-cost)-10*slowest.Seconds()-1e-6, "the reserve")
			assert.GreaterOrEqual(t, float64(api.taken), 0.75*min(10/cost, 20)*120, "it is used")
		})
	}
}

// Each client stops at its own reserve, whoever spent what lies above it.
func TestReserveIsEachClientsOwn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		thisCentury()
		left := 100
		api := answering(func(req *http.Request) (*http.Response, error) {
			left--
			return answer(req, http.StatusOK, "X-RateLimit-Limit: 100", fmt.Sprintf("X-RateLimit-Remaining: %d", left), "X-RateLimit-Reset: 600"), nil
		})
		clients := sharing(t, api, func(i int, s *Settings) { s.Reserve = [2]float64{0.5, 0.2}[i] })
		for i, want := range []int{50, 20} {
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			crowd(ctx, 1, clients[i]).Wait()
			cancel()
			assert.Equal(t, want, left)
		}
	})
}

// A ceiling slows its own client only, also where its requests came first.
func TestCeilingIsEachClientsOwn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var sent [2]atomic.Int64
		api := answering(func(req *http.Request) (*http.Response, error) {
			if err := pass(req, 100*time.Millisecond); err != nil {
				return nil, err
			}
			return answer(req, http.StatusOK), nil
		})
		clients := sharing(t, api, func(i int, s *Settings) {
			s.HTTP = &http.Client{Transport: metered(&sent[i], api)}
			s.RequestsPerSecond = [2]float64{0.5, 0}[i]
		})
		together(t, clients, 59*time.Second)
		assert.EqualValues(t, 30, sent[0].Load(), "one in two seconds")
		assert.GreaterOrEqual(t, sent[1].Load(), int64(4*580), "as fast as the answers come")
	})
}

// A pause that one client is asked for is waited for by both, and each tells its own wait.
func TestPauseOfOneClientHoldsTheOther(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var sent []time.Time
		api := answering(func(req *http.Request) (*http.Response, error) {
			if sent = append(sent, time.Now()); len(sent) == 1 {
				return answer(req, http.StatusTooManyRequests, "Retry-After: 60"), nil
			}
			return answer(req, http.StatusOK), nil
		})
		var told [2]seen
		clients := sharing(t, api, func(i int, s *Settings) { s.Observer = &told[i] })
		var both sync.WaitGroup
		both.Go(func() { _, _ = clients[0].Get(t.Context(), userLogs) })
		time.Sleep(10 * time.Second)
		assert.Empty(t, told[1].throttled, "it does not wait yet")
		both.Go(func() { _, _ = clients[1].Get(t.Context(), userLogs) })
		both.Wait()

		require.Len(t, sent, 3)
		pause := sent[1].Sub(sent[0])
		assert.GreaterOrEqual(t, pause, time.Minute)
		assert.Equal(t, []int{429, 200}, told[0].statuses)
		assert.Equal(t, []time.Duration{pause}, told[0].throttled)
		assert.Equal(t, pause, total(told[0].waited))
		assert.Equal(t, []int{200}, told[1].statuses)
		assert.Equal(t, []time.Duration{pause - 10*time.Second}, told[1].throttled, "what is left of the pause")
		assert.Equal(t, pause-10*time.Second, total(told[1].waited))
	})
}

// While nothing is known of the limit, one request goes alone, of whichever client.
func TestOneRequestOfAllClientsFindsOut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var sent atomic.Int64
		clients := sharing(t, func(req *http.Request) (*http.Response, error) {
			sent.Add(1)
			if err := pass(req, patience/2); err != nil {
				return nil, err
			}
			return answer(req, http.StatusOK), nil
		}, nil)
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		first, second := crowd(ctx, 4, clients[0]), crowd(ctx, 4, clients[1])
		synctest.Wait()
		assert.EqualValues(t, 1, sent.Load())
		time.Sleep(patience / 2)
		synctest.Wait()
		assert.EqualValues(t, 1+8, sent.Load(), "then all go")
		cancel()
		first.Wait()
		second.Wait()
	})
}

// A client may end while it has requests under way, one of which finds out, and others in the line.
func TestClientThatEndsDoesNotDisturbTheOther(t *testing.T) {
	for name, hangs := range map[string]bool{"its requests are answered": false, "its requests hang": true} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				const d = time.Minute
				thisCentury()
				api := &bucket{
					limit: 10, window: time.Second, reset: epochUp, slowest: 20 * time.Millisecond,
					random: rand.New(rand.NewPCG(3, 4)), leastLeft: math.MaxInt,
				}
				var last time.Time
				var longest time.Duration
				budgets := NewBudgets()
				budget, giveBack := budgets.Share("tenant")
				ends := inMemory(t, func(req *http.Request) (*http.Response, error) {
					if hangs {
						return nil, pass(req, time.Hour)
					}
					return api.RoundTrip(req)
				}, func(s *Settings) { s.Budget = budget })
				shared, giveBackToo := budgets.Share("tenant")
				defer giveBackToo()
				stays := inMemory(t, func(req *http.Request) (*http.Response, error) {
					longest, last = max(longest, time.Since(last)), time.Now()
					return api.RoundTrip(req)
				}, func(s *Settings) { s.Budget = shared })

				short, end := context.WithTimeout(t.Context(), d/3)
				defer end()
				long, stop := context.WithTimeout(t.Context(), d)
				defer stop()
				ending := crowd(short, 4, ends)
				synctest.Wait() // it is the first that finds out
				last = time.Now()
				staying := crowd(long, 1, stays)
				ending.Wait()
				giveBack()
				again, forget := budgets.Share("tenant")
				assert.Same(t, shared, again, "what is known stays")
				forget()
				staying.Wait()
				assert.LessOrEqual(t, longest, 4*patience, "four came first, each of which may find out alone for so long")
				assert.GreaterOrEqual(t, api.leastLeft, 2)
				assert.Zero(t, budget.inFlight)
				assert.Empty(t, budget.line)
			})
		})
	}
}

func TestBudgetIsForgottenWithItsLastHolder(t *testing.T) {
	budgets := NewBudgets()
	first, giveBackFirst := budgets.Share("tenant")
	second, giveBackSecond := budgets.Share("tenant")
	other, giveBackOther := budgets.Share("another tenant")
	assert.Same(t, first, second)
	assert.NotSame(t, first, other)

	giveBackFirst()
	giveBackFirst() // once is enough
	third, giveBackThird := budgets.Share("tenant")
	assert.Same(t, first, third, "somebody holds it")
	giveBackSecond()
	giveBackThird()
	fresh, giveBackFresh := budgets.Share("tenant")
	assert.NotSame(t, first, fresh)
	giveBackFirst() // of the one that is gone
	assert.Len(t, budgets.shared, 2)
	giveBackFresh()
	giveBackOther()
	assert.Empty(t, budgets.shared)
}
