//go:build e2e

package e2e

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"time"

	"github.com/userlog/userlog-otel/internal/emulator/canvas"
	"github.com/userlog/userlog-otel/internal/emulator/cloud"
)

// newCanvas is an installation with two accounts and a user of the first of them, whose events stand in two of the logs.
func newCanvas() *system {
	const token, pageSize = "canary-canvas-0c6f5f0e71", 50
	s := newCanvasWith(canvas.Options{Tokens: []string{token}, StringIDs: true})
	s.secrets = []string{token}
	s.block["token"], s.block["page_size"] = token, pageSize
	s.inFlight = pageSize // one log at once, by default
	return s
}

// newCanvasWith is an installation whose credentials are left to the caller.
func newCanvasWith(o canvas.Options) *system {
	const watched = "users/3"
	installation := canvas.New(o)
	for id, account := range map[int64]int64{3: 1, 4: 1, 5: 2} {
		installation.AddAccount(account, "Example University")
		installation.AddUser(id, "Ada")
		installation.AddLogin(10+id, id, account, name(id))
	}
	s := &system{
		name: "canvas", api: installation, cloud: installation.Server, keys: object{},
		logs: []string{watched, "accounts/1", "accounts/2"},
		invent: func(r *rand.Rand, log string, at time.Time) *fact {
			user, account, order := int64(4), int64(1), "accounts/1"
			switch log {
			case watched:
				user, order = 3, "" // it comes with the log that is read first
			case "accounts/2":
				user, account, order = 5, 2, log
			}
			id := fmt.Sprintf("%08x-0000-4000-8000-%012x", r.Uint32(), r.Int64N(1<<48))
			kind := []string{"login", "logout", "new_type"}[r.IntN(3)]
			body := fmt.Sprintf(`{"id":%q,"created_at":%q,"event_type":%q,"note":%s,"links":{"login":"%d","account":"%d","user":"%d","page_view":null}}`,
				id, at.UTC().Format(time.RFC3339), kind, encoded(noise(r)), 10+user, account, user)
			return &fact{
				uid: id, body: body, service: "canvas", log: order, at: at.UTC().Truncate(time.Second), event: "canvas." + kind,
				subjects: []string{fmt.Sprint("users/", user), fmt.Sprint("logins/", 10+user), fmt.Sprint("accounts/", account)},
				attributes: map[string]string{
					"user.id": strconv.FormatInt(user, 10), "user_log.type": kind, "user.name": name(user),
					"canvas.account.id": strconv.FormatInt(account, 10),
				},
			}
		},
		publish: func(_ string, facts ...*fact) error {
			for _, f := range facts {
				installation.PublishRaw(f.subjects, f.at, json.RawMessage(f.body))
			}
			return nil
		},
		vanish: func(_ string, f *fact) { installation.Remove(f.uid) },
		first:  func(r cloud.Request) bool { return !r.Query.Has("page") && !r.Query.Has("end_time") },
	}
	s.block = object{"users": []string{strings.TrimPrefix(watched, "users/")}, "accounts": []string{"1", "2"}}
	return s
}

func name(user int64) string { return fmt.Sprintf("ada.%d@example.edu", user) }
