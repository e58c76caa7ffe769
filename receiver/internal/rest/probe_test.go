package rest

import (
	"context"
	"io"
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

// The request that finds out may fail, or be given up: the next one takes its part.
func TestProbeIsHandedOn(t *testing.T) {
	for name, c := range map[string]struct {
		fail     func(req *http.Request) (*http.Response, error)
		patience time.Duration
		within   time.Duration // so soon an answer comes
	}{
		"after a failure": {func(*http.Request) (*http.Response, error) { return nil, io.ErrClosedPipe }, time.Hour, 10 * time.Millisecond},
		"after a 503":     {func(req *http.Request) (*http.Response, error) { return answer(req, 503), nil }, time.Hour, 10 * time.Millisecond},
		// All give up within a second, after which another one would go beside it.
		"after a cancellation": {func(req *http.Request) (*http.Response, error) { return nil, pass(req, 2*time.Hour) }, 100 * time.Millisecond, 2500 * time.Millisecond},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var sent, together, most atomic.Int32
				client := inMemory(t, func(req *http.Request) (*http.Response, error) {
					together.Add(1)
					defer together.Add(-1)
					if sent.Add(1) <= 3 {
						most.Store(max(most.Load(), together.Load()))
						if err := pass(req, time.Millisecond); err != nil {
							return nil, err
						}
						return c.fail(req)
					}
					return answer(req, http.StatusOK), nil
				}, nil)
				began := time.Now()
				var callers sync.WaitGroup
				var fine atomic.Int32
				for i := range 8 {
					callers.Go(func() {
						for range 50 {
							ctx, cancel := context.WithTimeout(t.Context(), time.Duration(i+1)*c.patience)
							_, err := client.Get(ctx, userLogs)
							cancel()
							if err == nil {
								fine.Add(1)
								return
							}
						}
					})
				}
				callers.Wait()
				assert.EqualValues(t, 8, fine.Load())
				assert.EqualValues(t, 1, most.Load(), "requests at once while nothing is known")
				assert.LessOrEqual(t, time.Since(began), c.within)
			})
		})
	}
}

// One log never answers, and asks again as soon as its time is out, so it often is the one that finds out.
func TestLogThatNeverAnswersHoldsUpNobody(t *testing.T) {
	const timeout = 12 * time.Second
	for limit, longest := range map[int]time.Duration{
		1000: 1100 * time.Millisecond,
		10:   3100 * time.Millisecond, // with the window that is used up, taken for a second longer than told
		2:    5100 * time.Millisecond, // with one more, until when there is no room beside the one without an answer
	} {
		t.Run(strconv.Itoa(limit), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				thisCentury()
				api := &window{limit: limit}
				client := inMemory(t, func(req *http.Request) (*http.Response, error) {
					if req.URL.Path == "/0" {
						return nil, pass(req, time.Hour)
					}
					return api.RoundTrip(req)
				}, func(s *Settings) { s.HTTP.Timeout = timeout })
				ctx, cancel := context.WithTimeout(t.Context(), 10*timeout)
				defer cancel()
				last := time.Now()
				var users sync.WaitGroup
				for i := range 10 {
					users.Go(func() {
						for ctx.Err() == nil {
							_, _ = client.Get(ctx, Request{Op: "GET", Path: "/" + strconv.Itoa(i)})
							time.Sleep(50 * time.Millisecond)
						}
					})
					synctest.Wait() // the first is sent first
				}
				users.Wait()
				require.NotEmpty(t, api.sent)
				for _, at := range api.sent {
					assert.LessOrEqual(t, at.Sub(last), longest, "the others stood still")
					last = at
				}
			})
		})
	}
}

// window is an API that allows so many requests a second and answers within ten milliseconds.
type window struct {
	limit int

	mu   sync.Mutex
	end  time.Time
	left int
	sent []time.Time
}

func (w *window) RoundTrip(req *http.Request) (*http.Response, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	now := time.Now()
	if !now.Before(w.end) {
		w.end, w.left = now.Truncate(time.Second).Add(time.Second), w.limit
	}
	w.left--
	w.sent = append(w.sent, now)
	return answer(req, http.StatusOK, "X-RateLimit-Limit: "+strconv.Itoa(w.limit), "X-RateLimit-Remaining: "+strconv.Itoa(w.left),
		"X-RateLimit-Reset: "+unix(w.end)), nil
}

