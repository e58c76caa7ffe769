//go:build e2e

package e2e

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// fileOf is the file in which the file storage keeps the cursors of a receiver (filestorage v0.158.0, GetClient).
func fileOf(storage, receiver string) string {
	return filepath.Join(storage, "receiver_"+strings.ReplaceAll(receiver, "/", "_"))
}

// startFails starts a collector that has to end by itself, without a ready receiver, and returns what it says.
func (r *rig) startFails() string {
	r.t.Helper()
	path := filepath.Join(r.dir, "config.yaml")
	write(r.t, path, r.config(object{"level": "none"}))
	return startFails(r.t, r.dir, append([]string{"--config", path}, r.args...)...)
}

func startFails(t *testing.T, dir string, args ...string) string {
	t.Helper()
	c := launch(t, dir, args...)
	select {
	case <-c.exited:
	case <-time.After(startLimit):
		require.FailNow(t, "the collector does not end", "waited %v", startLimit)
	}
	require.NotZero(t, c.exitCode(), "exit code")
	require.NotContains(t, c.stderr.String(), "Everything is ready")
	return c.stderr.String()
}

// startWithoutStorage starts a collector whose receiver names no storage, and waits until it is ready.
func (r *rig) startWithoutStorage() *collector {
	r.t.Helper()
	var config map[string]map[string]any
	require.NoError(r.t, json.Unmarshal([]byte(r.config(object{"level": "none"})), &config))
	receiver := config["receivers"][receiverID].(map[string]any)
	require.Contains(r.t, receiver, "storage")
	delete(receiver, "storage")
	text, err := json.Marshal(config)
	require.NoError(r.t, err)
	path := filepath.Join(r.dir, "config.yaml")
	write(r.t, path, string(text))
	c := launch(r.t, r.dir, "--config", path)
	require.True(r.t, waitReady(c), "the collector is not ready")
	return c
}

// keyOf is the key of a log's cursor.
func keyOf(log string) string {
	sum := sha256.Sum256([]byte(log))
	return "/v1/cursor/" + base64.RawURLEncoding.EncodeToString(sum[:12])
}

// storedText matches a stored cursor, which in a page of the file follows its key.
const storedText = `(\{"v":\d,"f":"[\w-]{16}","c":"(?:[^"\\]|\\.)*"\})`

// storedValue is a cursor as it is stored.
type storedValue struct {
	Version     int    `json:"v"`
	Fingerprint string `json:"f"`
	Cursor      string `json:"c"`
}

func (v storedValue) String() string {
	text, _ := json.Marshal(v) // of numbers and text: cannot fail
	return string(text)
}

// tamper puts another value in the place of a log's stored cursor. Only meta pages have a checksum (bbolt v1.5.0,
// internal/common/meta.go), so other pages can be written over by whatever is not longer.
func tamper(t *testing.T, file, log string, change func(storedValue) string) {
	t.Helper()
	content, err := os.ReadFile(file)
	require.NoError(t, err)
	found := regexp.MustCompile(regexp.QuoteMeta(keyOf(log))+storedText).FindAllSubmatchIndex(content, -1)
	require.NotEmpty(t, found, "the cursor of %s is stored", log)
	changes := 0
	for _, at := range found {
		old := content[at[2]:at[3]]
		var value storedValue
		require.NoError(t, json.Unmarshal(old, &value))
		changed := []byte(change(value))
		if len(changed) > len(old) { // that of the start, in a page that is used no more
			continue
		}
		copy(old, append(changed, bytes.Repeat([]byte(" "), len(old)-len(changed))...))
		changes++
	}
	require.Positive(t, changes, "a value cannot grow")
	require.NoError(t, os.WriteFile(file, content, 0o600))
}
