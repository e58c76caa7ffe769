package rest

import (
	"context"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/userlog/userlog-otel/receiver/internal/source"
)

func unix(t time.Time) string { return strconv.FormatInt(t.Unix(), 10) }

// Each API asks for a pause in its own way. The jitter adds up to a tenth.
func TestPauseThatTheAPIAsksFor(t *testing.T) {
	const date = "Date"
	for name, c := range map[string]struct {
		status int
		header func(now time.Time) []string
		want   time.Duration
	}{
		"seconds":            {429, func(time.Time) []string { return []string{"Retry-After: 7"} }, 7 * time.Second},
		"less than a second": {429, func(time.Time) []string { return []string{"Retry-After: 0.1"} }, time.Second},
		"a date": {429, func(now time.Time) []string {
			return []string{"Retry-After: " + now.Add(30*time.Second).UTC().Format(http.TimeFormat)}
		}, 30 * time.Second},
		"a date of a server whose clock is wrong": {429, func(now time.Time) []string {
			server := now.AddDate(-10, 0, 0).UTC()
			return []string{
				date + ": " + server.Format(http.TimeFormat),
				"Retry-After: " + server.Add(30*time.Second).Format(http.TimeFormat),
			}
		}, 30 * time.Second},
		"a date in the past": {429, func(time.Time) []string { return []string{"Retry-After: Thu, 01 Jan 1970 00:00:00 GMT"} }, time.Second},
		"huge":               {429, func(time.Time) []string { return []string{"Retry-After: 99999999999"} }, MaxPause},
		"beyond numbers":     {429, func(time.Time) []string { return []string{"Retry-After: 1e999"} }, time.Second},
		"negative":           {429, func(time.Time) []string { return []string{"Retry-After: -1"} }, time.Second},
		"nonsense":           {429, func(time.Time) []string { return []string{"Retry-After: NaN"} }, time.Second},
		"nothing":            {429, func(time.Time) []string { return nil }, time.Second},
		"a 403 that says when": {
			403, func(time.Time) []string { return []string{"Retry-After: 7"} }, 7 * time.Second,
		},
		"a 403 that says that nothing is left": {
			403, func(time.Time) []string { return []string{"X-Rate-Limit-Remaining: 0.0"} }, time.Second,
		},
		"a 403 that says that more is in than fits": {
			403, func(time.Time) []string { return []string{"X-Rate-Limit-Remaining: -12.5"} }, time.Second,
		},
		"the end of the window": {429, func(now time.Time) []string {
			return []string{"X-RateLimit-Limit: 10", "X-RateLimit-Remaining: 0", "X-RateLimit-Reset: " + unix(now.Add(20*time.Second))}
		}, 21 * time.Second},
		"the end of the window in milliseconds": {429, func(now time.Time) []string {
			return []string{"X-RateLimit-Limit: 10", "X-RateLimit-Remaining: 0", "X-RateLimit-Reset: " + unix(now.Add(20*time.Second)) + "000"}
		}, 21 * time.Second},
		"the end of the window from now": {429, func(time.Time) []string {
			return []string{"X-RateLimit-Limit: 10", "X-RateLimit-Remaining: 0", "X-RateLimit-Reset: 20"}
		}, 21 * time.Second},
		"the end of the window, by a clock that is wrong": {429, func(now time.Time) []string {
			server := now.Add(time.Hour).UTC()
			return []string{
				date + ": " + server.Format(http.TimeFormat),
				"X-RateLimit-Limit: 10", "X-RateLimit-Remaining: 0", "X-RateLimit-Reset: " + unix(server.Add(20*time.Second)),
			}
		}, 21 * time.Second},
		"the later of both": {429, func(now time.Time) []string {
			return []string{"Retry-After: 7", "X-RateLimit-Limit: 10", "X-RateLimit-Remaining: 0", "X-RateLimit-Reset: " + unix(now.Add(20*time.Second))}
		}, 21 * time.Second},
		"the end of the window and nothing else": {429, func(now time.Time) []string {
			return []string{"X-RateLimit-Reset: " + unix(now.Add(20*time.Second))}
		}, 21 * time.Second},
		"a window that ended": {429, func(now time.Time) []string {
			return []string{"Retry-After: 7", "X-RateLimit-Limit: 10", "X-RateLimit-Remaining: 0", "X-RateLimit-Reset: " + unix(now.Add(-time.Minute))}
		}, 7 * time.Second},
		"a window of hours": {429, func(now time.Time) []string {
			return []string{"X-RateLimit-Limit: 10", "X-RateLimit-Remaining: 0", "X-RateLimit-Reset: " + unix(now.Add(5*time.Hour))}
		}, MaxPause},
		"the year 9999": {429, func(time.Time) []string {
			return []string{"X-RateLimit-Limit: 10", "X-RateLimit-Remaining: 0", "X-RateLimit-Reset: 253402300799"}
		}, time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				thisCentury()
				observer := &seen{}
				var sent []time.Time
				client := inMemory(t, func(req *http.Request) (*http.Response, error) {
					sent = append(sent, time.Now())
					if len(sent) == 1 {
						return answer(req, c.status, c.header(time.Now())...), nil
					}
					return answer(req, http.StatusOK), nil
				}, func(s *Settings) { s.Observer = observer })

				_, err := client.Get(t.Context(), userLogs)
				require.NoError(t, err, "who asks need not know of the pause")
				require.Len(t, sent, 2)
				pause := sent[1].Sub(sent[0])
				assert.GreaterOrEqual(t, pause, c.want)
				assert.LessOrEqual(t, pause, c.want+c.want/10)
				assert.Equal(t, []int{429, 200}, observer.statuses, "a 403 that asks for a pause means that")
				assert.Equal(t, []time.Duration{pause}, observer.throttled)
				assert.Equal(t, pause, total(observer.waited))
			})
		})
	}
}

