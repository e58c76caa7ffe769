package rig

import (
	"bytes"
	"os/exec"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

const (
	// stopLimit is how long a child may take to end after SIGTERM.
	stopLimit = 20 * time.Second
	// tailSize is how much of its stderr a failed test shows.
	tailSize = 6 << 10
)

// child is a process that ends with the test.
type child struct {
	t      *testing.T
	name   string
	cmd    *exec.Cmd
	stderr output
	exited chan struct{}
}

// startChild starts a program, with this directory as its own and the variables, NAME=value, as all of its environment.
func startChild(t *testing.T, name, dir string, env []string, path string, args ...string) *child {
	t.Helper()
	c := &child{t: t, name: name, exited: make(chan struct{})}
	c.cmd = exec.Command(path, args...) //nolint:gosec // named by who runs the test
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
	return c
}

func (c *child) cleanUp() {
	if c.running() {
		_ = c.cmd.Process.Kill() // fails only if it is gone
		<-c.exited
	}
	if !c.t.Failed() {
		return
	}
	said := c.Stderr()
	c.t.Logf("stderr of %s, which ended with %v:\n%s", c.name, c.cmd.ProcessState, said[max(0, len(said)-tailSize):])
}

func (c *child) running() bool {
	select {
	case <-c.exited:
		return false
	default:
		return true
	}
}

// Stderr is what the process has written so far.
func (c *child) Stderr() string { return c.stderr.String() }

// Stop sends SIGTERM, waits, and requires that the process ends well.
func (c *child) Stop() {
	c.t.Helper()
	require.NoError(c.t, c.cmd.Process.Signal(syscall.SIGTERM))
	select {
	case <-c.exited:
	case <-time.After(stopLimit):
		require.FailNow(c.t, c.name+" does not end after SIGTERM", "waited %v", stopLimit)
	}
	require.Zero(c.t, c.cmd.ProcessState.ExitCode(), "exit code after SIGTERM")
}

// Kill sends SIGKILL and waits until the process is gone.
func (c *child) Kill() {
	c.t.Helper()
	require.NoError(c.t, c.cmd.Process.Kill())
	<-c.exited
}

// Until waits for a condition. It fails the test at the limit, or when the process ends before.
func (c *child) Until(what string, limit time.Duration, condition func() bool) {
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
