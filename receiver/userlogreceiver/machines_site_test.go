package userlogreceiver

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	auth0emulator "github.com/userlog/userlog-otel/internal/emulator/auth0"
	"github.com/userlog/userlog-otel/internal/emulator/canvas"
	"github.com/userlog/userlog-otel/internal/emulator/kobil"
)

// site is a system with logs in which a test writes.
type site struct {
	name string
	api  http.Handler
	// block is the system's block in the configuration, without the endpoint.
	block keys
	// paths are those that its logs are read at, decoded.
	paths []string
	// publish writes entry n, dated now, into one of the logs, and returns its uid.
	publish func(n int) string
	last    atomic.Int64
}

// write publishes one more entry, and returns its uid.
func (s *site) write() string { return s.publish(int(s.last.Add(1))) }

// sites are all systems, with so many logs each where one has several.
func sites(t *testing.T, logs int) []*site {
	return []*site{auth0Users(t, logs), auth0Tenant(t), kobilUsers(t, logs), canvasUsers(t, logs), canvasMixed(t)}
}

func auth0Entry(user string, n int) json.RawMessage {
	return json.RawMessage(fmt.Sprintf(`{"date":%q,"type":"s","log_id":"900%040d","user_id":%q}`,
		time.Now().UTC().Format("2006-01-02T15:04:05.000Z"), n, user))
}

func auth0Users(t *testing.T, logs int) *site {
	tenant := auth0emulator.New(auth0emulator.Options{})
	s := &site{name: "Auth0 users", api: tenant}
	users := make([]any, logs)
	for i := range users {
		user := fmt.Sprintf("auth0|%024d", i)
		users[i] = user
		s.paths = append(s.paths, "/api/v2/users/"+user+"/logs")
	}
	s.block = keys{"auth0": keys{"token": canary, "users": users}}
	s.publish = func(n int) string {
		user := users[n%logs].(string)
		require.NoError(t, tenant.Publish(user, auth0Entry(user, n)))
		return fmt.Sprintf("900%040d", n)
	}
	return s
}

func auth0Tenant(t *testing.T) *site {
	tenant := auth0emulator.New(auth0emulator.Options{})
	return &site{
		name: "Auth0 tenant", api: tenant, paths: []string{"/api/v2/logs"},
		block: keys{"auth0": keys{"token": canary, "tenant": true}},
		publish: func(n int) string {
			require.NoError(t, tenant.Publish("auth0|1", auth0Entry("auth0|1", n)))
			return fmt.Sprintf("900%040d", n)
		},
	}
}

func kobilUsers(t *testing.T, logs int) *site {
	api := kobil.New(kobil.Options{Product: kobil.SSMS, Tokens: []string{canary}})
	s := &site{name: "KOBIL users", api: api}
	users := make([]any, logs)
	for i := range users {
		user := fmt.Sprintf("ada%d", i)
		users[i] = user
		api.AddUsers(user)
		s.paths = append(s.paths, "/digitanium/v4/user/"+user+"/logs")
	}
	s.block = keys{"kobil": keys{"product": "ssms", "token": canary, "users": users}}
	s.publish = func(n int) string {
		user := users[n%logs].(string)
		require.NoError(t, api.Publish(user, kobil.NewEntry(user, int64(n), time.Now()).JSON()))
		return strconv.Itoa(n)
	}
	return s
}

// canvasWorld has users 1 to n, each with a login of the same number, in one account.
func canvasWorld(logs int) *canvas.Installation {
	api := canvas.New(canvas.Options{Tokens: []string{canary}})
	api.AddAccount(1, "Example University")
	for i := range logs {
		id := int64(i + 1)
		api.AddUser(id, "Ada")
		api.AddLogin(id, id, 1, fmt.Sprintf("ada%d@example.edu", id))
	}
	return api
}

func publishEvent(api *canvas.Installation, logs int) func(int) string {
	return func(n int) string {
		uid := fmt.Sprintf("00000000-0000-4000-8000-%012d", n)
		id := int64(n%logs + 1)
		api.Publish(canvas.Event{ID: uid, At: time.Now(), Type: "login", User: id, Login: id, Account: 1})
		return uid
	}
}

func canvasUsers(_ *testing.T, logs int) *site {
	api := canvasWorld(logs)
	users := make([]any, logs)
	s := &site{name: "Canvas users", api: api, publish: publishEvent(api, logs)}
	for i := range users {
		users[i] = i + 1
		s.paths = append(s.paths, fmt.Sprintf("/api/v1/audit/authentication/users/%d", i+1))
	}
	s.block = keys{"concurrency": 4, "canvas": keys{"token": canary, "users": users}}
	return s
}

// canvasMixed has logs that share entries.
func canvasMixed(*testing.T) *site {
	const people = 3
	api := canvasWorld(people)
	return &site{
		name: "Canvas, mixed", api: api, publish: publishEvent(api, people),
		block: keys{"concurrency": 4, "canvas": keys{"token": canary, "users": []any{1, 2}, "accounts": []any{"self", 1}, "logins": []any{2, 3}}},
		paths: []string{
			"/api/v1/audit/authentication/users/1", "/api/v1/audit/authentication/users/2", "/api/v1/audit/authentication/accounts/1",
			"/api/v1/audit/authentication/accounts/self", "/api/v1/audit/authentication/logins/2", "/api/v1/audit/authentication/logins/3",
		},
	}
}

// served starts the site, and completes its block with where it is.
func (s *site) served(t *testing.T) *recorder {
	t.Helper()
	seen, address := recorded(t, s.api)
	for key, value := range s.block {
		if block, ok := value.(keys); ok {
			block["endpoint"] = address
			s.block[key] = block
		}
	}
	return seen
}

// readers are the collectors that asked for each log since a moment, by the log's path.
func readers(seen *recorder, since time.Time) map[string]map[string]int {
	found := map[string]map[string]int{}
	for _, request := range seen.of("") {
		if request.at.Before(since) {
			continue
		}
		name, _, _ := strings.Cut(request.header.Get("User-Agent"), "/")
		if found[request.url.Path] == nil {
			found[request.url.Path] = map[string]int{}
		}
		found[request.url.Path][name]++
	}
	return found
}
