package canvas

import (
	"net/http"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

func TestUnknownSubjectIsNotFoundAndAKnownOneHasAnEmptyLog(t *testing.T) {
	t.Parallel()
	r := start(t, Options{})
	got := r.get(userLog)
	assert.Equal(t, http.StatusNotFound, got.status)
	assert.Equal(t, `{"errors":[{"message":"The specified resource does not exist."}]}`, got.body)
	assert.Equal(t, "application/json; charset=utf-8", got.header.Get("Content-Type"))
	r.AddUser(3, "Ada")
	r.AddLogin(5, 3, 1, "ada@example.com")
	r.AddAccount(1, "Example University")
	for _, path := range []string{"users/3", "logins/5", "accounts/1"} {
		assert.Empty(t, r.get(api+path).ids(t), path)
	}
}

func TestOtherPathsAreNotFound(t *testing.T) {
	t.Parallel()
	r := start(t, Options{})
	r.publish(1)
	for _, path := range []string{
		api + "users", api + "users/", api + "users/3/", api + "users/3/4", api + "courses/3", api + "pseudonyms/5", "/api/v1/users/3", "/",
	} {
		assert.Equal(t, http.StatusNotFound, r.get(path).status, path)
	}
}

func TestLoginsWereCalledPseudonyms(t *testing.T) {
	t.Parallel()
	r := start(t, Options{LoginsPath: "pseudonyms"})
	r.publish(1)
	assert.Equal(t, []string{"0"}, r.get(api+"pseudonyms/5").ids(t))
	assert.Equal(t, http.StatusNotFound, r.get(api+"logins/5").status)
	assert.Equal(t, "logins/5", r.Requests()[0].User)
}

func TestStatusFailsTheSubjectOnly(t *testing.T) {
	t.Parallel()
	const unauthorized = `{"status":"unauthorized","errors":[{"message":"user not authorized to perform that action"}]}`
	r := start(t, Options{})
	r.publish(1)
	for status, body := range map[int]string{
		401: unauthorized,
		403: unauthorized,
		429: "429 Forbidden (Rate Limit Exceeded)\n",
		404: `{"errors":[{"message":"The specified resource does not exist."}]}`,
		500: `{"errors":[{"message":"An error occurred.","error_code":"internal_server_error"}]}`,
	} {
		r.SetStatus("users/3", status)
		got := r.get(userLog)
		assert.Equal(t, status, got.status)
		assert.Equal(t, body, got.body)
		assert.Empty(t, got.header.Get("WWW-Authenticate"), "the token is good")
		assert.Equal(t, []string{"0"}, r.get(api+"accounts/1").ids(t))
	}
	r.SetStatus("users/3", 0)
	assert.Equal(t, []string{"0"}, r.get(userLog).ids(t))
}

func TestTokenIsCheckedBeforeTheSubject(t *testing.T) {
	t.Parallel()
	const (
		none = `{"status":"unauthenticated","errors":[{"message":"user authorization required"}]}`
		bad  = `{"errors":[{"message":"Invalid access token."}]}`
	)
	r := start(t, Options{Tokens: []string{"good"}})
	for authorization, body := range map[string]string{"Bearer wrong": bad, "Basic Z29vZA==": none, "": none} {
		got := r.ask(userLog, "Authorization", authorization)
		assert.Equal(t, http.StatusUnauthorized, got.status)
		assert.Equal(t, body, got.body)
		assert.Equal(t, `Bearer realm="canvas-lms"`, got.header.Get("WWW-Authenticate"))
	}
	assert.Equal(t, http.StatusNotFound, r.ask(userLog, "Authorization", "Bearer good").status)
}

func TestHooksActBeforeTheTokenIsChecked(t *testing.T) {
	t.Parallel()
	r := start(t, Options{Tokens: []string{"any"}})
	r.publish(1, 2, 3)
	r.Intercept(func(w http.ResponseWriter, req *http.Request) bool {
		if req.URL.Query().Has("fail") {
			w.WriteHeader(http.StatusBadGateway)
			return true
		}
		return false
	})
	r.OnRequest(func(_ *http.Request, n int) {
		if n == 3 {
			r.Publish(event("new", 4))
		}
	})
	assert.Equal(t, http.StatusBadGateway, r.ask(userLog+"?fail").status)
	first := r.get(userLog + "?per_page=2")
	assert.Equal(t, []string{"2", "1"}, first.ids(t))
	assert.Equal(t, []string{"new", "2"}, r.get(userLog+"?per_page=2").ids(t))
}

func TestRequestsAreRecordedByTheClockOfTheServer(t *testing.T) {
	t.Parallel()
	r := start(t, Options{Now: func() time.Time { return noon }, Bucket: Bucket{Cost: 0.5}})
	got := r.get(userLog + "?per_page=7")
	assert.Equal(t, noon.Format(http.TimeFormat), got.header.Get("Date"))
	assert.Equal(t, []Request{{
		Time: noon, Method: "GET", Path: userLog, Query: map[string][]string{"per_page": {"7"}}, Status: 404, Remaining: 599, User: "users/3",
	}}, r.Requests())
	r.ResetRequests()
	assert.Empty(t, r.Requests())
}

func TestInstallationIsSafeForConcurrentUse(t *testing.T) {
	t.Parallel()
	r := start(t, Options{Bucket: Bucket{Cost: 1e-6}})
	var wg sync.WaitGroup
	for g := range 8 {
		wg.Go(func() {
			for i := range 40 {
				id := strconv.Itoa(g*1000 + i)
				r.AddUser(3, id)
				r.Publish(event(id, i))
				r.get(userLog)
				r.Remove(strconv.Itoa(g*1000 + i - 10))
				r.SetStatus("users/9", 404)
				r.Forget("users/3")
			}
		})
	}
	wg.Wait()
	assert.Len(t, r.Entries("users/3"), 8*10)
}
