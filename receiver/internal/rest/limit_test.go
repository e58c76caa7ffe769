package rest

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"net/http"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// bucket is an API that counts requests.
type bucket struct {
	limit  int
	refill int // what a new window brings; 0: the limit
	window time.Duration
	// offset is how far the windows are from whole seconds.
	offset time.Duration
	// skew is how far the server's clock is ahead.
	skew time.Duration
	// slowest is the longest time that a request or its answer is under way.
	slowest time.Duration
	// others is what other clients take at the beginning of every window.
	others int
	reset  func(now, end time.Time) string
	noDate bool

	mu        sync.Mutex
	random    *rand.Rand
	end       time.Time
	left      int
	taken     int // by us
	refused   int
	leastLeft int // right after we took one
}

func (b *bucket) RoundTrip(req *http.Request) (*http.Response, error) {
	there, back := b.latency(), b.latency()
	if err := pass(req, there); err != nil {
		return nil, err
	}
	resp := b.take(req)
	if err := pass(req, back); err != nil {
		return nil, err
	}
	return resp, nil
}

func (b *bucket) latency() time.Duration {
	b.mu.Lock()
	defer b.mu.Unlock()
	return time.Millisecond + time.Duration(b.random.Int64N(int64(b.slowest)))
}

func (b *bucket) take(req *http.Request) *http.Response {
	b.mu.Lock()
	defer b.mu.Unlock()
	now := time.Now()
	if end := now.Add(-b.offset).Truncate(b.window).Add(b.offset + b.window); !end.Equal(b.end) {
		fresh := b.limit
		if b.refill > 0 && !b.end.IsZero() {
			fresh = min(b.limit, b.left+b.refill*int(end.Sub(b.end)/b.window))
		}
		b.left, b.end = max(0, fresh-b.others), end
	}
	header := []string{"X-RateLimit-Limit: " + strconv.Itoa(b.limit)}
	if b.reset != nil {
		header = append(header, "X-RateLimit-Reset: "+b.reset(now.Add(b.skew), b.end.Add(b.skew)))
	}
	if !b.noDate {
		header = append(header, "Date: "+now.Add(b.skew).UTC().Format(http.TimeFormat))
	}
	status := http.StatusTooManyRequests
	if b.left > 0 {
		status = http.StatusOK
		b.left--
		b.taken++
		b.leastLeft = min(b.leastLeft, b.left)
	} else {
		b.refused++
	}
	return answer(req, status, append(header, "X-RateLimit-Remaining: "+strconv.Itoa(b.left))...)
}

// The forms in which APIs tell the end of a window.
func epochUp(_, end time.Time) string {
	return strconv.FormatInt(int64(math.Ceil(float64(end.UnixMilli())/1000)), 10)
}
func epochDown(_, end time.Time) string   { return unix(end) }
func epochMillis(_, end time.Time) string { return strconv.FormatInt(end.UnixMilli(), 10) }

func delta(now, end time.Time) string {
	return strconv.Itoa(int(end.Sub(now).Seconds()))
}

func epochFromDelta(now, end time.Time) string {
	return strconv.FormatInt(now.Unix()+int64(end.Sub(now).Seconds()), 10)
}

func year9999(time.Time, time.Time) string { return "253402300799" }

