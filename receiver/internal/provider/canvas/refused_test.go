package canvas

import (
	"encoding/json"
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	emulator "github.com/userlog/userlog-otel/internal/emulator/canvas"
	"github.com/userlog/userlog-otel/receiver/internal/claim"
	"github.com/userlog/userlog-otel/receiver/internal/source"
)

// refuses reads a log for which a right is missing, as the engine does, and returns how many batches came before the
// error.
func (w *world) refuses(s source.Subject) (batches int) {
	w.Helper()
	var failed error
	for batch, err := range w.Read(w.Context(), s, w.cursors[s]) {
		if err != nil {
			failed = err
			break
		}
		assert.Empty(w, batch.Entries)
		w.cursors[s] = batch.Cursor
		batches++
	}
	require.Equal(w, source.Forbidden, source.KindOf(failed))
	require.Error(w, failed)
	return batches
}

// partial is a world with a user in two accounts, the second of which the token has no right for: an event of that is
// hidden from the user's log as well.
func partial(t *testing.T) (w *world, hidden string) {
	logs := NewLogs(fixed{"3"}, []string{"2"}, nil)
	w = newWorld(t, emulator.Options{}, logs, nil)
	_, err := logs.List(t.Context())
	require.NoError(t, err)
	w.AddAccount(1, "Example University")
	w.AddAccount(2, "Example College")
	w.AddUser(3, "Ada")
	w.begin(24*time.Hour, "users/3", "accounts/2")
	at := w.now.Add(-time.Hour)
	w.PublishRaw([]string{"accounts/2"}, at, json.RawMessage(fmt.Sprintf(
		`{"id":"hidden","created_at":%q,"event_type":"login","links":{"login":5,"account":2,"user":3}}`, at.UTC().Format(time.RFC3339))))
	w.SetStatus("accounts/2", http.StatusForbidden)
	w.Publish(emulator.Event{ID: "seen", At: w.now.Add(-time.Second), Type: "login", User: 3, Login: 4, Account: 1})
	require.Equal(t, []string{"seen"}, w.read("users/3"))
	return w, "hidden"
}

func (w *world) login(id string, age time.Duration) {
	w.Publish(emulator.Event{ID: id, At: w.now.Add(-age), Type: "login", User: 3, Login: 5, Account: 2})
}

func TestALogThatWasRefusedDeliversWhatWasHiddenFromTheOthers(t *testing.T) {
	t.Parallel()
	w, hidden := partial(t)
	require.Equal(t, 1, w.refuses("accounts/2"))
	w.Provider = New(w.s) // a restart: that it was refused is in the cursor
	w.SetStatus("accounts/2", 0)
	assert.Equal(t, []string{hidden}, w.read("accounts/2"))
	assert.Empty(t, w.read("accounts/2"))
}

func TestARefusalIsStoredOnce(t *testing.T) {
	t.Parallel()
	w, _ := partial(t)
	require.Equal(t, 1, w.refuses("accounts/2"))
	for range 3 {
		assert.Zero(t, w.refuses("accounts/2"))
	}
	w.SetStatus("accounts/2", http.StatusNotFound)
	for batch, err := range w.Read(t.Context(), "accounts/2", w.cursors["accounts/2"]) {
		require.Error(t, err, batch)
	}
}

// Nothing is new in the log when it is readable again: that is stored all the same, or else the doubt would go on.
func TestTheDoubtIsOfTheTimeUntilTheLogIsReadable(t *testing.T) {
	t.Parallel()
	w, hidden := partial(t)
	w.refuses("accounts/2")
	w.Remove(hidden)
	w.SetStatus("accounts/2", 0)
	require.Len(t, w.batches("accounts/2"), 1)
	require.Empty(t, w.batches("accounts/2"), "and then it is idle")
	require.False(t, parsed(t, w.cursors["accounts/2"]).doubt.IsZero())

	w.now = w.now.Add(time.Hour)
	w.login("later", time.Second)
	require.Equal(t, []string{"later"}, w.read("users/3"))
	w.now = w.now.Add(time.Hour) // past the overlap: the user's log holds no mark of it
	w.Publish(emulator.Event{ID: "other", At: w.now.Add(-time.Second), Type: "login", User: 3, Login: 4, Account: 1})
	require.Equal(t, []string{"other"}, w.read("users/3"))
	require.NotContains(t, parsed(t, w.cursors["users/3"]).Seen, markOf("later"))
	assert.Empty(t, w.read("accounts/2"), "what both could see comes once")
	assert.Zero(t, parsed(t, w.cursors["accounts/2"]).doubt, "the floor is past it")
}

