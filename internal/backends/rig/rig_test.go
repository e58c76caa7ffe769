package rig_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/userlog/userlog-otel/internal/backends/rig"
)

func TestTheCollectorReadsAllOfTheClouds(t *testing.T) {
	t.Parallel()
	clouds, dir, now := rig.NewClouds(t, 1, 5), t.TempDir(), time.Now()
	clouds.Past(t, now.Add(-time.Hour), now.Add(-time.Minute), 20)
	demo, err := filepath.Abs(filepath.Join("..", "..", "..", "config", "examples", "demo.yaml"))
	require.NoError(t, err)
	require.NoError(t, os.MkdirAll(filepath.Join(dir, "run", "demo"), 0o700)) // where demo.yaml has its files
	c := rig.Start(t, dir, clouds.Env, demo, "yaml:service::telemetry::logs::level: info")

	want := 0
	for service, entries := range clouds.Entries() {
		assert.NotEmpty(t, entries, service)
		want += len(entries)
	}
	records := func() int {
		content, err := os.ReadFile(filepath.Join(dir, "run", "demo", "records.json"))
		require.NoError(t, err)
		return bytes.Count(content, []byte(`"eventName"`))
	}
	c.Until("all entries are written", 20*time.Second, func() bool { return records() >= want })
	c.Stop()
	assert.Equal(t, want, records())
}
