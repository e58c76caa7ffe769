package canvas

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/userlog/userlog-otel/receiver/internal/source"
)

// One log's delivery is repeated until its read is cancelled; another log waits, and is cancelled as well; then the turn
// is free.
func TestACancelledReadGivesTheTurnBack(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := mixed(t)
		published := w.publish(1, 5, time.Minute, time.Second)
		delivering, cancelDelivery := context.WithCancel(t.Context())
		waiting, cancelWait := context.WithCancel(t.Context())
		delivered, waited := make(chan struct{}), make(chan error, 1)
		go func() {
			defer close(delivered)
			for _, err := range w.Read(delivering, "users/3", w.cursors["users/3"]) {
				assert.NoError(t, err)
				<-delivering.Done() // the next consumer refuses until then
				break
			}
		}()
		synctest.Wait()
		go func() {
			for _, err := range w.Read(waiting, "accounts/1", w.cursors["accounts/1"]) {
				waited <- err
			}
		}()
		synctest.Wait()
		require.Empty(t, waited, "it has not got the turn")
		cancelWait()
		require.ErrorIs(t, <-waited, context.Canceled)
		cancelDelivery()
		<-delivered
		assert.Equal(t, published, w.read("accounts/1"), "nothing was accepted, and the turn is free")
	})
}

// Somebody who can write cursors makes one log say that everything was delivered, up to the year 9999.
func TestACursorOfTheFutureHidesNothingOfTheOtherLogs(t *testing.T) {
	t.Parallel()
	for _, other := range []source.Subject{"users/3", "logins/5"} {
		w := mixed(t)
		published := w.publish(1, 5, time.Minute, time.Second)
		p := parsed(t, w.Start(w.now))
		p.Start, p.Newest, p.Floor = time.Time{}, w.now, time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)
		w.cursors[other] = p.cursor()
		assert.Equal(t, published, w.read("accounts/1"), "%s", other)
	}
}