// The limit is spent down to the reserve, and no further; and it is spent.
func TestReserveIsNeverSpent(t *testing.T) {
	forms := map[string]func(now, end time.Time) string{
		"seconds": epochUp, "seconds cut": epochDown, "milliseconds": epochMillis, "from now": delta, "from now added up": epochFromDelta,
	}
	for _, c := range []struct {
		limit   int
		window  time.Duration
		reserve float64
	}{
		{10, time.Second, 0.2},
		{50, time.Second, 0.2},
		{10, time.Second, 0},
		{2, time.Second, 0.5},
		{10, 10 * time.Second, 0.2},
		{100, time.Minute, 0.2},
		{100, time.Minute, 0.9},
		{1, 10 * time.Second, 0.2},
		{3, time.Minute, 0.999},
	} {
		for form, reset := range forms {
			for _, slowest := range []time.Duration{time.Millisecond, 150 * time.Millisecond, 900 * time.Millisecond} {
				name := fmt.Sprintf("%d in %v, reserve %v, %s, %v", c.limit, c.window, c.reserve, form, slowest)
				t.Run(name, func(t *testing.T) {
					synctest.Test(t, func(t *testing.T) {
						api := &bucket{
							limit: c.limit, window: c.window, reset: reset, slowest: slowest,
							offset: 337 * time.Millisecond, skew: -7 * time.Minute,
						}
						if form == "seconds" || form == "from now added up" {
							api.offset = 0
						}
						const windows = 40
						spend(t, api, c.reserve, windows*max(c.window, 2*time.Second))
						kept := min(int(math.Ceil(float64(c.limit)*c.reserve)), c.limit-1)
						assert.GreaterOrEqual(t, api.leastLeft, kept, "the reserve")
						assert.Zero(t, api.refused, "requests refused with 429")

						ours := float64(c.limit - kept)
						// Of one second in three nothing is known: resets and dates are told in whole ones. The answers of a
						// slow API leave little of a second.
						per := c.window + 2*time.Second + 2*slowest
						rate := min(ours/per.Seconds(), 0.8*8/(2*slowest+time.Millisecond).Seconds())
						assert.GreaterOrEqual(t, float64(api.taken), 0.9*rate*windows*max(c.window, 2*time.Second).Seconds(), "the budget is used")
					})
				})
			}
		}
	}
}

// spend lets a crowd of eight spend an API's limit for a while.
func spend(t *testing.T, api *bucket, reserve float64, d time.Duration) {
	thisCentury()
	api.random = rand.New(rand.NewPCG(1, 2))
	api.leastLeft = math.MaxInt
	rush(t, api.RoundTrip, reserve, d)
}

// rush lets a crowd of eight ask an API for a while.
func rush(t *testing.T, api answering, reserve float64, d time.Duration) {
	client := inMemory(t, api, func(s *Settings) { s.Reserve = reserve })
	ctx, cancel := context.WithTimeout(t.Context(), d)
	defer cancel()
	// The first request goes alone: before any limit was heard of there is none to be kept, and if it takes more than a
	// second, another one goes, which a limit of one or two does not allow.
	_, err := client.Get(ctx, userLogs)
	require.NoError(t, err)
	crowd(ctx, 8, client).Wait()
}

func TestTenRequestsASecondAreUsed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api := &bucket{limit: 10, window: time.Second, reset: epochUp, slowest: 20 * time.Millisecond}
		spend(t, api, 0.2, time.Minute)
		assert.GreaterOrEqual(t, api.taken, 8*28)
		assert.Zero(t, api.refused)
	})
}

// Auth0's buckets are refilled by and by (internal/emulator/auth0/limit.go), so a new window is not a full one.
func TestWindowThatBringsOnlyAPart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api := &bucket{limit: 10, refill: 2, window: time.Second, reset: epochUp, slowest: 20 * time.Millisecond}
		spend(t, api, 0.2, time.Minute)
		assert.GreaterOrEqual(t, api.leastLeft, 2)
		assert.Zero(t, api.refused)
		assert.GreaterOrEqual(t, api.taken, 8+2*50)
	})
}

// Other clients may have been there first.
func TestWindowThatOthersHaveUsed(t *testing.T) {
	for _, others := range []int{5, 8} {
		synctest.Test(t, func(t *testing.T) {
			api := &bucket{limit: 10, others: others, window: 10 * time.Second, reset: epochUp, slowest: 50 * time.Millisecond}
			spend(t, api, 0.2, 10*time.Minute)
			assert.GreaterOrEqual(t, api.leastLeft, min(2, 10-others-1), "one request a window finds out")
			assert.Zero(t, api.refused)
			assert.GreaterOrEqual(t, api.taken, 45)
		})
	}
}

// An API that does not tell the end of its window, or tells nonsense, is asked once a minute whether it has come.
func TestWindowWhoseEndIsNotKnown(t *testing.T) {
	for name, reset := range map[string]func(now, end time.Time) string{"not told": nil, "the year 9999": year9999} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				api := &bucket{limit: 1000, window: 24 * time.Hour, reset: reset, slowest: 50 * time.Millisecond}
				spend(t, api, 0.2, 30*time.Minute)
				assert.GreaterOrEqual(t, api.leastLeft, 200-31, "one request a minute finds out")
				assert.GreaterOrEqual(t, api.taken, 800)
				assert.Zero(t, api.refused)
			})
		})
	}
}

