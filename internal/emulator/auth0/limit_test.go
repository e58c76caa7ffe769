package auth0

import (
	"net/http"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

func TestRateLimitEmptiesAndRefillsAtTheTopOfTheWindow(t *testing.T) {
	c := &clock{at: day.Add(300 * time.Millisecond)}
	r := start(t, Options{Now: c.now, RateLimit: RateLimit{Limit: 2, Window: time.Second}})
	for _, want := range []string{"1", "0"} {
		got := r.get("/api/v2/logs")
		assert.Equal(t, http.StatusOK, got.status)
		assert.Equal(t, "2", got.header.Get("X-RateLimit-Limit"))
		assert.Equal(t, want, got.header.Get("X-RateLimit-Remaining"))
		assert.Equal(t, strconv.FormatInt(day.Unix()+1, 10), got.header.Get("X-RateLimit-Reset"))
	}
	got := r.get(adaLogs)
	assert.Equal(t, http.StatusTooManyRequests, got.status)
	assert.Equal(t, `{"statusCode":429,"error":"Too Many Requests","message":"Global limit has been reached","errorCode":"too_many_requests"}`, got.body)
	assert.Equal(t, "0", got.header.Get("X-RateLimit-Remaining"))
	assert.Equal(t, "1", got.header.Get("Retry-After"))
	c.advance(700 * time.Millisecond)
	assert.Equal(t, http.StatusOK, r.get("/api/v2/logs").status)
	var recorded []int
	for _, request := range r.Requests() {
		recorded = append(recorded, request.Remaining)
	}
	assert.Equal(t, []int{1, 0, 0, 1}, recorded)
}

func TestRateLimitPartialRefill(t *testing.T) {
	b := newBucket(RateLimit{Limit: 5, Refill: 2, Window: time.Minute}, day)
	spend := func(at time.Time) (n int) {
		for b.take(http.Header{}, at) {
			n++
		}
		return n
	}
	assert.Equal(t, 5, spend(day))
	assert.Equal(t, 2, spend(day.Add(time.Minute)))
	assert.Equal(t, 4, spend(day.Add(3*time.Minute)))
	assert.Equal(t, 5, spend(day.Add(1000*time.Hour)))
	assert.Zero(t, spend(day), "a clock that goes back refills nothing")
}

func TestNoLimitMeansNoHeaders(t *testing.T) {
	r := start(t, Options{})
	assert.Empty(t, r.get("/api/v2/logs").header.Get("X-RateLimit-Limit"))
	assert.Equal(t, -1, r.Requests()[0].Remaining)
}

func TestRetryAfterTellsTheWholeWait(t *testing.T) {
	b := newBucket(RateLimit{Limit: 1, Window: time.Minute}, day)
	h := http.Header{}
	assert.True(t, b.take(h, day))
	assert.False(t, b.take(h, day.Add(14500*time.Millisecond)))
	assert.Equal(t, "46", h.Get("Retry-After"))
}
