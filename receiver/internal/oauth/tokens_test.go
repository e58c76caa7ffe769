package oauth

import (
	"context"
	"net/http"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/userlog/userlog-otel/receiver/internal/source"
)

// together lets n callers ask at the same time.
func together(n int, ask func()) {
	var callers sync.WaitGroup
	for range n {
		callers.Go(ask)
	}
	callers.Wait()
}

func TestOneTokenForAll(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := &tenant{lasts: 86400, latency: time.Second}
		client := n.client(t, 30*time.Second)
		for range 3 {
			together(20, func() {
				status, err := ask(t, client)
				assert.NoError(t, err)
				assert.Equal(t, http.StatusOK, status)
			})
		}
		assert.Len(t, n.asked, 1)
		assert.Len(t, n.used, 60)
	})
}

// A token is used until shortly before its end, and not beyond.
func TestTokenIsKeptUntilItEnds(t *testing.T) {
	for name, c := range map[string]struct {
		lasts         int
		fine, renewed time.Duration // the token is still, and is no longer, used after that time
	}{
		"a day":        {86400, 86389 * time.Second, 86390 * time.Second},
		"a minute":     {60, 49 * time.Second, 50 * time.Second},
		"ten seconds":  {10, 4 * time.Second, 5 * time.Second},
		"two seconds":  {2, 999 * time.Millisecond, time.Second},
		"not told":     {0, 1000 * time.Hour, 0},
		"already over": {-5, 1000 * time.Hour, 0},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				n := &tenant{lasts: c.lasts}
				client := n.client(t, 0)
				for _, at := range []time.Duration{0, 0, c.fine, c.renewed - c.fine} {
					time.Sleep(at)
					_, err := ask(t, client)
					require.NoError(t, err)
				}
				last := "2"
				if c.renewed == 0 {
					last = "1"
				}
				assert.Equal(t, []string{"1", "1", "1", last}, n.used)
			})
		})
	}
}

// A refused token is replaced once for everybody who was refused, and their requests are repeated.
func TestRefusedTokenIsReplacedOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		revoked := false
		n := &tenant{lasts: 86400, latency: time.Second, way: 100 * time.Millisecond}
		n.accepts = func(token string) bool { return !revoked || token != "1" }
		client := n.client(t, 30*time.Second)
		_, err := ask(t, client)
		require.NoError(t, err)
		time.Sleep(minTokenAge)
		revoked = true
		together(8, func() {
			status, err := ask(t, client)
			assert.NoError(t, err)
			assert.Equal(t, http.StatusOK, status)
		})
		assert.Len(t, n.asked, 2)
		assert.Len(t, n.used, 1+8+8)
		assert.Equal(t, len(n.used), n.closed, "bodies closed, those of the refusals too")
	})
}

// A token that is refused when new would only be followed by its like.
func TestFreshTokenRefusedMakesNoStorm(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := &tenant{lasts: 86400, accepts: func(string) bool { return false }}
		client := n.client(t, 30*time.Second)
		began := time.Now()
		for time.Since(began) < 5*time.Minute {
			together(4, func() {
				status, err := ask(t, client)
				assert.NoError(t, err)
				assert.Equal(t, http.StatusUnauthorized, status, "the refusal is handed on")
			})
			time.Sleep(time.Second)
		}
		assert.LessOrEqual(t, len(n.asked), 1+5*60/30)
		for i := 1; i < len(n.asked); i++ {
			assert.GreaterOrEqual(t, n.asked[i].Sub(n.asked[i-1]), minTokenAge)
		}
	})
}

func TestRefusedCredentialsMakeNoStorm(t *testing.T) {
	for status, every := range map[int]time.Duration{
		http.StatusUnauthorized:        refusalHolds,
		http.StatusTooManyRequests:     time.Minute, // as asked for
		http.StatusInternalServerError: time.Second, // the callers' own pace
	} {
		t.Run(strconv.Itoa(status), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				n := &tenant{latency: 100 * time.Millisecond}
				n.refuse = func(req *http.Request) *http.Response {
					if status == http.StatusTooManyRequests {
						return answer(req, status, canaryBody, "Retry-After: 60")
					}
					return answer(req, status, canaryBody)
				}
				client := n.client(t, 30*time.Second)
				began := time.Now()
				for time.Since(began) < 5*time.Minute {
					together(8, func() {
						_, err := ask(t, client)
						assert.Error(t, err)
					})
					time.Sleep(time.Second)
				}
				require.Greater(t, len(n.asked), 3, "it is tried again")
				for i := 1; i < len(n.asked); i++ {
					assert.GreaterOrEqual(t, n.asked[i].Sub(n.asked[i-1]), every)
				}
				assert.Empty(t, n.used, "nothing is sent without a token")

				n.refuse = nil
				time.Sleep(every)
				_, err := ask(t, client)
				require.NoError(t, err, "the failure is forgotten")
			})
		})
	}
}

func TestCallerThatGivesUpWaitsForNobody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := &tenant{lasts: 86400, latency: time.Minute}
		tokens := newTokens(t, "https://tenant.example.com/oauth/token", &http.Client{Transport: roundTripper(n.token)})
		began := time.Now()
		var others sync.WaitGroup
		others.Go(func() {
			ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
			defer cancel()
			_, err := tokens.get(ctx)
			assert.Equal(t, context.DeadlineExceeded, err, "the one who asks")
			assert.Equal(t, 20*time.Second, time.Since(began))
		})
		synctest.Wait()
		others.Go(func() {
			token, err := tokens.get(t.Context())
			if assert.NoError(t, err, "that the other gave up is no failure") {
				assert.Equal(t, canaryToken+"-2", token.value)
			}
		})
		synctest.Wait()
		ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
		defer cancel()
		_, err := tokens.get(ctx)
		require.Equal(t, context.DeadlineExceeded, err, "one who waits")
		assert.Equal(t, 3*time.Second, time.Since(began))
		assert.False(t, tokens.renewable(ctx, &token{}), "one whose token was refused")
		assert.Equal(t, 3*time.Second, time.Since(began))
		others.Wait()
		assert.Len(t, n.asked, 2)
	})
}

func TestStaticTokenIsSentAsItIs(t *testing.T) {
	n := &tenant{}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "https://tenant.example.com/", nil)
	require.NoError(t, err)
	resp, err := (&Static{Token: canaryToken + "-x", Next: roundTripper(n.api)}).RoundTrip(req)
	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
	assert.Equal(t, []string{"x"}, n.used)
	assert.Empty(t, req.Header, "a RoundTripper does not change the request")
}

func TestSlowTokenEndpointIsATransientFailure(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := &tenant{latency: time.Hour}
		tokens := newTokens(t, "https://tenant.example.com/oauth/token", &http.Client{Transport: roundTripper(n.token), Timeout: 30 * time.Second})
		began := time.Now()
		_, err := tokens.get(t.Context())
		requireSilent(t, err, source.Transient)
		require.ErrorContains(t, err, "within the time-out")
		assert.Equal(t, 30*time.Second, time.Since(began))
	})
}
