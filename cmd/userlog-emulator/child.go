package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"syscall"
	"time"
)

// killTime is how long a command may take to end after it was asked to; then it is killed. The collector needs a few
// seconds to hand on what it holds.
const killTime = 10 * time.Second

// child is a command that runs in a process group of its own, so that a Ctrl-C at the terminal reaches it once, through
// us.
type child struct {
	name    string
	signals <-chan os.Signal // forwarded; the second one kills
	after   time.Duration    // ends it after that time; 0: never
	grace   time.Duration    // see killTime
	abort   <-chan error     // ends it with this error
}

// run starts the command and waits for it. The error tells how it ended: nil if it ended with code 0, by itself or
// after a signal or the time; else an exitError with its code. ctx kills it.
func (c child) run(ctx context.Context, args, env []string, out, errs io.Writer) error {
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Env = append(os.Environ(), env...)
	cmd.Stdout, cmd.Stderr = out, errs
	// A grandchild that keeps the output open must not keep us.
	cmd.WaitDelay = time.Second
	ownGroup(cmd)
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("cannot start %s: %w", c.name, err)
	}
	e := &ending{cmd: cmd, grace: c.grace, done: make(chan struct{})}
	go func() {
		e.err = cmd.Wait()
		close(e.done)
	}()
	return c.watch(ctx, e, errs)
}

// watch ends the command when it is time to, and waits for it.
func (c child) watch(ctx context.Context, e *ending, errs io.Writer) error {
	var timer <-chan time.Time
	if c.after > 0 {
		t := time.NewTimer(c.after)
		defer t.Stop()
		timer = t.C
	}
	var aborted error
	for {
		select {
		case s := <-c.signals:
			if s == syscall.SIGHUP { // which asks a collector to read its configuration again, not to end
				s = terminate
			}
			e.ask(s)
		case <-timer:
			e.timed = !e.asked
			e.ask(terminate)
		case aborted = <-c.abort:
			e.ask(terminate)
		case <-e.kill:
			e.killed = true
			killGroup(e.cmd)
		case <-ctx.Done():
			killGroup(e.cmd)
			<-e.done
			return ctx.Err()
		case <-e.done:
			killGroup(e.cmd) // what it may have left behind
			if e.err == nil && !e.asked {
				fmt.Fprintf(errs, "%s ended by itself\n", c.name)
			}
			return errors.Join(aborted, c.verdict(e))
		}
	}
}

// ending is how a running command is brought to its end.
type ending struct {
	cmd   *exec.Cmd
	grace time.Duration
	done  chan struct{} // closed when it has ended
	err   error         // what waiting for it gave; to be read after done

	asked, timed, killed bool // timed: it was asked because its time was over
	kill                 <-chan time.Time
}

// ask sends a signal; the second time it kills.
func (e *ending) ask(s os.Signal) {
	if e.asked {
		killGroup(e.cmd)
		return
	}
	e.asked = true
	signalGroup(e.cmd, s)
	e.kill = time.After(e.grace)
}

// verdict is how the command ended.
func (c child) verdict(e *ending) error {
	var exit *exec.ExitError
	switch {
	case e.killed:
		return &exitError{1, fmt.Sprintf("%s did not end within %s and was killed", c.name, c.grace)}
	case e.timed, e.err == nil, errors.Is(e.err, exec.ErrWaitDelay):
		return nil
	case !errors.As(e.err, &exit):
		return fmt.Errorf("%s: %w", c.name, e.err)
	case e.asked:
		return &exitError{exitCode(exit), fmt.Sprintf("%s ended: %s", c.name, exit)}
	default:
		return &exitError{exitCode(exit), fmt.Sprintf("%s ended by itself: %s", c.name, exit)}
	}
}
