//go:build e2e

package e2e

import (
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/userlog/userlog-otel/internal/emulator/canvas"
	"github.com/userlog/userlog-otel/internal/emulator/kobil"
)

// Whose logs are read. The events of Canvas stand in the log of the user and in that of the account.
const (
	kobilUser                              = "ada"
	canvasUser, canvasLogin, canvasAccount = 3, 5, 1
	canvasToken                            = "canary-token-0c6f5f0e71"
)

// systems is what a collector that reads KOBIL and Canvas lives between. Collectors started from it one after the other
// share the storage.
type systems struct {
	*testing.T
	kobil  *kobil.Installation
	canvas *canvas.Installation
	sink   *sink
	dir    string
	// published knows the ids of what has to arrive, from when it is visible on.
	published ledger
}

// newSystems serves both APIs, with a backlog of each.
func newSystems(t *testing.T, each int) *systems {
	t.Helper()
	s := &systems{
		T: t, sink: newSink(t), dir: t.TempDir(), published: ledger{want: map[string]string{}},
		kobil: kobil.New(kobil.Options{
			Clients: map[string]string{"e2e-client": canarySecret}, TokenLifetime: 2 * time.Second, More: kobil.MoreAlwaysTrue,
		}),
		// The receiver asks for ids as strings, and Entries is to show what it got.
		canvas: canvas.New(canvas.Options{Tokens: []string{canvasToken}, StringIDs: true}),
	}
	s.canvas.AddAccount(canvasAccount, "Example University")
	s.canvas.AddUser(canvasUser, "Ada")
	s.canvas.AddLogin(canvasLogin, canvasUser, canvasAccount, "ada@example.edu")
	for n := range each {
		s.publish(n, time.Now().Add(-time.Hour+time.Duration(n)*time.Second))
	}
	kobilServer, canvasServer := httptest.NewServer(s.kobil), httptest.NewServer(s.canvas)
	t.Cleanup(kobilServer.Close)
	t.Cleanup(canvasServer.Close)
	s.configure(kobilServer.URL, canvasServer.URL)
	return s
}

// configure writes the configuration.
func (s *systems) configure(kobilURL, canvasURL string) {
	s.Helper()
	text, err := json.Marshal(object{
		"extensions": object{"file_storage": object{"directory": s.storage(), "create_directory": true}},
		"receivers": object{
			"user_log/kobil": object{"storage": "file_storage", "collection_interval": "100ms", "kobil": object{
				"product": "ssms", "endpoint": kobilURL, "client_id": "e2e-client", "client_secret": canarySecret,
				"token_url": kobilURL + "/auth/realms/master/protocol/openid-connect/token",
				"users":     []string{kobilUser}, "page_size": 50,
			}},
			"user_log/canvas": object{"storage": "file_storage", "collection_interval": "100ms", "canvas": object{
				"endpoint": canvasURL, "token": canvasToken, "users": []int{canvasUser}, "accounts": []int{canvasAccount}, "page_size": 50,
			}},
		},
		"exporters": object{"otlp_http/sink": object{
			"endpoint": s.sink.url, "compression": "none",
			"sending_queue": object{"enabled": false}, "retry_on_failure": object{"enabled": false},
		}},
		"service": object{
			"extensions": []string{"file_storage"},
			"pipelines": object{"logs": object{
				"receivers": []string{"user_log/kobil", "user_log/canvas"}, "exporters": []string{"otlp_http/sink"},
			}},
			"telemetry": object{"metrics": object{"level": "none"}, "logs": object{
				"level": "debug", "encoding": "json", "output_paths": []string{"stderr"}, "sampling": object{"enabled": false},
			}},
		},
	})
	require.NoError(s, err)
	write(s.T, filepath.Join(s.dir, "config.yaml"), string(text))
}

// storage is the directory of the file storage.
func (s *systems) storage() string { return filepath.Join(s.dir, "storage") }

func (s *systems) start() *collector {
	s.Helper()
	c := launch(s.T, s.dir, "--config", filepath.Join(s.dir, "config.yaml"))
	require.True(s, waitReady(c), "the collector is not ready")
	return c
}

// publish makes the entry with this number visible in both systems. It may be called from any goroutine.
func (s *systems) publish(n int, at time.Time) {
	entry := kobil.NewEntry(kobilUser, int64(1000+3*n), at)
	assert.NoError(s, s.kobil.Publish(kobilUser, entry.JSON()))
	id := fmt.Sprintf("00000000-0000-4000-8000-%012d", n)
	s.canvas.Publish(canvas.Event{ID: id, At: at, Type: "login", User: canvasUser, Login: canvasLogin, Account: canvasAccount})
	s.published.add(fmt.Sprint(entry.ID), "")
	s.published.add(id, "")
}

// complete tells whether everything that was published has arrived.
func (s *systems) complete() bool { return s.sink.distinct() >= s.published.size() }

// read waits until both systems were asked some more times.
func (s *systems) read(c *collector) {
	s.Helper()
	const more = 10
	k, v := len(s.kobil.Requests()), len(s.canvas.Requests())
	c.until("the logs are read again", waitLimit, func() bool {
		return len(s.kobil.Requests()) >= k+more && len(s.canvas.Requests()) >= v+more
	})
}

// settle requires that exactly what the logs hold arrived, byte for byte, with at most so many repeats.
func (s *systems) settle(maxRepeats int) {
	s.Helper()
	logs := ledger{want: map[string]string{}}
	for _, raw := range append(s.kobil.Entries(kobilUser), s.canvas.Entries(fmt.Sprintf("users/%d", canvasUser))...) {
		var entry struct{ ID any }
		require.NoError(s, json.Unmarshal(raw, &entry))
		logs.add(fmt.Sprint(entry.ID), string(raw))
	}
	require.Equal(s, s.published.size(), logs.size(), "what was published is in the logs")
	v := logs.compare(s.sink)
	require.Empty(s, some(v.missing), "entries that never arrived")
	require.Empty(s, some(v.invented), "records of entries that were never published")
	require.Empty(s, some(v.altered), "records whose body differs from the entry")
	require.LessOrEqual(s, v.repeats, maxRepeats, "repeats")
}
