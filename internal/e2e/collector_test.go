//go:build e2e

package e2e

import (
	"errors"
	"os"
	"os/exec"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

const (
	// startLimit is how long a collector may take to be ready.
	startLimit = 20 * time.Second
	// stopLimit is what the contract calls "a few seconds".
	stopLimit = 5 * time.Second
	// signalGrace is how long after it said that it is ready a collector gets its SIGTERM. It listens to signals a little
	// later only, before that the signal ends it at once, and nothing tells when (otelcol v0.158.0, Collector.Run).
	signalGrace = 200 * time.Millisecond
	// hangLimit is when a collector that does not stop is killed.
	hangLimit = 20 * time.Second
	// tailSize is how much of stderr a failed test shows, of a collector that another one followed tailSizeBefore.
	tailSize, tailSizeBefore = 6 << 10, 500
)

// collector is a running child process.
type collector struct {
	t      *testing.T
	cmd    *exec.Cmd
	stderr *childLog
	// exited is closed once the process is gone; waitErr is set then.
	exited  chan struct{}
	waitErr error
	// followed is set when the test has started another collector after this one.
	followed bool
	// readyAt is when it said that it is ready.
	readyAt time.Time
	// metricsURL is empty unless metrics are served.
	metricsURL string
}

// launch starts the collector under test with the given arguments. It ends with the test, whatever happens.
func launch(t *testing.T, dir string, args ...string) *collector {
	t.Helper()
	return launchOf(t, binary, dir, args...)
}

// launchOf starts a collector as launch does.
func launchOf(t *testing.T, binary, dir string, args ...string) *collector {
	t.Helper()
	c := &collector{t: t, stderr: &childLog{}, exited: make(chan struct{})}
	c.cmd = exec.Command(binary, args...)
	c.cmd.Dir = dir
	c.cmd.Env = []string{"HOME=" + dir, "TMPDIR=" + dir} // nothing of this machine: no proxies, no credentials
	c.cmd.Stdout, c.cmd.Stderr = c.stderr, c.stderr
	c.cmd.SysProcAttr = dieWithParent()
	require.NoError(t, c.cmd.Start())
	go func() {
		c.waitErr = c.cmd.Wait()
		close(c.exited)
	}()
	t.Cleanup(c.cleanUp)
	return c
}

func (c *collector) cleanUp() {
	if c.running() {
		_ = c.cmd.Process.Kill() // fails only if it is gone
		<-c.exited
	}
	if !c.t.Failed() {
		return
	}
	size := tailSize
	if c.followed {
		size = tailSizeBefore
	}
	c.t.Logf("stderr of the collector with pid %d, which ended with %v:\n%s", c.cmd.Process.Pid, c.waitErr, c.stderr.tail(size))
}

func (c *collector) running() bool {
	select {
	case <-c.exited:
		return false
	default:
		return true
	}
}

// stop sends SIGTERM and returns how long the process took to end, and its exit code.
func (c *collector) stop() (time.Duration, int) {
	c.t.Helper()
	c.until("the collector listens to signals", hangLimit, c.stoppable)
	began := time.Now()
	require.NoError(c.t, c.cmd.Process.Signal(syscall.SIGTERM))
	select {
	case <-c.exited:
	case <-time.After(hangLimit):
		require.FailNow(c.t, "the collector does not end after SIGTERM", "waited %v", hangLimit)
	}
	return time.Since(began), c.exitCode()
}

// stoppable tells whether a SIGTERM now would be heard.
func (c *collector) stoppable() bool { return time.Since(c.readyAt) > signalGrace }

// stopWell stops the collector and requires that it ends in time and without an error.
func (c *collector) stopWell() time.Duration {
	c.t.Helper()
	took, code := c.stop()
	require.LessOrEqual(c.t, took, stopLimit, "SIGTERM to exit")
	require.Zero(c.t, code, "exit code after SIGTERM")
	return took
}

// kill sends SIGKILL and returns when the process is gone.
func (c *collector) kill() {
	c.t.Helper()
	require.NoError(c.t, c.cmd.Process.Kill())
	<-c.exited
	var exit *exec.ExitError
	require.ErrorAs(c.t, c.waitErr, &exit, "the collector ended before it was killed")
}

// exitCode is that of a process that has ended.
func (c *collector) exitCode() int {
	var exit *exec.ExitError
	if errors.As(c.waitErr, &exit) {
		return exit.ExitCode()
	}
	require.NoError(c.t, c.waitErr)
	return 0
}

// pollPause is the pause between two looks at a condition.
const pollPause = 10 * time.Millisecond

// until waits for a condition, and fails the test at the time limit, or when the collector ends before.
func (c *collector) until(what string, limit time.Duration, condition func() bool) {
	c.t.Helper()
	deadline := time.After(limit)
	tick := time.NewTicker(pollPause)
	defer tick.Stop()
	for !condition() {
		select {
		case <-tick.C:
		case <-deadline:
			require.FailNow(c.t, "not in time: "+what, "waited %v", limit)
		case <-c.exited:
			require.FailNow(c.t, "the collector ended while the test waited: "+what, "%v", c.waitErr)
		}
	}
}

// whole runs the collector to its end and returns its output and exit code.
func whole(t *testing.T, dir string, env []string, args ...string) (string, int) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), binary, args...)
	cmd.Dir = dir
	cmd.Env = env
	cmd.SysProcAttr = dieWithParent()
	output, err := cmd.CombinedOutput()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		require.NoError(t, err)
	}
	return string(output), cmd.ProcessState.ExitCode()
}

// write makes a file.
func write(t *testing.T, path, content string) {
	t.Helper()
	require.NoError(t, os.WriteFile(path, []byte(content), 0o600))
}
