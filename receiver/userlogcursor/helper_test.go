package userlogcursor

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/extension/xextension/storage"

	"github.com/userlog/userlog-otel/config"
)

const canary = "canary-3b8d51c7"

// disk is a storage whose batches are stored whole or not at all.
type disk struct {
	storage.Client
	keys map[string]string
	full bool
}

var _ Client = (*disk)(nil)

func newDisk() *disk { return &disk{Client: storage.NewNopClient(), keys: map[string]string{}} }

func (d *disk) Batch(_ context.Context, ops ...*storage.Operation) error {
	if d.full {
		return errors.New("no space left on device")
	}
	for _, op := range ops {
		switch op.Type {
		case storage.Get:
		case storage.Set:
			d.keys[op.Key] = string(op.Value)
		case storage.Delete:
			delete(d.keys, op.Key)
		}
	}
	return nil
}

func (d *disk) Walk(_ context.Context, f storage.WalkFunc) error {
	for _, key := range slices.Sorted(maps.Keys(d.keys)) {
		if _, err := f(key, []byte(d.keys[key])); err != nil {
			return err
		}
	}
	return nil
}

// written is a disk with the cursors of a system that a released version wrote, and the time at which it did.
func written(t *testing.T, system string) (*disk, time.Time) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "testdata", "cursors", "v1", system+".json"))
	require.NoError(t, err)
	var of struct {
		Written time.Time
		Stored  map[string]string
	}
	require.NoError(t, json.Unmarshal(text, &of))
	require.NotEmpty(t, of.Stored)
	d := newDisk()
	maps.Copy(d.keys, of.Stored)
	d.keys["/v1/epoch"] = `{"v":1}`
	return d, of.Written
}

// systems are those whose cursors a released version wrote.
func systems(t *testing.T) (names []string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("..", "..", "testdata", "cursors", "v1", "*.json"))
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		name := filepath.Base(file)
		names = append(names, name[:len(name)-len(".json")])
	}
	return names
}

func exported(t *testing.T, d *disk) string {
	t.Helper()
	var b bytes.Buffer
	_, err := Export(t.Context(), d, "user_log/acme", &b)
	require.NoError(t, err)
	return b.String()
}

// sourceOf is a source of Auth0 with two users.
func sourceOf(t *testing.T, endpoint string) *Source {
	t.Helper()
	conf := confmap.NewFromStringMap(map[string]any{"auth0": map[string]any{
		"endpoint": endpoint, "users": []any{"auth0|1", "auth0|2"}, "auth": map[string]any{"authenticator": "oauth2client"},
	}})
	cfg := config.NewDefault()
	require.NoError(t, conf.Unmarshal(cfg))
	require.NoError(t, confmap.Validate(cfg))
	s, err := SourceOf(t.Context(), component.MustNewIDWithName("user_log", "acme"), cfg)
	require.NoError(t, err)
	return s
}
