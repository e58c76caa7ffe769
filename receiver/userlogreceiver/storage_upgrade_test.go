package userlogreceiver

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/open-telemetry/opentelemetry-collector-contrib/extension/storage/storagetest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"

	"github.com/userlog/userlog-otel/receiver/userlogreceiver/internal/metadata"
)

// cursorsDir holds a directory of stored cursors for each release that changed them; its README says more.
var cursorsDir = filepath.Join("..", "..", "testdata", "cursors")

// go test ./receiver/userlogreceiver -run Upgrade -update-cursors v1 writes what the code stores into that directory.
var updateCursors = flag.String("update-cursors", "", "write the stored cursors of this directory, unless it was released")

// released is the file that marks a directory whose cursors are on the disks of users.
const released = "RELEASED"

// upgradeEndpoint is what the stored cursors answer to. Nobody listens there: the emulator is reached as a proxy.
const upgradeEndpoint = "http://127.0.0.1:4999"

// longAgo is when the logs were read whose cursors are written, by the clocks of the systems: before that of any machine
// that runs these tests.
var longAgo = time.Date(2025, 6, 1, 12, 0, 0, 0, time.UTC)

// storedCursors is what a receiver left in its storage.
type storedCursors struct {
	// Written is when; the entries of the logs are dated relative to it.
	Written time.Time         `json:"written"`
	Stored  map[string]string `json:"stored"`
}

// save writes the cursors into the directory of a version, unless that was released.
func (s storedCursors) save(dir, name string) error {
	if _, err := os.Stat(filepath.Join(dir, released)); !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("%s was released: users have these cursors; write the new ones into another directory", dir)
	}
	text, err := json.MarshalIndent(s, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, name+".json"), append(text, '\n'), 0o600)
}

func storedIn(t *testing.T, path string) (s storedCursors) {
	t.Helper()
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(text, &s))
	return s
}

// The file of storagetest's file-backed extension for the receivers of these tests.
func storageFile(dir string) string {
	return filepath.Join(dir, fmt.Sprintf("%s_%s_%s_%s", component.KindReceiver, metadata.Type, "", ""))
}

// leave writes the cursors of an earlier receiver where the next one looks for them.
func (s storedCursors) leave(t *testing.T, dir string) {
	t.Helper()
	content := map[string][]byte{}
	for key, value := range s.Stored {
		content[key] = []byte(value)
	}
	text, err := json.Marshal(content)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(storageFile(dir), text, 0o600))
}

// left are the cursors that a receiver has left.
func left(t *testing.T, dir string, at time.Time) storedCursors {
	t.Helper()
	text, err := os.ReadFile(storageFile(dir))
	require.NoError(t, err)
	var content map[string][]byte
	require.NoError(t, json.Unmarshal(text, &content))
	s := storedCursors{Written: at, Stored: map[string]string{}}
	for key, value := range content {
		if strings.HasPrefix(key, "/") { // the others are storagetest's
			s.Stored[key] = string(value)
		}
	}
	return s
}

// reads lets a receiver read until so many records have arrived, and each log some more times, and returns their ids.
func (l *oldLogs) reads(t *testing.T, dir string, want int) ([]string, *rig) {
	t.Helper()
	seen, address := recorded(t, l.api)
	id := storagetest.NewStorageID("cursors")
	l.block["endpoint"], l.block["proxy_url"], l.block["token"] = upgradeEndpoint, address, canary
	shared := keys{"storage": id.String(), l.system: l.block}
	if l.lookback > 0 {
		shared["initial_lookback"] = l.lookback.String()
	}
	cfg := of(t, shared)
	r := start(t, cfg, storagetest.NewStorageHost().WithFileBackedStorageExtension("cursors", dir))
	r.eventually(func() bool { return r.sink.LogRecordCount() >= want }, "the entries arrive")
	before := len(seen.of(""))
	r.eventually(func() bool { return len(seen.of("")) > before+20 }, "the logs are read again")
	r.stop()
	return r.uids(), r
}

