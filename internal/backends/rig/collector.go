package rig

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// binaryVariable names the environment variable with the path of the collector under test, as in `make e2e`.
const binaryVariable = "OTELCOL_USERLOG"

const (
	// startLimit is how long a collector may take to be ready.
	startLimit = 30 * time.Second
	// stopLimit is how long it may take to end after SIGTERM.
	stopLimit = 20 * time.Second
	// signalGrace is how long after it said that it is ready a collector gets its SIGTERM: it listens to signals a little
	// later only, and nothing tells when (otelcol v0.158.0, Collector.Run).
	signalGrace = 200 * time.Millisecond
	// tailSize is how much of its stderr a failed test shows.
	tailSize = 6 << 10
)

// Collector is the built collector, running.
type Collector struct {
	t       *testing.T
	cmd     *exec.Cmd
	stderr  output
	exited  chan struct{}
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
// NAME=value, as all of its environment. It waits until the collector is ready. The collector ends with the test.
func Start(t *testing.T, dir string, env []string, configs ...string) *Collector {
	t.Helper()
	c := &Collector{t: t, exited: make(chan struct{})}
	var args []string
	for _, config := range configs {
		args = append(args, "--config", config)
	}
	c.cmd = exec.Command(Binary(t, binaryVariable, "run it through make, which builds the collector first"), args...) //nolint:gosec // named by who runs the test
	c.cmd.Dir = dir
	c.cmd.Env = append([]string{"HOME=" + dir, "TMPDIR=" + dir}, env...) // nothing of this machine: no proxies, no credentials
	c.cmd.Stdout, c.cmd.Stderr = &c.stderr, &c.stderr
	c.cmd.SysProcAttr = dieWithParent()
	require.NoError(t, c.cmd.Start())
	go func() {
		_ = c.cmd.Wait() // ProcessState tells
		close(c.exited)
	}()
	t.Cleanup(c.cleanUp)
	c.Until("the collector is ready", startLimit, func() bool { return strings.Contains(c.Stderr(), "Everything is ready.") })
	c.readyAt = time.Now()
	return c
}

func (c *Collector) cleanUp() {
	if c.running() {
		_ = c.cmd.Process.Kill() // fails only if it is gone
		<-c.exited
	}
	if !c.t.Failed() {
		return
	}
	said := c.Stderr()
	c.t.Logf("stderr of the collector, which ended with %v:\n%s", c.cmd.ProcessState, said[max(0, len(said)-tailSize):])
}

func (c *Collector) running() bool {
	select {
	case <-c.exited:
		return false
	default:
		return true
	}
}

// Stderr is what the collector has written so far, at the level info: its telemetry must not be set to less.
func (c *Collector) Stderr() string { return c.stderr.String() }

// Stop sends SIGTERM, waits, and requires that the collector ends well.
func (c *Collector) Stop() {
	c.t.Helper()
	c.Until("the collector listens to signals", stopLimit, func() bool { return time.Since(c.readyAt) > signalGrace })
	require.NoError(c.t, c.cmd.Process.Signal(syscall.SIGTERM))
	select {
	case <-c.exited:
	case <-time.After(stopLimit):
		require.FailNow(c.t, "the collector does not end after SIGTERM", "waited %v", stopLimit)
	}
	require.Zero(c.t, c.cmd.ProcessState.ExitCode(), "exit code after SIGTERM")
}

// Kill sends SIGKILL and waits until the process is gone.
func (c *Collector) Kill() {
	c.t.Helper()
	require.NoError(c.t, c.cmd.Process.Kill())
	<-c.exited
}

// Until waits for a condition. It fails the test at the limit, or when the collector ends before.
func (c *Collector) Until(what string, limit time.Duration, condition func() bool) {
	c.t.Helper()
	wait(c.t, what, limit, c.exited, condition)
}

// output collects what a child writes. It is safe for concurrent use.
type output struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

// Write implements io.Writer.
func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.buf.Write(p)
}

// String is everything that was written so far.
func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.buf.String()
}
