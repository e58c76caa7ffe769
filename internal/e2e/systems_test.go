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

// systems is a collector that reads KOBIL and Canvas into one sink, started again and again with one storage.
type systems struct {
	*testing.T
	sink   *sink
	dir    string
	config string
	want   map[string]bool // uids that have to arrive
}

func newSystems(t *testing.T, receivers object) *systems {
	s := &systems{T: t, sink: newSink(t), dir: t.TempDir(), want: map[string]bool{}}
	var ids []string
	for id, receiver := range receivers {
		ids = append(ids, id)
		own := receiver.(object)
		own["storage"], own["collection_interval"] = "file_storage", "100ms"
	}
	text, err := json.Marshal(object{
		"extensions": object{"file_storage": object{"directory": filepath.Join(s.dir, "storage"), "create_directory": true}},
		"receivers":  receivers,
		"exporters": object{"otlp_http/sink": object{
			"endpoint": s.sink.url, "compression": "none",
			"sending_queue": object{"enabled": false}, "retry_on_failure": object{"enabled": false},
		}},
		"service": object{
			"extensions": []string{"file_storage"},
			"pipelines":  object{"logs": object{"receivers": ids, "exporters": []string{"otlp_http/sink"}}},
			"telemetry":  object{"metrics": object{"level": "none"}, "logs": object{"output_paths": []string{"stderr"}}},
		},
	})
	require.NoError(t, err)
	s.config = filepath.Join(s.dir, "config.yaml")
	write(t, s.config, string(text))
	return s
}

func (s *systems) start() *collector {
	s.Helper()
	c := launch(s.T, s.dir, "--config", s.config)
	require.True(s, waitReady(c), "the collector is not ready")
	return c
}

// complete tells whether everything arrived.
func (s *systems) complete() bool {
	for _, a := range s.sink.all() {
		delete(s.want, a.uid)
	}
	return len(s.want) == 0
}

// twoSystems serves both APIs, with a backlog of each.
func twoSystems(t *testing.T, each int) (*systems, *kobil.Installation, *canvas.Installation) {
	k := kobil.New(kobil.Options{Clients: map[string]string{"id": "e2e-secret"}, TokenLifetime: 2 * time.Second, More: kobil.MoreAlwaysTrue})
	c := canvas.New(canvas.Options{Tokens: []string{"e2e-token"}, Bucket: canvas.Bucket{Cost: 5, HighWater: 300, Leak: 200}})
	kobilServer, canvasServer := httptest.NewServer(k), httptest.NewServer(c)
	t.Cleanup(kobilServer.Close)
	t.Cleanup(canvasServer.Close)
	c.AddAccount(1, "Example University")
	c.AddUser(3, "Ada")
	c.AddLogin(5, 3, 1, "ada@example.edu")
	s := newSystems(t, object{
		"user_log/kobil": object{"kobil": object{
			"product": "ssms", "endpoint": kobilServer.URL, "client_id": "id", "client_secret": "e2e-secret", "page_size": 50,
			"token_url": kobilServer.URL + "/auth/realms/master/protocol/openid-connect/token", "users": []string{"ada"},
		}},
		"user_log/canvas": object{"canvas": object{
			"endpoint": canvasServer.URL, "token": "e2e-token", "users": []int{3}, "accounts": []string{"1"}, "page_size": 50,
		}},
	})
	for n := range each {
		s.publish(k, c, n, time.Now().Add(-time.Hour+time.Duration(n)*time.Second))
	}
	return s, k, c
}

// publish makes an entry in both systems.
func (s *systems) publish(k *kobil.Installation, c *canvas.Installation, n int, at time.Time) {
	assert.NoError(s, k.Publish("ada", kobil.NewEntry("ada", int64(1000+3*n), at).JSON()))
	id := fmt.Sprintf("00000000-0000-4000-8000-%012d", n)
	c.Publish(canvas.Event{ID: id, At: at, Type: "login", User: 3, Login: 5, Account: 1})
	s.want[fmt.Sprint(1000+3*n)], s.want[id] = true, true
}

func TestKOBILAndCanvasStoppedAndStartedRepeatNothing(t *testing.T) {
	t.Parallel()
	const each = 600
	s, k, c := twoSystems(t, each)
	for stop := range 4 {
		collector := s.start()
		collector.until("part of it arrives", waitLimit, func() bool { return s.sink.distinct() >= (stop+1)*200 })
		for n := range 20 {
			s.publish(k, c, each+20*stop+n, time.Now())
		}
		collector.stopWell()
	}
	collector := s.start()
	collector.until("everything arrives", waitLimit, s.complete)
	asked := len(k.Requests()) + len(c.Requests())
	collector.until("the logs are read again", waitLimit, func() bool { return len(k.Requests())+len(c.Requests()) > asked+10 })
	collector.stopWell()
	assert.Zero(t, s.sink.repeats(), "an event that is in the logs of a user and of an account comes once")
	assert.Equal(t, 2*(each+80), s.sink.distinct())
	assert.Greater(t, k.TokenRequests(), 1, "tokens that end are replaced")
}

func TestKOBILAndCanvasKilledInABacklogLoseNothing(t *testing.T) {
	t.Parallel()
	const each, pageSize, logs = 600, 50, 3
	s, _, _ := twoSystems(t, each)
	s.sink.slow(5*time.Millisecond, 5*time.Millisecond)
	kills := 0
	for ; kills < 5; kills++ {
		collector := s.start()
		collector.until("part of it arrives", waitLimit, func() bool { return s.sink.distinct() >= 2*each*(kills+1)/8 })
		collector.kill()
		require.Eventually(t, s.sink.idle, waitLimit, pollPause)
	}
	collector := s.start()
	collector.until("everything arrives", waitLimit, s.complete)
	collector.stopWell()
	assert.LessOrEqual(t, s.sink.repeats(), kills*logs*pageSize)
	t.Logf("%d kills, %d repeats of %d", kills, s.sink.repeats(), 2*each)
}