func TestUpgradeGoesOnFromEveryCursorThatWasEverStored(t *testing.T) {
	versions, err := os.ReadDir(cursorsDir)
	require.NoError(t, err)
	if *updateCursors != "" {
		writeCursors(t, filepath.Join(cursorsDir, *updateCursors))
	}
	for _, version := range versions {
		if !version.IsDir() {
			continue
		}
		for _, system := range []string{"auth0", "kobil", "canvas"} {
			t.Run(version.Name()+" "+system, func(t *testing.T) {
				s := storedIn(t, filepath.Join(cursorsDir, version.Name(), system+".json"))
				dir := t.TempDir()
				s.leave(t, dir)
				logs := newOldLogs(t, system, s.Written.Add(2*time.Minute))
				_, waiting := logs.publish(t, s.Written)
				want := append(waiting, logs.publishLater(t, s.Written)...)
				got, r := logs.reads(t, dir, len(want))
				assert.ElementsMatch(t, want, got, "what was not delivered before, and nothing else")
				assert.InDelta(t, 0, sum(t, r.telemetry, "cursors.rejected"), 0)
				assert.InDelta(t, 0, sum(t, r.telemetry, "gaps"), 0)
				_, texts := r.host.statuses()
				assert.Empty(t, texts)

				got, _ = logs.reads(t, dir, 0)
				assert.Empty(t, got, "what this version stored in their place holds too")
			})
		}
	}
}

// writeCursors writes what the code stores for logs of which one is busy, one idle, and one was never read.
func writeCursors(t *testing.T, dir string) {
	t.Helper()
	for _, system := range []string{"auth0", "kobil", "canvas"} {
		logs, storage := newOldLogs(t, system, longAgo), t.TempDir()
		delivered, _ := logs.publish(t, longAgo)
		logs.refuse(http.StatusInternalServerError)
		logs.lookback = time.Since(longAgo) + 24*time.Hour
		got, _ := logs.reads(t, storage, len(delivered))
		require.ElementsMatch(t, delivered, got)
		require.NoError(t, os.MkdirAll(dir, 0o750))
		require.NoError(t, left(t, storage, longAgo).save(dir, system))
	}
}

func TestUpgradeFilesHoldEverySortOfCursor(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(cursorsDir, "*", "*.json"))
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		s := storedIn(t, file)
		sorts := map[string]int{}
		for _, value := range s.Stored {
			var stored struct {
				Cursor string `json:"c"`
			}
			require.NoError(t, json.Unmarshal([]byte(value), &stored), file)
			switch {
			case strings.Contains(stored.Cursor, `"s":`):
				sorts["never read"]++
			case strings.Contains(stored.Cursor, `"r":`):
				sorts["read"]++
			}
			assert.NotContains(t, value, canary)
		}
		assert.Positive(t, sorts["never read"], file)
		assert.GreaterOrEqual(t, sorts["read"], 2, file)
	}
}

func TestUpgradeFilesOfAReleaseAreNotWrittenAnew(t *testing.T) {
	dir := t.TempDir()
	s := storedCursors{Stored: map[string]string{"/v1/epoch": "x"}}
	require.NoError(t, s.save(dir, "auth0"))
	before, err := os.ReadFile(filepath.Join(dir, "auth0.json"))
	require.NoError(t, err)

	require.NoError(t, os.WriteFile(filepath.Join(dir, released), []byte("0.1.0\n"), 0o600))
	s.Stored["/v1/epoch"] = "y"
	require.ErrorContains(t, s.save(dir, "auth0"), "was released")
	require.ErrorContains(t, s.save(dir, "another"), "was released")
	after, err := os.ReadFile(filepath.Join(dir, "auth0.json"))
	require.NoError(t, err)
	assert.Equal(t, string(before), string(after))
}

func TestUpgradeHasTheCursorsOfEveryRelease(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "CHANGELOG.md"))
	require.NoError(t, err)
	marked := map[string]bool{}
	marks, err := filepath.Glob(filepath.Join(cursorsDir, "*", released))
	require.NoError(t, err)
	for _, mark := range marks {
		versions, err := os.ReadFile(mark)
		require.NoError(t, err)
		for _, version := range strings.Fields(string(versions)) {
			marked[version] = true
		}
	}
	for _, release := range regexp.MustCompile(`(?m)^## \[(\d+\.\d+\.\d+)\]`).FindAllStringSubmatch(string(text), -1) {
		assert.True(t, marked[release[1]], "%s is in CHANGELOG.md, and no %s under testdata/cursors names it", release[1], released)
	}
}
