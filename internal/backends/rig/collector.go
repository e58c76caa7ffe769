package rig

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// binaryVariable names the environment variable with the path of the collector under test, as in `make e2e`.
const binaryVariable = "OTELCOL_USERLOG"

const (
	// startLimit is how long a collector may take to be ready.
	startLimit = 30 * time.Second
	// signalGrace is how long after it said that it is ready a collector gets its SIGTERM: it listens to signals a little
	// later only, and nothing tells when (otelcol v0.158.0, Collector.Run).
	signalGrace = 200 * time.Millisecond
)

// Collector is the built collector, running.
type Collector struct {
	*child
	readyAt time.Time
}

// Binary is the path of the program that an environment variable names. Without it the test is skipped: cure tells what
// to run instead.
func Binary(t *testing.T, variable, cure string) string {
	t.Helper()
	path := os.Getenv(variable)
	if path == "" {
		t.Skipf("%s is not set: %s", variable, cure)
	}
	path, err := filepath.Abs(path)
	require.NoError(t, err)
	require.FileExists(t, path, variable)
	return path
}

// Start starts the collector on configurations, files that are merged, with this directory as its own and the variables,
// NAME=value, as all of its environment. It waits until the collector is ready. The collector ends with the test. It must
// log at the level info at least.
func Start(t *testing.T, dir string, env []string, configs ...string) *Collector {
	t.Helper()
	binary := Binary(t, binaryVariable, "run it through make, which builds the collector first")
	var args []string
	for _, config := range configs {
		args = append(args, "--config", config)
	}
	c := &Collector{child: startChild(t, "the collector", dir, env, binary, args...)}
	c.Until("the collector is ready", startLimit, func() bool { return strings.Contains(c.Stderr(), "Everything is ready.") })
	c.readyAt = time.Now()
	return c
}

// Stop sends SIGTERM, waits, and requires that the collector ends well.
func (c *Collector) Stop() {
	c.t.Helper()
	c.Until("the collector listens to signals", stopLimit, func() bool { return time.Since(c.readyAt) > signalGrace })
	c.child.Stop()
}