// The head of an answer tells all about the limit. Its body may take its time.
func TestSlowBodyHoldsUpNobody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var sent atomic.Int32
		client := inMemory(t, func(req *http.Request) (*http.Response, error) {
			n := int(sent.Add(1))
			resp := answer(req, http.StatusOK, "X-RateLimit-Limit: 10", "X-RateLimit-Remaining: "+strconv.Itoa(7-n), "X-RateLimit-Reset: 60")
			resp.Body = io.NopCloser(slow{req})
			return resp, nil
		}, nil)
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		everybody := crowd(ctx, 8, client)
		synctest.Wait()
		assert.EqualValues(t, 5, sent.Load(), "what lies above the reserve, at once")
		everybody.Wait()
		assert.EqualValues(t, 5, sent.Load())
	})
}

// silence lets a crowd ask an API that answers a number of times and then no more, and returns when it was asked.
func silence(t *testing.T, d time.Duration, answers int, header ...string) []time.Duration {
	var mu sync.Mutex
	var sent []time.Duration
	began := time.Now()
	client := inMemory(t, func(req *http.Request) (*http.Response, error) {
		mu.Lock()
		sent = append(sent, time.Since(began))
		n := len(sent)
		mu.Unlock()
		if n <= answers {
			return answer(req, http.StatusOK, header...), nil
		}
		return nil, pass(req, time.Hour)
	}, nil)
	ctx, cancel := context.WithTimeout(t.Context(), d)
	defer cancel()
	crowd(ctx, 8, client).Wait()
	return sent
}

func TestOneRequestASecondGoesUntilTheFirstAnswer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sent := silence(t, 5500*time.Millisecond, 0)
		assert.Equal(t, []time.Duration{0, 1 * time.Second, 2 * time.Second, 3 * time.Second, 4 * time.Second, 5 * time.Second}, sent)
	})
}

// Those that find out leave the reserve alone too, as far as the last window tells how large it is.
func TestRequestsWithoutAnswerStayWithinTheLastLimit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		// One of three is left to others. Of the first window nothing is left to us; it is over after five seconds, of
		// which the last is ours.
		sent := silence(t, 20*time.Second, 1, "X-RateLimit-Limit: 3", "X-RateLimit-Remaining: 1", "X-RateLimit-Reset: 4")
		assert.Equal(t, []time.Duration{0, 5 * time.Second, 6 * time.Second, 12 * time.Second, 18 * time.Second}, sent)
	})
}

// A request that failed without a word may have been counted all the same.
func TestRequestThatFailedCountsAsSpent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var sent atomic.Int32
		client := inMemory(t, func(req *http.Request) (*http.Response, error) {
			if sent.Add(1) == 1 {
				return answer(req, http.StatusOK, "X-RateLimit-Limit: 10", "X-RateLimit-Remaining: 5", "X-RateLimit-Reset: 60"), nil
			}
			_ = pass(req, 100*time.Millisecond)
			return nil, io.ErrClosedPipe
		}, nil)
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		crowd(ctx, 8, client).Wait()
		assert.EqualValues(t, 1+3, sent.Load())
	})
}

// What hangs since the window before, or was heard of it late, does not hold up the question what the new one brings.
func TestNewWindowIsAskedAboutAtOnce(t *testing.T) {
	said := func(limit, remaining float64, d time.Duration) advertised {
		return advertised{quota: quota{known: true, limit: limit, remaining: remaining, window: 100, resets: time.Now().Add(d)}}
	}
	synctest.Test(t, func(t *testing.T) {
		l := newLimiter(newBudget(), 0, 0.2, 1)
		first, _ := l.try(new(ticket))
		time.Sleep(patience)
		_, held := l.try(new(ticket))
		require.Nil(t, held.wake, "it finds out too, and hangs")
		l.release(first, said(2, 1, 5*time.Second), true)
		time.Sleep(5 * time.Second)
		_, held = l.try(new(ticket))
		assert.Nil(t, held.wake)
	})
	synctest.Test(t, func(t *testing.T) {
		l := newLimiter(newBudget(), 0, 0.2, 1)
		first, _ := l.try(new(ticket))
		l.release(first, said(10, 4, time.Second), true)
		late, _ := l.try(new(ticket))
		time.Sleep(time.Second)
		_, held := l.try(new(ticket))
		require.Nil(t, held.wake, "it finds out, and hangs")
		l.release(late, said(10, 3, time.Second), true)
		next := new(ticket)
		_, held = l.try(next)
		assert.Equal(t, time.Second, held.wait, "until the window that was told late is over too")
		time.Sleep(held.wait)
		_, held = l.try(next)
		assert.Nil(t, held.wake)
	})
}