// Without the server's clock, ours stands in. Where it is wrong, one request a second finds out.
func TestWindowByAClockThatIsWrong(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api := &bucket{limit: 1000, window: time.Hour, reset: epochUp, slowest: 50 * time.Millisecond, noDate: true, skew: -2 * time.Hour}
		spend(t, api, 0.2, time.Minute)
		assert.LessOrEqual(t, api.taken, 800+62)
	})
}

// The answers of a crowd come in any order; an old one must not bring back what was spent since.
func TestAnswersThatOvertakeEachOther(t *testing.T) {
	at := noon.Add(time.Hour)
	said := func(window, remaining float64) quota {
		return quota{known: true, limit: 100, remaining: remaining, window: window, resets: at}
	}
	for name, c := range map[string]struct {
		before bool // the last one was asked for before the others were answered
		heard  []quota
		want   float64
	}{
		"an older answer of the window":            {true, []quota{said(100, 50), said(100, 51)}, 50},
		"a newer answer of the window":             {true, []quota{said(100, 50), said(100, 49)}, 49},
		"the ends differ by a second":              {true, []quota{said(100, 50), said(101, 51)}, 50},
		"the ends differ by a second, downwards":   {true, []quota{said(100, 50), said(99, 49)}, 49},
		"the next window":                          {true, []quota{said(100, 50), said(160, 99)}, 99},
		"the window before":                        {true, []quota{said(160, 99), said(100, 50)}, 99},
		"the window has grown, asked later":        {false, []quota{said(100, 50), said(100, 51)}, 51},
		"the window ends earlier, asked later":     {false, []quota{said(1000, 50), said(160, 99)}, 99},
		"an answer without a word on it":           {true, []quota{said(100, 50), {}}, 50},
		"an answer without a word on it, or after": {false, []quota{said(100, 50), {}}, 50},
	} {
		t.Run(name, func(t *testing.T) {
			l := newLimiter(newBudget(), 0, 0.2, 1)
			probe, _ := l.try(new(ticket))
			l.release(probe, advertised{}, true)
			places := make([]place, len(c.heard))
			ask := func(i int) {
				p, held := l.try(new(ticket))
				require.Nil(t, held.wake)
				places[i] = p
			}
			for i := range c.heard {
				if i == 0 || c.before {
					ask(i)
				}
			}
			for i, q := range c.heard {
				if i > 0 && !c.before {
					ask(i)
				}
				if q.known {
					q.resets = time.Now().Add(time.Hour)
				}
				l.release(places[i], advertised{quota: q}, true)
			}
			assert.InDelta(t, c.want, l.quota.remaining, 0)
			assert.Zero(t, l.inFlight)
		})
	}
}

// What was learned of a window that is over, or of one that cannot be, does not stand in the way of what is true.
func TestWindowThatIsNoLongerTrue(t *testing.T) {
	l := newLimiter(newBudget(), 0, 0, 1)
	ask := func() place {
		p, held := l.try(new(ticket))
		require.Nil(t, held.wake)
		return p
	}
	later := time.Now().Add(time.Hour)
	probe := ask()
	l.release(probe, advertised{quota: quota{known: true, limit: 100, remaining: 90, window: 5000, resets: later}}, true)
	first, second, third := ask(), ask(), ask()
	l.release(first, advertised{quota: quota{known: true, limit: 100, remaining: 89, window: 5000, resets: later}}, true)
	l.release(second, advertised{quota: quota{known: true, limit: 100, remaining: 40, window: 160, resets: later}}, true)
	assert.InDelta(t, 40, l.quota.remaining, 0, "asked for since the later window was heard of, so it is no older")

	l.quota.resets = time.Now()
	l.release(third, advertised{quota: quota{known: true, limit: 100, remaining: 99, window: 5000, resets: later}}, true)
	assert.InDelta(t, 99, l.quota.remaining, 0, "the window is over")
}

