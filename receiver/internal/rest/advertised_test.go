package rest

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

func TestLimitIsReadOfEitherKindOfHeaders(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 24, 10, 0, 0, 0, time.UTC)
	for name, test := range map[string]struct {
		header http.Header
		want   Limit
		told   bool
	}{
		"none": {http.Header{}, Limit{}, false},
		"of requests": {
			http.Header{"X-Ratelimit-Limit": {"50"}, "X-Ratelimit-Remaining": {"47"}, "X-Ratelimit-Reset": {"1795514403"}},
			Limit{Limit: 50, Remaining: 47, Resets: now.Add(4 * time.Second)},
			true,
		},
		"of requests, without an end": {http.Header{"X-Ratelimit-Limit": {"50"}, "X-Ratelimit-Remaining": {"0"}}, Limit{Limit: 50}, true},
		"of what they cost":           {http.Header{"X-Rate-Limit-Remaining": {"599.5"}}, Limit{Remaining: 599.5}, true},
		"of nonsense":                 {http.Header{"X-Ratelimit-Limit": {"many"}}, Limit{}, false},
	} {
		got, told := ReadLimit(test.header, now, now)
		assert.Equal(t, test.told, told, name)
		assert.Equal(t, test.want, got, name)
	}
}
