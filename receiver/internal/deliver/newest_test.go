package deliver

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/userlog/userlog-otel/receiver/internal/source"
)

func TestNewestOfEntriesWithoutTimesIsUnknown(t *testing.T) {
	d, o := newDeliverer(&next{}, steady())
	require.NoError(t, d.Deliver(t.Context(), []source.Entry{entry(0)}))
	assert.Equal(t, []string{"begin", "accepted 1", "end 1 refused 0 failed=false"}, o.events)
}

// One entry dated in the year 9999 must not make all that follow look old.
func TestNewestOfEntriesIsNotInTheFuture(t *testing.T) {
	for _, test := range []struct {
		name    string
		minutes []int // from now
		want    time.Duration
	}{
		{"one of several", []int{-5, 1, -3}, -3 * time.Minute},
		{"just now", []int{0}, 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			now := day.Add(time.Hour)
			var batch []source.Entry
			for _, m := range test.minutes {
				batch = append(batch, entry(60+m))
			}
			assert.Equal(t, now.Add(test.want), newestOf(batch, now))
		})
	}
	synctest.Test(t, func(t *testing.T) {
		now := entry(time.Since(day) / time.Minute)
		d, o := newDeliverer(&next{}, steady())
		require.NoError(t, d.Deliver(t.Context(), []source.Entry{now}))
		require.NoError(t, d.Deliver(t.Context(), []source.Entry{now + 1}))
		assert.Equal(t, "accepted 1 to 00:00", o.events[1])
		assert.Equal(t, "accepted 1", o.events[4])
	})
}