// withBody gives an answer a body of a type.
func withBody(resp *http.Response, media, body string) *http.Response {
	resp.Body, resp.ContentLength = io.NopCloser(strings.NewReader(body)), int64(len(body))
	if media != "" {
		resp.Header.Set("Content-Type", media)
	}
	return resp
}

// A 403 is about rights, unless it says when to come back, that nothing is left, or that it means the rate.
func TestForbiddenThatMeansTheRate(t *testing.T) {
	const canvas = "403 Forbidden (Rate Limit Exceeded)\n"
	for name, c := range map[string]struct {
		media, body, left string
		throttle          bool
	}{
		"as Canvas says it":               {"text/plain; charset=utf-8", canvas, "49.87", true},
		"without a word on what is left":  {"text/plain", canvas, "", true},
		"in another case":                 {"Text/Plain", strings.ToUpper(canvas), "", true},
		"with parameters that are broken": {"text/plain; charset", canvas, "", true},
		"in a long text":                  {"text/plain", strings.Repeat(" ", 1<<10-len(canvas)) + canvas, "", true},
		"behind a long text":              {"text/plain", strings.Repeat(" ", 1<<10) + canvas, "", false},
		"in an entry, as JSON":            {"application/json", `[{"text":"` + canvas + `"}]`, "", false},
		"as HTML":                         {"text/html", canvas, "", false},
		"as nobody knows what":            {"", canvas, "", false},
		"as something that is no type":    {"text plain", canvas, "", false},
		"nothing":                         {"text/plain", "", "", false},
		"another reason":                  {"text/plain", canaryBody, "", false},
		"a drop is left":                  {"application/json", "{}", "0.1", false},
		"left is text":                    {"application/json", "{}", "none", false},
		"left is NaN":                     {"application/json", "{}", "NaN", false},
		"left is beyond numbers":          {"application/json", "{}", "-Inf", false},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				observer := &seen{}
				client := inMemory(t, func(req *http.Request) (*http.Response, error) {
					if len(observer.statuses) > 0 {
						return answer(req, http.StatusOK), nil
					}
					var header []string
					if c.left != "" {
						header = append(header, "X-Rate-Limit-Remaining: "+c.left)
					}
					return withBody(answer(req, http.StatusForbidden, header...), c.media, c.body), nil
				}, func(s *Settings) { s.Observer = observer })
				_, err := client.Get(t.Context(), userLogs)
				if c.throttle {
					require.NoError(t, err)
					assert.Equal(t, []int{429, 200}, observer.statuses)
					assert.GreaterOrEqual(t, total(observer.throttled), time.Second)
					return
				}
				requireSilent(t, err, source.Forbidden)
				require.NotContains(t, strings.ToLower(err.Error()), "rate limit", "no error quotes a body")
				assert.Equal(t, []int{403}, observer.statuses)
				assert.Empty(t, observer.throttled)
			})
		})
	}
}

// What cannot be read says nothing of the rate.
func TestForbiddenWhoseBodyFails(t *testing.T) {
	client := inMemory(t, func(req *http.Request) (*http.Response, error) {
		resp := answer(req, http.StatusForbidden, "Content-Type: text/plain")
		resp.Body = io.NopCloser(failing(func() error { return io.ErrUnexpectedEOF }))
		return resp, nil
	}, nil)
	_, err := client.Get(t.Context(), userLogs)
	requireSilent(t, err, source.Forbidden)
}

// An API that says 429 and no more is asked ever less often, but at least every minute; success ends that.
func TestOwnPausesDoubleToAMinute(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		observer := &seen{}
		n := 0
		client := inMemory(t, func(req *http.Request) (*http.Response, error) {
			if n++; n == 10 || n == 12 {
				return answer(req, http.StatusOK), nil
			}
			return answer(req, http.StatusTooManyRequests), nil
		}, func(s *Settings) { s.Observer = observer })
		for range 2 {
			_, err := client.Get(t.Context(), userLogs)
			require.NoError(t, err)
		}
		require.Len(t, observer.throttled, 10)
		for i, seconds := range []float64{1, 2, 4, 8, 16, 32, 60, 60, 60, 1} {
			assert.GreaterOrEqual(t, observer.throttled[i].Seconds(), seconds)
			assert.LessOrEqual(t, observer.throttled[i].Seconds(), 1.1*seconds)
		}
	})
}

