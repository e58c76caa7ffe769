package userlogreceiver

import (
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/open-telemetry/opentelemetry-collector-contrib/extension/storage/storagetest"
	"github.com/stretchr/testify/assert"
	"go.opentelemetry.io/collector/component/componentstatus"
	"go.opentelemetry.io/collector/component/componenttest"

	"github.com/userlog/userlog-otel/config"
	"github.com/userlog/userlog-otel/internal/emulator/canvas"
)

// campus starts an installation with one account and two users, and reads a configuration of all three logs.
func campus(t *testing.T) (*canvas.Installation, *config.Config) {
	api := canvas.New(canvas.Options{Tokens: []string{canary}})
	api.AddAccount(1, "Example University")
	for user, name := range map[int64]string{3: "ada", 4: "bob"} {
		api.AddUser(user, name)
		api.AddLogin(user+2, user, 1, name+"@example.com")
	}
	_, address := recorded(t, api)
	return api, of(t, keys{
		"retry_on_failure": keys{"initial_interval": "5ms", "max_interval": "20ms"},
		"canvas":           keys{"endpoint": address, "token": canary, "users": []any{3, 4}, "accounts": []any{1}},
	})
}

func loginOf(user int64, id string, at time.Time) canvas.Event {
	return canvas.Event{ID: id, At: at, Type: "login", User: user, Login: user + 2, Account: 1}
}

func TestCanvasDeliversWhatUsersAndAccountsShareOnceAlsoAfterARestart(t *testing.T) {
	api, cfg := campus(t)
	id := storagetest.NewStorageID("cursors")
	cfg.Storage = &id
	extensions := storagetest.NewStorageHost().WithFileBackedStorageExtension("cursors", t.TempDir())
	begin := time.Now().Add(-10 * time.Minute)
	var first, late []string
	for i := range 20 {
		first = append(first, fmt.Sprintf("e%02d", i))
		api.Publish(loginOf(int64(3+i%2), first[i], begin.Add(time.Duration(i)*time.Second)))
	}
	r := start(t, cfg, extensions)
	r.eventually(func() bool { return r.sink.LogRecordCount() >= len(first) && len(api.Requests()) > 12 }, "all logs are read several times")
	r.stop()
	assert.ElementsMatch(t, first, r.uids())

	for i := range 3 {
		late = append(late, fmt.Sprintf("late%d", i))
		api.Publish(loginOf(3, late[i], begin.Add(time.Duration(i)*time.Minute)))
	}
	before := len(api.Requests())
	r = start(t, cfg, extensions)
	r.eventually(func() bool { return r.sink.LogRecordCount() >= len(late) && len(api.Requests()) > before+12 }, "all logs are read several times")
	r.stop()
	assert.ElementsMatch(t, late, r.uids())
}

func TestCanvasLogThatIsNotFoundLeavesTheOthers(t *testing.T) {
	api, cfg := campus(t)
	api.SetStatus("users/3", http.StatusNotFound)
	api.SetStatus("accounts/1", http.StatusForbidden)
	r := start(t, cfg, componenttest.NewNopHost())
	r.eventually(func() bool { return r.logs.FilterMessageSnippet("the API answered 40").Len() == 2 }, "both are told")
	api.Publish(loginOf(4, "e1", time.Now()))
	_, record := r.only()
	assert.Equal(t, "canvas.login", record.EventName())
	statuses, texts := r.host.statuses()
	assert.Equal(t, componentstatus.StatusRecoverableError, statuses[0])
	for _, line := range r.logs.All() {
		assert.NotContains(t, fmt.Sprint(line.Message, line.ContextMap()), canary)
	}
	assert.NotContains(t, strings.Join(texts, "\n"), canary)
}

// Canvas throttles with 403 in plain text, without a time to come back.
func TestCanvasThatThrottlesIsNoMatterOfRights(t *testing.T) {
	api, cfg := campus(t)
	api.Publish(loginOf(3, "e1", time.Now()))
	var refused atomic.Int32
	api.Intercept(func(w http.ResponseWriter, _ *http.Request) bool {
		if refused.Add(1) > 1 {
			return false
		}
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		w.Header().Set("X-Rate-Limit-Remaining", "42.0")
		w.WriteHeader(http.StatusForbidden)
		_, _ = w.Write([]byte("403 Forbidden (Rate Limit Exceeded)\n"))
		return true
	})
	r := start(t, cfg, componenttest.NewNopHost())
	r.only()
	assert.Greater(t, refused.Load(), int32(1))
	assert.Zero(t, r.logs.FilterMessageSnippet("the API answered 403").Len())
	assert.Positive(t, sum(t, r.telemetry, "throttled.time"))
}

func TestCanvasAsksForLoginsAsTheInstallationCallsThem(t *testing.T) {
	for _, name := range []string{"logins", "pseudonyms"} {
		t.Run(name, func(t *testing.T) {
			api := canvas.New(canvas.Options{LoginsPath: name})
			api.AddUser(3, "ada")
			api.AddLogin(5, 3, 1, "ada@example.com")
			api.Publish(loginOf(3, "e1", time.Now()))
			seen, address := recorded(t, api)
			r := start(t, of(t, keys{"canvas": keys{
				"endpoint": address, "token": canary, "logins": []any{5}, "logins_path": name,
			}}), componenttest.NewNopHost())
			r.only()
			assert.Len(t, seen.of("/api/v1/audit/authentication/"+name+"/5"), len(seen.of("")), "no other path is asked for")
		})
	}
}
