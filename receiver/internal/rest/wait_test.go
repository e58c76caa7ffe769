package rest

import (
	"context"
	"fmt"
	"io"
	"math"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestWaitEndsWithTheContext(t *testing.T) {
	for name, c := range map[string]struct {
		first  func(req *http.Request) *http.Response
		change func(*Settings)
	}{
		"during a pause": {func(req *http.Request) *http.Response { return answer(req, 429, "Retry-After: 600") }, nil},
		"for the window": {func(req *http.Request) *http.Response {
			return answer(req, 200, "X-RateLimit-Limit: 10", "X-RateLimit-Remaining: 1", "X-RateLimit-Reset: 600")
		}, nil},
		"for the bucket": {func(req *http.Request) *http.Response {
			return answer(req, 200, "X-Request-Cost: 1", "X-Rate-Limit-Remaining: -200")
		}, nil},
		"for our own ceiling": {
			func(req *http.Request) *http.Response { return answer(req, 200) },
			func(s *Settings) { s.RequestsPerSecond = 1e-12 },
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				observer := &seen{}
				sent := 0
				client := inMemory(t, func(req *http.Request) (*http.Response, error) {
					if sent++; sent == 1 {
						return c.first(req), nil
					}
					return answer(req, http.StatusOK), nil
				}, func(s *Settings) {
					s.Observer = observer
					if c.change != nil {
						c.change(s)
					}
				})
				ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
				defer cancel()
				began := time.Now()
				for range 2 {
					if _, err := client.Get(ctx, userLogs); err != nil {
						require.Equal(t, context.DeadlineExceeded, err)
					}
				}
				assert.Equal(t, 3*time.Second, time.Since(began))
				assert.Equal(t, 1, sent)
				assert.Contains(t, observer.waited, 3*time.Second, "a wait in vain is told too")

				_, err := client.Get(ctx, userLogs)
				require.Equal(t, context.DeadlineExceeded, err, "a caller that is done sends nothing")
				assert.Equal(t, 1, sent)
			})
		})
	}
}

// A quota that is used up is no answer of the API's, so that nobody but us can tell that we wait for it.
func TestLongWaitIsToldWhenItBeginsAndStepByStep(t *testing.T) {
	quota := func(remaining, reset string) []string {
		return []string{"X-RateLimit-Limit: 10", "X-RateLimit-Remaining: " + remaining, "X-RateLimit-Reset: " + reset}
	}
	bucket := func(left string) []string { return []string{"X-Request-Cost: 1", "X-Rate-Limit-Remaining: " + left} }
	for name, c := range map[string]struct {
		header    []string
		ceiling   float64
		throttled []time.Duration
		wait      time.Duration
	}{
		"for the window":       {quota("1", "120"), 0, []time.Duration{121 * time.Second}, 121 * time.Second},
		"for a short window":   {quota("1", "4"), 0, nil, 5 * time.Second},
		"for our own ceiling":  {nil, 0.04, nil, 25 * time.Second},
		"for both, one by one": {quota("1", "120"), 0.01, []time.Duration{21 * time.Second}, 121 * time.Second},
		"for the bucket":       {bucket("-150"), 0, []time.Duration{20 * time.Second}, 20 * time.Second},
		"for a drop more":      {bucket("20"), 0, nil, 3 * time.Second},
		"for nothing":          {quota("9", "120"), 0, nil, 0},
		"for no drop more":     {bucket("600"), 0, nil, 0},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				thisCentury()
				observer := &seen{}
				client := inMemory(t, func(req *http.Request) (*http.Response, error) {
					return answer(req, http.StatusOK, c.header...), nil
				}, func(s *Settings) { s.Observer, s.RequestsPerSecond = observer, c.ceiling })
				_, err := client.Get(t.Context(), userLogs)
				require.NoError(t, err)
				go func() { _, _ = client.Get(t.Context(), userLogs) }()

				for passed := time.Duration(0); passed < c.wait; passed += 500 * time.Millisecond {
					synctest.Wait()
					observer.mu.Lock()
					if c.ceiling == 0 {
						assert.Equal(t, c.throttled, observer.throttled, "told when it begins")
					}
					assert.Less(t, passed-total(observer.waited), 10*time.Second, "told while it lasts")
					observer.mu.Unlock()
					if passed == 3*time.Second { // others come and go
						client.limit.mu.Lock()
						client.limit.wakeAll()
						client.limit.mu.Unlock()
					}
					time.Sleep(500 * time.Millisecond)
				}
				synctest.Wait()
				assert.Equal(t, []int{200, 200}, observer.statuses)
				assert.Equal(t, c.throttled, observer.throttled)
				assert.Equal(t, c.wait, total(observer.waited))
				assert.Len(t, observer.waited, int(math.Ceil(c.wait.Seconds()/10)), "and no more often")
			})
		})
	}
}

func TestStepsOfAWaitAddUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const wait = 10*time.Second + 100*time.Microsecond
		observer := &seen{}
		client := inMemory(t, func(req *http.Request) (*http.Response, error) {
			return answer(req, http.StatusTooManyRequests, "Retry-After: 60"), nil
		}, func(s *Settings) { s.Observer = observer })
		ctx, cancel := context.WithTimeout(t.Context(), wait)
		defer cancel()
		_, err := client.Get(ctx, userLogs)
		require.Equal(t, context.DeadlineExceeded, err)
		assert.Equal(t, wait, total(observer.waited))
	})
}

// Every wait is told, also where the answer before it was not told yet.
func TestWaitOfTheNextWindowIsToldToo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l, next := newLimiter(newBudget(), 0, 0.2, 1), new(ticket)
		for range 2 {
			p, held := l.try(next)
			require.Nil(t, held.wake)
			l.release(p, advertised{quota: quota{known: true, limit: 10, remaining: 1, resets: time.Now().Add(time.Minute)}}, true)
			for _, want := range []time.Duration{time.Minute, 0} {
				_, held = l.try(next)
				require.NotNil(t, held.wake)
				assert.Equal(t, want, held.tell)
			}
			time.Sleep(time.Minute)
		}
	})
}

// story is an Observer that remembers what came after what.
type story struct {
	mu   sync.Mutex
	told []string
}

func (s *story) tell(format string, args ...any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.told = append(s.told, fmt.Sprintf(format, args...))
}

func (s *story) Answered(_ context.Context, status int, _ time.Duration, _ int) { s.tell("%d", status) }
func (s *story) Waited(context.Context, time.Duration)                          {}
func (s *story) Throttled(_ context.Context, wait time.Duration) {
	s.tell("throttled %v", wait.Truncate(10*time.Second))
}

// While all wait, answers that were asked for earlier still come in. They sound as if nobody had to wait.
func TestWaitIsToldAgainAfterAnAnswer(t *testing.T) {
	used := []string{"X-RateLimit-Limit: 10", "X-RateLimit-Remaining: 1", "X-RateLimit-Reset: 59"}
	for name, c := range map[string]struct {
		first, second func(*http.Request) *http.Response
		told          []string
	}{
		"that used the quota up": {
			func(req *http.Request) *http.Response { return answer(req, http.StatusOK, used...) }, nil,
			[]string{"throttled 50s", "200", "throttled 50s"},
		},
		"before the pause": {
			func(req *http.Request) *http.Response { return answer(req, http.StatusOK) },
			func(req *http.Request) *http.Response {
				return answer(req, http.StatusTooManyRequests, "Retry-After: 60")
			},
			[]string{"429", "throttled 1m0s", "200", "throttled 50s"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				observer := &story{}
				n := 0
				client := inMemory(t, func(req *http.Request) (*http.Response, error) {
					if n++; n > 1 {
						return c.second(req), nil
					}
					resp := c.first(req)
					resp.Body = io.NopCloser(slow{req})
					return resp, nil
				}, func(s *Settings) { s.Observer = observer })
				ctx, cancel := context.WithTimeout(t.Context(), 12*time.Second)
				defer cancel()
				var callers sync.WaitGroup
				callers.Go(func() { _, _ = client.Get(ctx, userLogs) })
				time.Sleep(3 * time.Second)
				for range 3 {
					callers.Go(func() { _, _ = client.Get(ctx, userLogs) })
					synctest.Wait()
				}
				callers.Wait()
				assert.Equal(t, c.told, observer.told, "once, however many wait, and it has the last word")
			})
		})
	}
}
