package rig

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"
)

const (
	// stallLimit is how long a collector may do nothing that shows: many times what the slowest machine needs for a page.
	stallLimit = time.Minute
	// stopLimit is how long a collector may take to end.
	stopLimit = 30 * time.Second
	// signalGrace is how long a collector is left alone before its SIGTERM. It listens to signals a little after its
	// receivers began to read, and before that the signal ends it at once (otelcol v0.158.0, Collector.Run).
	signalGrace = 200 * time.Millisecond
)

// collector is a running collector.
type collector struct {
	cmd    *exec.Cmd
	stderr bytes.Buffer // read only after exited
	exited chan struct{}
}

// usage is what a collector took, from its start to its end.
type usage struct {
	// cpu is the time in user and system mode, of all threads.
	cpu time.Duration
	// peak is the greatest resident memory, in bytes; 0 where it is not known.
	peak int64
}

// start starts a collector. It ends with ctx at the latest.
func (r *Rig) start(ctx context.Context, s setup) (*collector, error) {
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	if r.profiles != "" {
		r.profiled++
		s.profile = filepath.Join(r.profiles, fmt.Sprintf("%03d-%s", r.profiled, s.reader.id()))
	}
	config, err := s.config(r.pages.url, r.sink.url, port)
	if err != nil {
		return nil, err
	}
	path := filepath.Join(s.dir, "config.yaml")
	if err := os.WriteFile(path, config, 0o600); err != nil {
		return nil, err
	}
	c := &collector{cmd: exec.CommandContext(ctx, r.binary, "--config", path), exited: make(chan struct{})} //nolint:gosec // named by who runs this
	c.cmd.Dir, c.cmd.Env = s.dir, []string{"HOME=" + s.dir, "TMPDIR=" + s.dir}                              // nothing of this machine: no proxies, no limits
	c.cmd.Stderr = &c.stderr
	c.cmd.SysProcAttr = dieWithParent()
	if err := c.cmd.Start(); err != nil {
		return nil, err
	}
	go func() {
		_ = c.cmd.Wait() // ProcessState tells
		close(c.exited)
	}()
	return c, nil
}

// freePort is a port of loopback that nobody listens on.
func freePort() (int, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer listener.Close()
	return listener.Addr().(*net.TCPAddr).Port, nil // of a listener for TCP
}

// pollPause is the pause between two looks at a condition.
const pollPause = 20 * time.Millisecond

// progress is how far a collector has come: a number that grows, until it is done.
type progress struct {
	n    int
	done bool
}

// until waits until the collector is done. It is an error if it ends before, or does nothing for a while.
func (c *collector) until(ctx context.Context, look func() (progress, error)) error {
	n, moved := -1, time.Now()
	for {
		now, err := look()
		if now.done || err != nil {
			return err
		}
		if now.n != n {
			n, moved = now.n, time.Now()
		}
		if time.Since(moved) > stallLimit {
			return fmt.Errorf("the collector has come to %d and does nothing for %v", n, stallLimit)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-c.exited:
			return fmt.Errorf("the collector ended while it was measured: %v", c.cmd.ProcessState)
		case <-time.After(pollPause):
		}
	}
}

// stop ends the collector and tells what it took. It is an error if it ends badly. What it had to say is passed on: a
// collector that warns of something is not at its usual work.
func (c *collector) stop() (usage, error) {
	time.Sleep(signalGrace)
	_, peak := memoryOf(c.cmd.Process.Pid)
	_ = c.cmd.Process.Signal(syscall.SIGTERM) // fails only if it is gone, which is told below
	select {
	case <-c.exited:
	case <-time.After(stopLimit):
		_ = c.cmd.Process.Kill()
		<-c.exited
		return usage{}, errors.New("the collector does not end after SIGTERM")
	}
	state := c.cmd.ProcessState
	u := usage{cpu: state.UserTime() + state.SystemTime(), peak: peak}
	_, _ = os.Stderr.Write(c.stderr.Bytes())
	if !state.Success() {
		return u, fmt.Errorf("the collector ended with %v", state)
	}
	return u, nil
}

// abandon ends the collector after an error, and passes on what it had to say.
func (c *collector) abandon() {
	_ = c.cmd.Process.Kill() // fails only if it is gone
	<-c.exited
	_, _ = os.Stderr.Write(c.stderr.Bytes())
}
