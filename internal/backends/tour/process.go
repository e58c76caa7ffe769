package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"
)

// endLimit is how long a process may take to end before it is killed: the collector stores what was accepted.
const endLimit = 10 * time.Second

// prepare makes the directories, and puts the rules where Loki's ruler looks for those of its only tenant.
func (t *tour) prepare() error {
	if err := os.RemoveAll(t.dir); err != nil {
		return err
	}
	rules := filepath.Join(t.dir, "rules", "fake")
	if err := os.MkdirAll(rules, 0o700); err != nil {
		return err
	}
	files, err := filepath.Glob("alerts/loki/*.yaml")
	if err != nil || len(files) == 0 {
		return errors.Join(err, errors.New("no rules in alerts/loki: run it in the top directory of the project"))
	}
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(rules, filepath.Base(file)), content, 0o600); err != nil { //nolint:gosec // below the directory that the user named
			return err
		}
	}
	return nil
}

// process is a child whose output is a file.
type process struct {
	cmd  *exec.Cmd
	gone chan struct{}
}

// start starts a program whose end is the end of everything. What it writes is in a file of its name.
func (t *tour) start(ctx context.Context, cancel context.CancelCauseFunc, name, path string, args ...string) (*process, error) {
	log := filepath.Join(t.dir, name+".log")
	file, err := os.Create(log)
	if err != nil {
		return nil, err
	}
	defer file.Close()                             // the child has its own
	cmd := exec.CommandContext(ctx, path, args...) //nolint:gosec // named by the user
	cmd.Stdout, cmd.Stderr = file, file
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	cmd.WaitDelay = endLimit
	cmd.Env = append(os.Environ(),
		"LOKI_DIR="+t.dir, "LOKI_HOST=127.0.0.1", "LOKI_PORT="+t.port, "LOKI_GRPC_PORT=0",
		"LOKI_ENDPOINT=http://127.0.0.1:"+t.port+"/otlp", "TOUR_DIR="+t.dir,
		"METRICS_HOST=127.0.0.1", "METRICS_PORT=0")
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	p := &process{cmd: cmd, gone: make(chan struct{})}
	go func() {
		_ = cmd.Wait() // ProcessState tells
		cancel(fmt.Errorf("%s ended with %v: see %s", name, cmd.ProcessState, log))
		close(p.gone)
	}()
	return p, nil
}

// end stops it, and waits.
func (p *process) end() {
	_ = p.cmd.Process.Signal(syscall.SIGTERM) // fails only if it is gone
	select {
	case <-p.gone:
	case <-time.After(endLimit):
		_ = p.cmd.Process.Kill()
		<-p.gone
	}
}

// ended is why a context is done: nothing if the user wanted it.
func ended(ctx context.Context) error {
	if cause := context.Cause(ctx); !errors.Is(cause, context.Canceled) {
		return cause
	}
	return nil
}
