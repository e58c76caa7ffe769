package canvas

import (
	"net/http"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

func TestFullBucketRefusesInPlainText(t *testing.T) {
	t.Parallel()
	for status, text := range map[int]string{0: "403 Forbidden (Rate Limit Exceeded)\n", 429: "429 Forbidden (Rate Limit Exceeded)\n"} {
		now := noon
		r := start(t, Options{Now: func() time.Time { return now }, Bucket: Bucket{Cost: 250, Status: status}})
		r.publish(1)
		for _, left := range []string{"350.0", "100.0", "-150.0"} {
			got := r.get(userLog)
			assert.Equal(t, http.StatusOK, got.status)
			assert.Equal(t, "250.0", got.header.Get("X-Request-Cost"))
			assert.Equal(t, left, got.header.Get("X-Rate-Limit-Remaining"))
		}
		got := r.get(userLog)
		assert.Equal(t, text, got.body)
		assert.Equal(t, text[:3], strconv.Itoa(got.status))
		assert.Equal(t, "text/plain; charset=utf-8", got.header.Get("Content-Type"))
		assert.Equal(t, "0.0", got.header.Get("X-Rate-Limit-Remaining"))
		assert.Empty(t, got.header.Get("X-Request-Cost"))
		assert.Empty(t, got.header.Get("Retry-After"))

		now = now.Add(21 * time.Second) // 750 - 210 + the 50 up front is below 600
		assert.Equal(t, http.StatusOK, r.get(userLog).status)
	}
}

func TestBucketIsFullWhereThePlaceInFrontNoLongerFits(t *testing.T) {
	t.Parallel()
	now := noon
	r := start(t, Options{Now: func() time.Time { return now }, Bucket: Bucket{Cost: 90, HighWater: 100, Leak: 1, UpFront: 20, RefusalTellsRest: true}})
	assert.Equal(t, "10.0", r.get(userLog).header.Get("X-Rate-Limit-Remaining"))
	got := r.get(userLog)
	assert.Equal(t, http.StatusForbidden, got.status)
	assert.Equal(t, "10.0", got.header.Get("X-Rate-Limit-Remaining"), "more than nothing, and refused all the same")
	now = now.Add(10*time.Second + 500*time.Millisecond)
	got = r.get(userLog)
	assert.Equal(t, http.StatusNotFound, got.status, "let in")
	assert.Equal(t, "-69.5", got.header.Get("X-Rate-Limit-Remaining"))
}

func TestRunningRequestsTakeTheirPlaceInFront(t *testing.T) {
	t.Parallel()
	b := newBuckets(Bucket{Cost: 1, HighWater: 100, UpFront: 40})
	var running []func()
	for _, want := range []bool{true, true, false} {
		done, ok := b.enter(http.Header{}, "t", noon)
		assert.Equal(t, want, ok)
		running = append(running, done)
	}
	for _, done := range running {
		done()
	}
	h := http.Header{}
	_, ok := b.enter(h, "t", noon)
	assert.True(t, ok)
	assert.Equal(t, "97.0", h.Get("X-Rate-Limit-Remaining"))
}

func TestEachTokenHasItsBucket(t *testing.T) {
	t.Parallel()
	now := noon
	r := start(t, Options{Now: func() time.Time { return now }, Bucket: Bucket{Cost: 700}})
	assert.Equal(t, http.StatusNotFound, r.get(userLog).status)
	assert.Equal(t, http.StatusForbidden, r.get(userLog).status)
	assert.Equal(t, http.StatusNotFound, r.ask(userLog, "Authorization", "Bearer other").status)
	now = now.Add(-time.Hour)
	assert.Equal(t, http.StatusForbidden, r.get(userLog).status, "a clock that goes back empties nothing")
}

func TestBucketIsOffByDefault(t *testing.T) {
	t.Parallel()
	r := start(t, Options{})
	got := r.get(userLog)
	assert.NotContains(t, got.header, "X-Request-Cost")
	assert.NotContains(t, got.header, "X-Rate-Limit-Remaining")
	assert.Equal(t, -1, r.Requests()[0].Remaining)
}
