package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/extension/xextension/storage"

	"github.com/userlog/userlog-otel/internal/emulator/auth0"
	"github.com/userlog/userlog-otel/receiver/userlogcursor"
)

const (
	canary = "canary-3b8d51c7"
	user   = "auth0|63d1c0ffee63d1c0ffee0001"
)

// answer is what the program does.
type answer struct {
	out, errs string
	status    int
}

// play runs the program, and requires that it shows no secret.
func play(t *testing.T, in string, args ...string) answer {
	t.Helper()
	return playUntil(t.Context(), t, in, args...)
}

// playUntil runs the program until a context ends.
func playUntil(ctx context.Context, t *testing.T, in string, args ...string) answer {
	t.Helper()
	root := rootCommand()
	var out, errs bytes.Buffer
	root.SetIn(strings.NewReader(in))
	root.SetOut(&out)
	root.SetErr(&errs)
	status := run(ctx, root, args)
	assert.NotContains(t, out.String()+errs.String(), canary)
	return answer{out.String(), errs.String(), status}
}

// tenant starts an Auth0 tenant in which a user logged in two minutes ago.
func tenant(t *testing.T, o auth0.Options) string {
	t.Helper()
	a := auth0.New(o)
	date := time.Now().Add(-2 * time.Minute).UTC().Format("2006-01-02T15:04:05.000Z")
	require.NoError(t, a.Publish(user, json.RawMessage(fmt.Sprintf(`{"date":%q,"type":"s","log_id":"1","user_id":%q}`, date, user))))
	return serve(t, a)
}

func serve(t *testing.T, handler http.Handler) string {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return server.URL
}

type keys = map[string]any

// collector is a configuration of a collector.
type collector struct {
	receiver, auth0, storage, extensions keys
	started                              []string
}

// acme reads the log of a user, with a storage.
func acme(t *testing.T, endpoint string) collector {
	return collector{
		receiver:   keys{"storage": "file_storage"},
		auth0:      keys{"endpoint": endpoint, "token": canary, "users": []string{user}},
		storage:    keys{"directory": filepath.Join(t.TempDir(), "storage"), "create_directory": true},
		extensions: keys{},
		started:    []string{"file_storage"},
	}
}

func (c collector) directory() string { return c.storage["directory"].(string) }

// file writes the configuration, and returns where.
func (c collector) file(t *testing.T) string {
	t.Helper()
	receiver := keys{"auth0": c.auth0}
	maps.Copy(receiver, c.receiver)
	extensions := keys{"file_storage": c.storage, "somebodys/other": keys{"key": 1}}
	maps.Copy(extensions, c.extensions)
	text, err := json.Marshal(keys{
		"receivers":  keys{"user_log/acme": receiver, "otlp": keys{}},
		"extensions": extensions,
		"service":    keys{"extensions": c.started, "pipelines": keys{"logs": keys{"receivers": []string{"user_log/acme"}}}},
	})
	require.NoError(t, err)
	path := filepath.Join(t.TempDir(), "collector.yaml")
	require.NoError(t, os.WriteFile(path, text, 0o600))
	return path
}

// receiver is the id of the receiver under test.
var receiver = component.MustNewIDWithName("user_log", "acme")

// fill makes a storage with the cursors of a system that a released version wrote.
func fill(t *testing.T, dir, system string, id component.ID) map[string]string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "testdata", "cursors", "v1", system+".json"))
	require.NoError(t, err)
	var of struct{ Stored map[string]string }
	require.NoError(t, json.Unmarshal(text, &of))
	var ops []*storage.Operation
	for key, value := range of.Stored {
		ops = append(ops, storage.SetOperation(key, []byte(value)))
	}
	require.NoError(t, os.MkdirAll(dir, 0o700))
	client := hold(t, dir, id)
	require.NoError(t, client.Batch(t.Context(), ops...))
	require.NoError(t, client.Close(t.Context()))
	return of.Stored
}

// hold opens a storage as a collector does.
func hold(t *testing.T, dir string, id component.ID) userlogcursor.Client {
	t.Helper()
	client, err := openIn(t.Context(), dir, id)
	require.NoError(t, err)
	return client
}

// contents are the keys and values of a storage.
func contents(t *testing.T, dir string, id component.ID) map[string]string {
	t.Helper()
	client := hold(t, dir, id)
	all := map[string]string{}
	require.NoError(t, client.Walk(t.Context(), func(key string, value []byte) ([]*storage.Operation, error) {
		all[key] = string(value)
		return nil, nil
	}))
	require.NoError(t, client.Close(t.Context()))
	return all
}
