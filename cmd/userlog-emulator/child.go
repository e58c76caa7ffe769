package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
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
	var ended error // of the command; to be read after done
	done := make(chan struct{})
	go func() {
		ended = cmd.Wait()
		close(done)
	}()

	var timer <-chan time.Time
	if c.after > 0 {
		t := time.NewTimer(c.after)
		defer t.Stop()
		timer = t.C
	}
	var asked, timed bool
	var aborted error
	var kill <-chan time.Time
	ask := func(s os.Signal) {
		if asked {
			killGroup(cmd)
			return
		}
		asked = true
		signalGroup(cmd, s)
		kill = time.After(c.grace)
	}
	killed := false
	for {
		select {
		case s := <-c.signals:
			ask(s)
		case <-timer:
			timed = !asked
			ask(terminate)
		case aborted = <-c.abort:
			ask(terminate)
		case <-kill:
			killed = true
			killGroup(cmd)
		case <-ctx.Done():
			killGroup(cmd)
			<-done
			return ctx.Err()
		case <-done:
			killGroup(cmd) // what it may have left behind
			if ended == nil && !asked {
				fmt.Fprintf(errs, "%s ended by itself\n", c.name)
			}
			return errors.Join(aborted, c.verdict(ended, asked, timed, killed))
		}
	}
}

// verdict is how the command ended, err being what waiting for it gave.
func (c child) verdict(err error, asked, timed, killed bool) error {
	var exit *exec.ExitError
	switch {
	case killed:
		return &exitError{1, fmt.Sprintf("%s did not end within %s and was killed", c.name, c.grace)}
	case timed, err == nil, errors.Is(err, exec.ErrWaitDelay):
		return nil
	case !errors.As(err, &exit):
		return fmt.Errorf("%s: %w", c.name, err)
	case asked:
		return &exitError{exitCode(exit), fmt.Sprintf("%s ended: %s", c.name, exit)}
	default:
		return &exitError{exitCode(exit), fmt.Sprintf("%s ended by itself: %s", c.name, exit)}
	}
}
