package userlogreceiver

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/userlog/userlog-otel/internal/emulator/auth0"
	"github.com/userlog/userlog-otel/internal/emulator/canvas"
	"github.com/userlog/userlog-otel/internal/emulator/kobil"
)

// Whose logs there are: one that something happens in, one in which nothing happened for hours, and one that could not
// be read yet.
const (
	busy = iota + 1
	idle
	unread
)

// oldLogs are the logs of a system, as they were when cursors were stored, and as they are now.
type oldLogs struct {
	system string
	api    http.Handler
	// block is the provider's block in the configuration, without endpoint and credentials.
	block keys
	// lookback is initial_lookback, if it is not the default.
	lookback time.Duration
	// add makes an entry visible, numbered in the order of ids, and returns its log.record.uid.
	add func(t *testing.T, log, number int, at time.Time) string
	// refuse lets the unread log answer with a status.
	refuse func(status int)
}

// newOldLogs serves a system whose clock stands still: what a provider takes for settled depends on it.
func newOldLogs(t *testing.T, system string, clock time.Time) *oldLogs {
	t.Helper()
	now := func() time.Time { return clock }
	switch system {
	case "auth0":
		return oldAuth0(now)
	case "kobil":
		return oldKOBIL(now)
	case "canvas":
		return oldCanvas(now)
	}
	require.FailNow(t, "no such system", system)
	return nil
}

func oldAuth0(now func() time.Time) *oldLogs {
	api := auth0.New(auth0.Options{Now: now})
	name := func(log int) string { return fmt.Sprintf("auth0|65f1c0ffee%d", log) }
	return &oldLogs{
		system: "auth0", api: api, block: keys{"users": []any{name(busy), name(idle), name(unread)}},
		add: func(t *testing.T, log, number int, at time.Time) string {
			id := fmt.Sprintf("900%037d", number)
			require.NoError(t, api.Publish(name(log), entryOf(id, at)))
			return id
		},
		refuse: func(status int) { api.SetUserStatus(name(unread), status) },
	}
}

func oldKOBIL(now func() time.Time) *oldLogs {
	api := kobil.New(kobil.Options{Now: now})
	name := func(log int) string { return fmt.Sprintf("user%d", log) }
	api.AddUsers(name(busy), name(idle), name(unread))
	return &oldLogs{
		system: "kobil", api: api, block: keys{"product": "ssms", "users": []any{name(busy), name(idle), name(unread)}},
		add: func(t *testing.T, log, number int, at time.Time) string {
			require.NoError(t, api.Publish(name(log), kobil.NewEntry(name(log), int64(number), at).JSON()))
			return fmt.Sprint(number)
		},
		refuse: func(status int) { api.SetUserStatus(name(unread), status) },
	}
}

// oldCanvas reads the account too, in whose log the events of the busy and of the idle user stand.
func oldCanvas(now func() time.Time) *oldLogs {
	const account, elsewhere = 1, 2
	api := canvas.New(canvas.Options{Now: now})
	api.AddAccount(account, "Example University")
	api.AddAccount(elsewhere, "Example College")
	for user := int64(busy); user <= unread; user++ {
		api.AddUser(user, "Ada")
		api.AddLogin(10+user, user, account, "ada@example.edu")
	}
	return &oldLogs{
		system: "canvas", api: api, block: keys{"users": []any{busy, idle, unread}, "accounts": []any{account}},
		add: func(_ *testing.T, log, number int, at time.Time) string {
			id := fmt.Sprintf("00000000-0000-4000-8000-%012d", number)
			e := canvas.Event{ID: id, At: at, Type: "login", User: int64(log), Login: int64(10 + log), Account: account}
			if log == unread {
				e.Account = elsewhere
			}
			api.Publish(e)
			return id
		},
		refuse: func(status int) { api.SetStatus(fmt.Sprintf("users/%d", unread), status) },
	}
}

// publish makes visible what was there when the cursors were stored, and returns the ids of what was delivered, and of
// what was not, because its log could not be read.
func (l *oldLogs) publish(t *testing.T, written time.Time) (delivered, waiting []string) {
	t.Helper()
	for n := range 3 {
		delivered = append(delivered, l.add(t, idle, 1000+n, written.Add(-3*time.Hour+time.Duration(n)*time.Minute)))
	}
	for n := range 30 { // within the overlap
		delivered = append(delivered, l.add(t, busy, 2000+10*n, written.Add(-5*time.Minute+2*time.Duration(n)*time.Second)))
	}
	return delivered, []string{l.add(t, unread, 3000, written.Add(-time.Hour))}
}

// publishLater makes visible what came since, and returns the ids.
func (l *oldLogs) publishLater(t *testing.T, written time.Time) []string {
	t.Helper()
	return []string{
		l.add(t, busy, 2255, written.Add(-5*time.Minute+51*time.Second)), // late, between two that were delivered
		l.add(t, busy, 4000, written.Add(time.Minute)),
		l.add(t, idle, 4010, written.Add(time.Minute)),
		l.add(t, unread, 4020, written.Add(time.Minute)),
	}
}