// What another log delivered lately it names one by one, and that holds.
func TestMarksAreBelievedInDoubt(t *testing.T) {
	t.Parallel()
	w, hidden := partial(t)
	w.refuses("accounts/2")
	w.login("both", 2*time.Second)
	require.Equal(t, []string{"both"}, w.read("users/3"))
	w.SetStatus("accounts/2", 0)
	assert.Equal(t, []string{hidden}, w.read("accounts/2"))
}

// An account shows everything or nothing.
func TestFloorsOfAccountsAreBelievedInDoubt(t *testing.T) {
	t.Parallel()
	w := mixed(t)
	w.SetStatus("users/3", http.StatusForbidden)
	w.refuses("users/3")
	published := w.publish(1, 50, time.Hour, time.Minute)
	require.Equal(t, published, w.read("accounts/1"))
	require.Less(t, len(parsed(t, w.cursors["accounts/1"]).Seen), 5)
	w.SetStatus("users/3", 0)
	assert.Empty(t, w.read("users/3"))
}

// Whose logs have nothing in common need not know.
func TestARefusalOfALogOfItsOwnIsNotStored(t *testing.T) {
	t.Parallel()
	w := ofSchool(t, emulator.Options{}, nil)
	w.SetStatus(string(school), http.StatusForbidden)
	w.begin(time.Hour, school)
	assert.Zero(t, w.refuses(school))
}

// third is a world with logs of an account, a user and a login. While the right for the account is missing, the user's log
// goes on past an event hidden from it; then the right is there.
func third(t *testing.T) (w *world, hidden string) {
	logs := NewLogs(fixed{"3"}, []string{"2"}, []string{"5"})
	w = newWorld(t, emulator.Options{}, logs, nil)
	_, err := logs.List(t.Context())
	require.NoError(t, err)
	w.AddAccount(1, "Example University")
	w.AddAccount(2, "Example College")
	w.AddUser(3, "Ada")
	w.AddLogin(5, 3, 2, "ada@example.edu")
	w.begin(24*time.Hour, "users/3", "accounts/2", "logins/5")
	w.SetStatus("accounts/2", http.StatusForbidden)
	require.Equal(t, 1, w.refuses("accounts/2"))
	w.Publish(emulator.Event{ID: "seen", At: w.now.Add(-time.Second), Type: "login", User: 3, Login: 4, Account: 1})
	require.Equal(t, []string{"seen"}, w.read("users/3"))
	w.SetStatus("accounts/2", 0)
	w.login("hidden", time.Hour)
	return w, "hidden"
}

// The log of the login was never refused, and would take the word of the user's.
func TestWhatWasHiddenIsDeliveredByWhoeverMeetsItFirst(t *testing.T) {
	t.Parallel()
	for _, order := range [][]source.Subject{{"logins/5", "accounts/2"}, {"accounts/2", "logins/5"}} {
		t.Run(string(order[0]), func(t *testing.T) {
			t.Parallel()
			w, hidden := third(t)
			assert.Equal(t, []string{hidden}, w.read(order[0]))
			assert.Empty(t, w.read(order[1]))
			assert.Empty(t, w.read("users/3"))
		})
	}
}

// What is only known from the floor of another log may be wrong, and is passed on to nobody.
func TestAMarkIsOfWhatWasDeliveredForCertain(t *testing.T) {
	t.Parallel()
	w := mixed(t)
	w.publish(1, 1, time.Second, 0)
	floor := w.now.Add(claim.MaxSkew)
	w.cursors["users/3"] = position{Claim: claim.Claim{Newest: floor, Floor: floor}, from: w.now.Add(-time.Hour)}.cursor()
	require.Empty(t, w.read("logins/5"))
	assert.NotContains(t, parsed(t, w.cursors["logins/5"]).Seen, markOf(idOf(1)))
	require.Empty(t, w.read("logins/5"), "it is left out again")
	delete(w.cursors, "users/3")
	assert.Equal(t, []string{idOf(1)}, w.read("accounts/1"))
}

// What each of the configured logs says of doubts is read from its cursor once, and again when that changes.
func TestDoubtsAreReadAgainWhenACursorChanges(t *testing.T) {
	t.Parallel()
	w := mixed(t)
	require.Empty(t, w.doubtsBeside("logins/5"))
	w.SetStatus("accounts/1", http.StatusForbidden)
	w.refuses("accounts/1")
	require.Len(t, w.doubtsBeside("logins/5"), 1)
	assert.Empty(t, w.doubtsBeside("accounts/1"), "its own it knows")
	w.begin(time.Hour, "accounts/1")
	assert.Empty(t, w.doubtsBeside("logins/5"))
}