// crowd lets n callers at a client, again and again until ctx is done.
func crowd(ctx context.Context, n int, client *Client) *sync.WaitGroup {
	var callers sync.WaitGroup
	for range n {
		callers.Go(func() {
			for ctx.Err() == nil {
				_, _ = client.Get(ctx, userLogs)
			}
		})
	}
	return &callers
}

// While some answers of a crowd ask for a pause, others that were asked for earlier still come in. They end nothing.
func TestPauseHoldsEverybody(t *testing.T) {
	for name, c := range map[string]struct {
		header []string
		pause  time.Duration
		all    bool // every request under way is refused, not one of them
	}{
		"one says how long":  {[]string{"Retry-After: 30"}, 30 * time.Second, false},
		"all say how long":   {[]string{"Retry-After: 30"}, 30 * time.Second, true},
		"one says only that": {nil, time.Second, false},
		"all say only that":  {nil, time.Second, true},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				const callers, latency = 8, 100 * time.Millisecond
				ctx, cancel := context.WithCancel(t.Context())
				var mu sync.Mutex
				var sent []time.Time
				var refused time.Time
				client := inMemory(t, func(req *http.Request) (*http.Response, error) {
					mu.Lock()
					sent = append(sent, time.Now())
					n := len(sent)
					mu.Unlock()
					switch { // one goes alone, then eight at a time: 18 to 25 are under way together
					case n == 20 || c.all && n >= 18 && n <= 25:
						if err := pass(req, latency/2); err != nil {
							return nil, err
						}
						mu.Lock()
						if refused.IsZero() {
							refused = time.Now()
						}
						mu.Unlock()
						return answer(req, http.StatusTooManyRequests, c.header...), nil
					default:
						if err := pass(req, latency); err != nil {
							return nil, err
						}
						return answer(req, http.StatusOK), nil
					}
				}, nil)
				everybody := crowd(ctx, callers, client)
				time.Sleep(c.pause*11/10 + 3*time.Second)
				cancel()
				everybody.Wait()

				var after []time.Time
				for _, at := range sent {
					if at.After(refused) {
						after = append(after, at)
					}
				}
				require.Greater(t, len(after), 10)
				first := after[0]
				assert.GreaterOrEqual(t, first.Sub(refused), c.pause, "the first request after the pause")
				assert.LessOrEqual(t, first.Sub(refused), c.pause*11/10+latency, "no longer than asked for, however many were refused")
				assert.GreaterOrEqual(t, after[1].Sub(first), latency, "the first goes alone")
				assert.Equal(t, after[1], after[callers], "then all go")
			})
		})
	}
}

// A pause begins with the head of the answer that asks for it.
func TestPauseDoesNotWaitForASlowBody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
		defer cancel()
		var sent atomic.Int32
		client := inMemory(t, func(req *http.Request) (*http.Response, error) {
			n := sent.Add(1)
			if n == 1 {
				return answer(req, http.StatusOK), nil
			}
			resp := answer(req, http.StatusTooManyRequests, "Retry-After: 60")
			if n == 2 {
				resp.Body = io.NopCloser(slow{req})
				return resp, nil
			}
			return resp, nil
		}, nil)
		_, err := client.Get(ctx, userLogs)
		require.NoError(t, err)
		slowOne := crowd(ctx, 1, client)
		time.Sleep(time.Second)
		_, err = client.Get(ctx, userLogs)
		require.ErrorIs(t, err, context.DeadlineExceeded)
		assert.EqualValues(t, 2, sent.Load(), "nothing was sent during the pause")
		slowOne.Wait()
	})
}

// slow is a body that comes after ten seconds.
type slow struct{ req *http.Request }

func (s slow) Read([]byte) (int, error) {
	if err := pass(s.req, 10*time.Second); err != nil {
		return 0, err
	}
	return 0, io.EOF
}

// A 429 may hold a remainder of nothing and no end of its window that can be. When the pause is over, that is too.
func TestQuotaOfA429IsNotBelievedAfterThePause(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		thisCentury()
		var sent atomic.Int32
		client := inMemory(t, func(req *http.Request) (*http.Response, error) {
			if sent.Add(1) == 1 {
				return answer(req, http.StatusTooManyRequests,
					"X-RateLimit-Limit: 10", "X-RateLimit-Remaining: 0", "X-RateLimit-Reset: "+year9999(time.Now(), time.Now())), nil
			}
			if err := pass(req, 100*time.Millisecond); err != nil {
				return nil, err
			}
			return answer(req, http.StatusOK), nil
		}, nil)
		ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
		defer cancel()
		crowd(ctx, 8, client).Wait()
		assert.GreaterOrEqual(t, int(sent.Load()), 1+8*17)
	})
}
