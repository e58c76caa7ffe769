package auth0

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"
	"unsafe"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/userlog/userlog-otel/receiver/internal/source"
)

func TestListsOfUsersOfBothShapesAreRead(t *testing.T) {
	t.Parallel()
	rows := []userRow{{"auth0|1", founded}, {"b", founded.Add(time.Millisecond)}}
	const list = `[{"user_id":"auth0|1","created_at":"2026-03-01T08:00:00.000Z"}, {"created_at":"2026-03-01T08:00:00.001Z","user_id":"\u0062"}]`
	for body, want := range map[string]userPage{
		`[]`: {total: -1},
		list: {rows: rows, total: -1},
		` {"start":0,"limit":100,"length":2,"total":7,"users":` + list + `}`: {rows: rows, total: 7},
		`{"users":` + list + `,"total":"7"}`:                                 {rows: rows, total: -1},
		`{"users":` + list + `,"total":-7}`:                                  {rows: rows, total: -1},
		`{"users":` + list + `,"total":1e3}`:                                 {rows: rows, total: -1},
		`{"users":` + list + `,"total":99999999999999999999}`:                {rows: rows, total: -1},
		`{"users":[1],"total":2,"users":` + list + `}`:                       {rows: rows, total: 2},
	} {
		got, err := decodeUsers([]byte(body))
		require.NoError(t, err, body)
		assert.Equal(t, want, got, body)
	}
}

func TestIDsKeepNoAnswerAlive(t *testing.T) {
	t.Parallel()
	body := []byte(`[{"user_id":"auth0|1"}]`)
	page, err := decodeUsers(body)
	require.NoError(t, err)
	begin, at := uintptr(unsafe.Pointer(&body[0])), uintptr(unsafe.Pointer(unsafe.StringData(string(page.rows[0].id))))
	assert.False(t, at >= begin && at < begin+uintptr(len(body)))
}

func TestWhatIsNoListOfUsersIsRefusedWhole(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]string{
		``:                       "answer is empty",
		`[{"user_id":"canary"`:   "answer ends inside its JSON document at byte 20",
		`<html>canary</html>`:    "answer is HTML or XML, not JSON",
		`"canary"`:               "answer holds a string, not a list of users",
		`null`:                   "answer holds null, not a list of users",
		`{"total":1}`:            "answer is an object without users",
		`{"users":{"canary":1}}`: "answer holds an object, not a list of users",
		`{"users":null}`:         "answer holds null, not a list of users",
		`[]canary`:               "answer goes on after the end of its JSON document at byte 2",
	} {
		got, err := decodeUsers([]byte(body))
		assert.EqualError(t, err, want, body)
		assert.Zero(t, got)
	}
}

// oddUsers are elements that are nobody whose log could be read.
var oddUsers = []string{
	`null`, `7`, `"auth0|1"`, `[]`, `{}`, `{"user_id":null}`, `{"user_id":""}`, `{"user_id":7}`, `{"user_id":["a"]}`, `{"USER_ID":"a"}`,
	`{"user_id":"."}`, `{"user_id":".."}`, `{"user_id":"a\u0000"}`, `{"user_id":"a\nb"}`, "{\"user_id\":\"a\xff\"}", `{"user_id":"a\ud800"}`,
	`{"user_id":"` + strings.Repeat("x", maxUserID+1) + `"}`, `{"user_id":"a","user_id":false}`,
	strings.Repeat("[", 10_001) + strings.Repeat("]", 10_001),
}

func TestOddUserDoesNotCostItsNeighbours(t *testing.T) {
	t.Parallel()
	for _, odd := range oddUsers {
		w := newDirectoryWorld(t, nil)
		w.answer(`{"users":[{"user_id":"a","created_at":7},` + odd + `,{"user_id":"b"}]}`)
		got, _, err := w.list()
		assert.Equal(t, []source.Subject{"a", "b"}, got, odd[:min(len(odd), 50)])
		assert.EqualError(t, err, "GET /api/v2/users: 1 user is left out, whose user_id is missing or cannot be part of a path; "+
			"who was listed before stays (the log of the whole tenant, with tenant: true, needs no list)")
	}
}

func TestUnreadableAnswerIsAFailedListing(t *testing.T) {
	t.Parallel()
	w := newDirectoryWorld(t, nil)
	w.answer(`{"users":"canary"}`)
	got, _, err := w.list()
	assert.Nil(t, got)
	assert.EqualError(t, err, "GET /api/v2/users: answer holds a string, not a list of users")
	assert.Equal(t, source.Unreadable, source.KindOf(err))
}

// answer makes the tenant answer every request with a body.
func (w *directoryWorld) answer(body string) {
	w.tenant.Intercept(func(rw http.ResponseWriter, _ *http.Request) bool {
		_, err := rw.Write([]byte(body))
		return assert.NoError(w.t, err)
	})
}

func FuzzDecodeUsers(f *testing.F) {
	f.Add([]byte(`[]`))
	f.Add([]byte(`{"start":0,"limit":100,"length":1,"total":1,"users":[{"user_id":"auth0|1","created_at":"2026-03-01T08:00:00.000Z"}]}`))
	for _, odd := range oddUsers[:len(oddUsers)-1] {
		f.Add([]byte(`{"users":[` + odd + `],"total":7}`))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		before := bytes.Clone(body)
		page, err := decodeUsers(body)
		require.Equal(t, before, body)
		if err != nil {
			require.Zero(t, page)
			require.True(t, utf8.ValidString(err.Error()))
			return
		}
		require.True(t, json.Valid(body), "accepted what is not JSON")
		require.GreaterOrEqual(t, page.total, -1)
		for _, row := range page.rows {
			id := string(row.id)
			require.True(t, utf8.ValidString(id))
			require.False(t, strings.ContainsFunc(id, unicode.IsControl))
			require.LessOrEqual(t, len(id), maxUserID)
			require.NotContains(t, []string{".", ".."}, id)
		}
		l := newListing(userSearch{})
		l.take(page)
		require.LessOrEqual(t, len(l.users), len(page.rows))
		require.NotContains(t, l.users, source.Subject(""), "the empty subject is the log of the whole tenant")
	})
}
