package canvas

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	emulator "github.com/userlog/userlog-otel/internal/emulator/canvas"
	"github.com/userlog/userlog-otel/receiver/internal/source"
	"github.com/userlog/userlog-otel/receiver/internal/sourcetest"
)

// knowingSelf serves the log of the token's own user, 3, under its name, too.
func knowingSelf(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.URL.Path = strings.Replace(r.URL.Path, "users/self", "users/3", 1)
		next.ServeHTTP(w, r)
	})
}

func TestAnEventOfANamedLogComesOnce(t *testing.T) {
	t.Parallel()
	order := []source.Subject{"users/self", "accounts/1", "users/3"}
	for first := range order {
		logs := NewLogs(fixed{"self", "3"}, []string{"1"}, nil)
		w := newWorld(t, emulator.Options{}, logs, nil)
		_, err := logs.List(t.Context())
		require.NoError(t, err)
		w.AddAccount(1, "Example University")
		w.AddUser(3, "Ada")
		w.s.Client = newProvider(t, sourcetest.Transport(knowingSelf(w.Installation)), logs, nil).s.Client
		w.Provider = New(w.s)
		w.begin(24*time.Hour, order...)
		var delivered, published []string
		for round := range 6 {
			published = append(published, w.publish(100*round, 100*round+24, time.Second, 2*time.Second)...)
			for i := range order {
				delivered = append(delivered, w.read(order[(first+i)%len(order)])...)
			}
			w.Provider = New(w.s) // a restart: what is known is in the cursors
			w.now = w.now.Add(90 * time.Second)
		}
		assert.ElementsMatch(t, published, delivered, "beginning with %s", order[first])
	}
}

func TestNoRequestFollowsAForeignLink(t *testing.T) {
	t.Parallel()
	for _, link := range []string{
		"https://evil.example.com" + logsPath + "users/3?page=2", "http://canvas.example.edu" + logsPath + "users/3?page=2",
		"https://canvas.example.edu:8443" + logsPath + "users/3?page=2", "//evil.example.com" + logsPath + "users/3?page=2",
		"https://canvas.example.edu@evil.example.com" + logsPath + "users/3?page=2", origin + "/api/v1/users/self?page=2",
	} {
		var requests []string
		err := failureOf(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			requests = append(requests, r.URL.String())
			w.Header().Set("Link", `<`+link+`>; rel="next"`)
			_, _ = w.Write([]byte(`{"events":[]}`))
		}), "users/3")
		assert.Equal(t, source.Unreadable, source.KindOf(err), link)
		assert.Len(t, requests, 1, link)
	}
}
