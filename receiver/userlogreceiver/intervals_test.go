package userlogreceiver

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component/componenttest"

	"github.com/userlog/userlog-otel/receiver/internal/provider/auth0"
	"github.com/userlog/userlog-otel/receiver/internal/source"
)

func TestIntervalsSayHowOftenAnIdleLogIsRead(t *testing.T) {
	for _, test := range []struct {
		name   string
		keys   keys
		window int
		want   int // reads in a day
	}{
		{"alike by default", keys{"collection_interval": "1m"}, 0, 24 * 60},
		{"ever less often", keys{"collection_interval": "1m", "max_collection_interval": "8h"}, 0, 10 + 1},                               // 2^10 minutes are 17 hours
		{"every hour where it could outgrow a window", keys{"collection_interval": "1m", "max_collection_interval": "8h"}, 1000, 7 + 21}, // ever a little more than an hour
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p, reads := apart(t, test.keys, accepts), 0
				p.runs(t, provided{lister: only(user), window: test.window, reader: reader(func(after source.Cursor) (source.Batch, error) {
					reads++
					return source.Batch{Cursor: after}, nil
				})}, nil)
				time.Sleep(24*time.Hour - time.Second)
				synctest.Wait()
				assert.Equal(t, test.want, reads)
				require.NoError(t, p.Shutdown(t.Context()))
			})
		})
	}
}

func TestWindowOfAUsersLogIsThatOfAuth0(t *testing.T) {
	p := apart(t, nil, accepts)
	from, err := p.auth0(t.Context(), componenttest.NewNopHost(), p.observer)
	require.NoError(t, err)
	assert.Equal(t, auth0.MaxResults, from.window)
}