func TestOwnCeiling(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		var sent []time.Time
		pausing := time.Time{}
		client := inMemory(t, func(req *http.Request) (*http.Response, error) {
			mu.Lock()
			defer mu.Unlock()
			sent = append(sent, time.Now())
			if len(sent) == 20 {
				pausing = time.Now()
				return answer(req, http.StatusTooManyRequests, "Retry-After: 30"), nil
			}
			return answer(req, http.StatusOK), nil
		}, func(s *Settings) { s.RequestsPerSecond = 5 })
		ctx, cancel := context.WithTimeout(t.Context(), 60*time.Second)
		defer cancel()
		crowd(ctx, 8, client).Wait()
		for i := 1; i < len(sent); i++ {
			assert.GreaterOrEqual(t, sent[i].Sub(sent[i-1]), 200*time.Millisecond)
			between := sent[i].After(pausing) && sent[i].Before(pausing.Add(30*time.Second))
			assert.False(t, !pausing.IsZero() && between, "the ceiling is no way round a pause")
		}
		assert.GreaterOrEqual(t, len(sent), 5*25, "the ceiling is reached")
	})
}

// Whatever an API says, everybody gets through in the end.
func TestNoHeaderStopsTheClientForGood(t *testing.T) {
	words := []string{"", "0", "1", "10", "-1", "NaN", "60", "1e308", "253402300799", "1795348800", "1795348800000", "99999999999999999999", "soon"}
	for seed := range uint64(60) {
		synctest.Test(t, func(t *testing.T) {
			thisCentury()
			random := rand.New(rand.NewPCG(seed, 0))
			var mu sync.Mutex
			word := func() string {
				if random.IntN(3) == 0 {
					return unix(time.Now().Add(time.Duration(random.IntN(7200)-3600) * time.Second))
				}
				return words[random.IntN(len(words))]
			}
			client := inMemory(t, func(req *http.Request) (*http.Response, error) {
				mu.Lock()
				status := []int{200, 200, 429, 403, 500, 0}[random.IntN(6)]
				wait := time.Duration(random.IntN(2000)) * time.Millisecond
				header := []string{
					"Date: " + time.Now().UTC().Format(http.TimeFormat), "Retry-After: " + word(),
					"X-RateLimit-Limit: " + word(), "X-RateLimit-Remaining: " + word(), "X-RateLimit-Reset: " + word(),
					"X-Request-Cost: " + word(), "X-Rate-Limit-Remaining: " + word(),
				}
				mu.Unlock()
				if err := pass(req, wait); err != nil || status == 0 {
					return nil, context.DeadlineExceeded
				}
				return answer(req, status, header...), nil
			}, func(s *Settings) { s.RequestsPerSecond = float64(random.IntN(3)) })
			ctx, cancel := context.WithTimeout(t.Context(), 10*24*time.Hour)
			defer cancel()
			var callers sync.WaitGroup
			for range 8 {
				callers.Go(func() {
					for fine := 0; fine < 5; {
						if _, err := client.Get(ctx, userLogs); err == nil {
							fine++
						} else if !assert.NoError(t, ctx.Err(), "seed %d: stuck", seed) {
							return
						}
					}
				})
			}
			callers.Wait()
			assert.Zero(t, client.limit.inFlight)
		})
	}
}

// The end of a window may be further away than anybody waits for a 429.
func TestReserveOfALongWindowIsNeverSpent(t *testing.T) {
	for _, window := range []time.Duration{time.Hour, 24 * time.Hour} {
		t.Run(window.String(), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				thisCentury()
				const limit, reserve = 100, 20
				left, least, windows, end := limit, limit, 1, time.Now().Add(window)
				client := inMemory(t, func(req *http.Request) (*http.Response, error) {
					if !time.Now().Before(end) {
						end, left = end.Add(window), limit
						windows++
					}
					left--
					least = min(least, left)
					return answer(req, http.StatusOK, "X-RateLimit-Limit: 100", "X-RateLimit-Remaining: "+strconv.Itoa(left),
						"X-RateLimit-Reset: "+unix(end)), nil
				}, nil)
				ctx, cancel := context.WithTimeout(t.Context(), 3*window)
				defer cancel()
				for ctx.Err() == nil {
					_, _ = client.Get(ctx, userLogs)
				}
				assert.Equal(t, reserve, least)
				assert.Equal(t, 3, windows)
			})
		})
	}
}
