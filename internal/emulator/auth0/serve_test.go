package auth0

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestInterceptAnswersBeforeAnythingElse(t *testing.T) {
	r := start(t, Options{Tokens: []string{"t"}})
	r.Intercept(func(w http.ResponseWriter, req *http.Request) bool {
		if req.URL.Query().Has("fail") {
			w.WriteHeader(http.StatusBadGateway)
			return true
		}
		return false
	})
	assert.Equal(t, http.StatusBadGateway, r.getAs("", "/api/v2/logs?fail").status)
	assert.Equal(t, http.StatusOK, r.getAs("t", "/api/v2/logs").status)
	r.Intercept(nil)
	assert.Equal(t, http.StatusOK, r.getAs("t", "/api/v2/logs?fail").status)
}

func TestInterceptMayCutTheConnection(t *testing.T) {
	r := start(t, Options{})
	r.Intercept(func(w http.ResponseWriter, _ *http.Request) bool {
		conn, _, err := http.NewResponseController(w).Hijack()
		if err == nil {
			_ = conn.Close()
		}
		return true
	})
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, r.url+"/api/v2/logs", nil)
	require.NoError(t, err)
	resp, err := http.DefaultClient.Do(req)
	if err == nil {
		_ = resp.Body.Close()
	}
	require.Error(t, err)
	assert.Zero(t, r.Requests()[0].Status)
}

func TestInterceptTokenLeavesTheAPIAlone(t *testing.T) {
	r := start(t, Options{})
	r.InterceptToken(func(w http.ResponseWriter, _ *http.Request) bool {
		w.WriteHeader(http.StatusServiceUnavailable)
		return true
	})
	assert.Equal(t, http.StatusServiceUnavailable, r.token(grant("s")).status)
	assert.Equal(t, http.StatusOK, r.get("/api/v2/logs").status)
	r.InterceptToken(nil)
	assert.Equal(t, http.StatusOK, r.token(grant("s")).status)
}

func TestOnRequestMayChangeTheLogBetweenTwoPages(t *testing.T) {
	r := start(t, Options{})
	require.NoError(t, r.Publish(ada, events(4)...))
	r.OnRequest(func(_ *http.Request, n int) {
		if n == 2 {
			assert.NoError(t, r.Publish(ada, json.RawMessage(event("9", 9))))
		}
	})
	assert.Equal(t, []string{"000003", "000002"}, r.get(adaLogs+"?sort=date:-1&per_page=2&page=0").ids(t))
	assert.Equal(t, []string{"000002", "000001"}, r.get(adaLogs+"?sort=date:-1&per_page=2&page=1").ids(t))
	r.OnRequest(nil)
}

func TestRequestsAreRecorded(t *testing.T) {
	c := &clock{at: day}
	r := start(t, Options{Now: c.now})
	got := r.get(adaLogs + "?page=1&per_page=101")
	assert.Equal(t, day.Format(http.TimeFormat), got.header.Get("Date"))
	r.token(grant("s"))
	rec := r.Requests()
	require.Len(t, rec, 2)
	assert.Equal(t, Request{
		Time: day, Method: "GET", Path: adaLogs, Query: map[string][]string{"page": {"1"}, "per_page": {"101"}},
		Status: 400, Remaining: -1, User: ada,
	}, rec[0])
	assert.Equal(t, http.StatusOK, rec[1].Status)
	r.ResetRequests()
	assert.Empty(t, r.Requests())
}

func TestTenantIsSafeForConcurrentUse(t *testing.T) {
	r := start(t, Options{RateLimit: RateLimit{Limit: 1000}})
	var wg sync.WaitGroup
	for g := range 8 {
		wg.Go(func() {
			user := fmt.Sprintf("auth0|%d", g%3)
			for i := range 40 {
				if err := r.Publish(user, json.RawMessage(event(fmt.Sprintf("%d-%d", g, i), i%7))); err != nil {
					t.Error(err)
				}
				serve(r.Tenant, "/api/v2/users/"+url.PathEscape(user)+"/logs?sort=date:-1")
				r.Remove(user, fmt.Sprintf("%d-%d", g, i-10))
				r.SetUserStatus("auth0|9", 404)
				_ = r.Requests()
			}
		})
	}
	wg.Wait()
	assert.Len(t, r.Entries(""), 8*10)
}

func TestLargeLogIsCheapToExtendAndToRead(t *testing.T) {
	tenant := New(Options{})
	all := events(100_000)
	require.NoError(t, tenant.Publish(ada, all...))
	began := time.Now()
	for i := range 200 { // late ones, each into the middle
		require.NoError(t, tenant.Publish(ada, json.RawMessage(event(fmt.Sprintf("9%05d", i), i))))
		require.Equal(t, http.StatusOK, serve(tenant, adaLogs+"?sort=date:-1&per_page=100&page=9").Code)
	}
	assert.Less(t, time.Since(began), 5*time.Second, "a linear scan or a sort on each request takes far longer")
}
