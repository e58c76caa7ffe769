package canvas

import (
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	emulator "github.com/userlog/userlog-otel/internal/emulator/canvas"
	"github.com/userlog/userlog-otel/receiver/internal/source"
)

type fixed []source.Subject

func (f fixed) List(context.Context) ([]source.Subject, error) { return f, nil }

// mixed is a world whose logs overlap: of an account, one of its users, and a login of that.
func mixed(t *testing.T) *world {
	logs := NewLogs(fixed{"3"}, []string{"1"}, []string{"5"})
	w := newWorld(t, emulator.Options{}, logs, nil)
	_, err := logs.List(t.Context())
	require.NoError(t, err)
	w.AddAccount(1, "Example University")
	w.AddUser(3, "Ada")
	w.AddLogin(5, 3, 1, "ada@example.edu")
	w.begin(24*time.Hour, mixedLogs...)
	return w
}

var mixedLogs = []source.Subject{"users/3", "accounts/1", "logins/5"}

// publish makes events of the user with the login, the last one at an age.
func (w *world) publish(first, last int, age, step time.Duration) (ids []string) {
	for n := first; n <= last; n++ {
		w.Publish(emulator.Event{ID: idOf(n), At: w.now.Add(-age - time.Duration(last-n)*step), Type: "login", User: 3, Login: 5, Account: 1})
		ids = append(ids, idOf(n))
	}
	return ids
}

func TestAnEventOfSeveralLogsComesOnce(t *testing.T) {
	t.Parallel()
	for first := range mixedLogs {
		w := mixed(t)
		var delivered, published []string
		for round := range 6 {
			published = append(published, w.publish(100*round, 100*round+24, time.Second, 2*time.Second)...)
			for i := range mixedLogs {
				delivered = append(delivered, w.read(mixedLogs[(first+i)%len(mixedLogs)])...)
			}
			if round == 3 { // a restart: what is known is in the cursors
				w.Provider = New(w.s)
			}
			w.now = w.now.Add(90 * time.Second)
		}
		assert.ElementsMatch(t, published, delivered, "beginning with %s", mixedLogs[first])
	}
}

// Long after the user's log has settled, the account's is read for the first time.
func TestALogThatIsReadLaterRepeatsNothing(t *testing.T) {
	t.Parallel()
	w := mixed(t)
	published := w.publish(1, 50, time.Hour, time.Minute)
	assert.Equal(t, published, w.read("users/3"))
	other := emulator.Event{ID: idOf(900), At: w.now.Add(-90 * time.Minute), Type: "login", User: 4, Login: 6, Account: 1}
	w.Publish(other)
	assert.Equal(t, []string{other.ID}, w.read("accounts/1"))
	assert.Empty(t, w.read("logins/5"))
}

// What a log could not be read for is not taken as delivered by it.
func TestALogThatFailsTakesNothingFromTheOthers(t *testing.T) {
	t.Parallel()
	w := mixed(t)
	published := w.publish(1, 5, time.Minute, time.Second)
	w.SetStatus("users/3", http.StatusNotFound)
	for _, err := range w.Read(t.Context(), "users/3", w.cursors["users/3"]) {
		assert.Equal(t, source.Gone, source.KindOf(err))
	}
	assert.Equal(t, published, w.read("accounts/1"))
}

func TestEventsFromBeforeALogBeganAreTheOthersOwn(t *testing.T) {
	t.Parallel()
	w := mixed(t)
	w.begin(time.Minute, "users/3")
	published := w.publish(1, 5, 0, 30*time.Second) // two minutes
	fromUser := w.read("users/3")
	assert.Less(t, len(fromUser), len(published))
	assert.ElementsMatch(t, published, append(fromUser, w.read("accounts/1")...))
}

func TestLogsOfOneKindAreReadWithoutALook(t *testing.T) {
	t.Parallel()
	for _, logs := range []*Logs{NewLogs(nil, []string{"1", "2"}, nil), NewLogs(fixed{"3"}, nil, nil)} {
		_, err := logs.List(t.Context())
		require.NoError(t, err)
		assert.False(t, logs.Overlap())
	}
	assert.True(t, NewLogs(nil, []string{"1", "self"}, nil).Overlap(), "the same account may have two names")
	assert.True(t, NewLogs(nil, []string{"1"}, []string{"5"}).Overlap())
}
