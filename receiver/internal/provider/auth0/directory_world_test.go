package auth0

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	emulator "github.com/userlog/userlog-otel/internal/emulator/auth0"
	"github.com/userlog/userlog-otel/receiver/internal/source"
	"github.com/userlog/userlog-otel/receiver/internal/sourcetest"
)

// directoryWorld is a tenant with users, and a directory of it, without a network between them.
type directoryWorld struct {
	*Directory
	t      *testing.T
	tenant *emulator.Tenant
	// change, if set, may change the parameters of a request on its way.
	change func(url.Values)
}

// founded is when the first user of a directoryWorld is created.
var founded = time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC)

func newDirectoryWorld(t *testing.T, change func(*DirectorySettings)) *directoryWorld {
	w := &directoryWorld{t: t, tenant: emulator.New(emulator.Options{Now: func() time.Time { return founded.AddDate(0, 0, 30) }})}
	settings := DirectorySettings{
		Client: sourcetest.Client("tenant.example.com", sourcetest.Transport(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
			if w.change != nil {
				parameters := r.URL.Query()
				w.change(parameters)
				r.URL.RawQuery = parameters.Encode()
			}
			w.tenant.ServeHTTP(rw, r)
		}))),
		Now: func() time.Time { return founded.AddDate(0, 0, 30) },
	}
	if change != nil {
		change(&settings)
	}
	w.Directory = NewDirectory(settings)
	return w
}

// userNumber is the id of the nth user.
func userNumber(n int) source.Subject { return source.Subject(fmt.Sprintf("auth0|%024d", n)) }

// found adds the users from the first on, the nth of them at that time.
func (w *directoryWorld) found(first, n int, at func(n int) time.Time) {
	users := make([]emulator.User, n)
	for i := range users {
		users[i] = emulator.User{ID: string(userNumber(first + i)), CreatedAt: at(first + i)}
	}
	w.tenant.AddUser(users...)
}

// delete deletes users, as those who run the tenant do.
func (w *directoryWorld) delete(ids ...source.Subject) {
	for _, id := range ids {
		w.tenant.SetUserStatus(string(id), http.StatusNotFound)
	}
}

func everySecond(n int) time.Time { return founded.Add(time.Duration(n) * time.Second) }

func atOnce(int) time.Time { return founded }

// numbers are the ids of the users from the first to before the end.
func numbers(first, end int) []source.Subject {
	ids := make([]source.Subject, 0, end-first)
	for n := first; n < end; n++ {
		ids = append(ids, userNumber(n))
	}
	return ids
}

// without is a list, less those of another one.
func without(list, others []source.Subject) []source.Subject {
	gone := map[source.Subject]bool{}
	for _, user := range others {
		gone[user] = true
	}
	return slices.DeleteFunc(slices.Clone(list), func(user source.Subject) bool { return gone[user] })
}

// lists checks that a listing gives these users, and returns the number of its requests.
func (w *directoryWorld) lists(want []source.Subject) int {
	w.t.Helper()
	got, requests, err := w.list()
	require.NoError(w.t, err)
	assert.Equal(w.t, want, got)
	return requests
}

// list makes a listing, and checks what is true of all: each user comes once, no page is asked for that Auth0 does not
// give, and no error tells who anybody is.
func (w *directoryWorld) list() (got []source.Subject, requests int, err error) {
	w.t.Helper()
	w.tenant.ResetRequests()
	got, err = w.List(w.t.Context())
	once := map[source.Subject]bool{}
	for _, user := range got {
		assert.False(w.t, once[user], "twice: %s", user)
		once[user] = true
	}
	for _, request := range w.tenant.Requests() {
		assert.NotEqual(w.t, http.StatusBadRequest, request.Status, request.Query)
	}
	if err != nil {
		assert.NotContains(w.t, err.Error(), "auth0|")
		assert.False(w.t, strings.ContainsAny(err.Error(), "\n"), "one line")
	}
	return got, len(w.tenant.Requests()), err
}
