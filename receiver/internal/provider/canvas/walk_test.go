package canvas

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	emulator "github.com/userlog/userlog-otel/internal/emulator/canvas"
)

func TestDebug(t *testing.T) {
	w := newWorld(t, emulator.Options{}, NewLogs(nil, []string{"1"}, nil), func(s *Settings) { s.MaxHeld = 1500 })
	w.AddAccount(1, "x")
	for n := range 18 {
		w.Publish(emulator.Event{ID: idOf(n), At: w.now.Add(time.Duration(n-20) * time.Second), Type: "login", User: 3, Login: 5, Account: 1})
	}
	w.begin(24*time.Hour, "accounts/1")
	uids := w.read("accounts/1")
	require.Len(t, uids, 18)
	q := w.queries()
	fmt.Println(len(q))
	for _, s := range q[:min(60, len(q))] {
		fmt.Println(s)
	}
	assert.Less(t, len(q), 100)
}
