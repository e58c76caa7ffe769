//go:build unix

package main

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/spf13/cobra"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// buffer is a bytes.Buffer for several writers.
type buffer struct {
	// written, if set, is called after each write.
	written func()

	mu sync.Mutex
	b  bytes.Buffer
}

func (b *buffer) Write(p []byte) (int, error) {
	if b.written != nil {
		defer b.written()
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}

// defaults are the settings of run without flags.
func defaults(flags ...string) settings {
	var s settings
	c := &cobra.Command{}
	s.register(c, addresses{"127.0.0.1:0", "127.0.0.1:0", "127.0.0.1:0"})
	if err := c.ParseFlags(flags); err != nil {
		panic(err)
	}
	return s
}

// play runs the test program as the command.
func play(t *testing.T, mode string, o runOptions, signals <-chan os.Signal, args ...string) (out, errs *buffer, err error) {
	t.Helper()
	t.Setenv(childMode, mode)
	out, errs = &buffer{}, &buffer{}
	err = run(t.Context(), defaults(), o, append([]string{os.Args[0]}, args...), signals, out, errs)
	return out, errs, err
}

func code(err error) int {
	var exit *exitError
	if errors.As(err, &exit) {
		return exit.code
	}
	return 0
}

func TestRunGivesTheCommandAllClouds(t *testing.T) {
	out, errs, err := play(t, "reads", runOptions{}, nil)
	require.NoError(t, err, errs)
	for _, name := range []string{"Auth0", "KOBIL", "Canvas"} {
		assert.Contains(t, out.String(), "child: "+name+" entries true")
		assert.Contains(t, errs.String(), name+" emulated at http://127.0.0.1:")
	}
}

func TestRunEndsWithTheCodeOfTheCommand(t *testing.T) {
	for mode, want := range map[string]int{"ends": 0, "dies": 3, "crashes": 137} {
		_, errs, err := play(t, mode, runOptions{}, nil)
		assert.Equal(t, want, code(err), mode)
		said := errs.String()
		if err != nil {
			said += err.Error()
		}
		assert.Contains(t, said, "ended by itself")
	}
}

func TestRunForwardsSignals(t *testing.T) {
	t.Setenv(childMode, "waits")
	signals := make(chan os.Signal, 1)
	var once sync.Once
	out := &buffer{written: func() { once.Do(func() { signals <- syscall.SIGINT }) }} // the child is ready
	err := run(t.Context(), defaults(), runOptions{}, []string{os.Args[0]}, signals, out, &buffer{})
	assert.Equal(t, 7, code(err))
	assert.Contains(t, out.String(), "child: interrupt")
}

func TestRunEndsAfterItsTimeWithCodeZero(t *testing.T) {
	out, errs, err := play(t, "waits", runOptions{after: 2 * time.Second}, nil)
	require.NoError(t, err)
	assert.Contains(t, out.String(), "child: terminated")
	assert.NotContains(t, errs.String(), "by itself")
}

func TestChildThatDoesNotEndIsKilled(t *testing.T) {
	t.Setenv(childMode, "ignores")
	c := child{name: "stubborn", after: 300 * time.Millisecond, grace: 300 * time.Millisecond}
	err := c.run(t.Context(), []string{os.Args[0]}, nil, &buffer{}, &buffer{})
	assert.Equal(t, 1, code(err))
	assert.ErrorContains(t, err, "was killed")
}

func TestSecondSignalKillsAtOnce(t *testing.T) {
	t.Setenv(childMode, "ignores")
	signals := make(chan os.Signal, 2)
	signals <- syscall.SIGTERM
	time.AfterFunc(500*time.Millisecond, func() { signals <- syscall.SIGTERM })
	err := child{name: "stubborn", signals: signals, grace: time.Minute}.run(t.Context(), []string{os.Args[0]}, nil, &buffer{}, &buffer{})
	assert.NotZero(t, code(err))
}

func TestServerThatFailsEndsTheCommand(t *testing.T) {
	t.Setenv(childMode, "obeys")
	abort := make(chan error, 1)
	boom := errors.New("boom")
	abort <- boom
	err := child{name: "x", abort: abort, grace: time.Minute}.run(t.Context(), []string{os.Args[0]}, nil, &buffer{}, &buffer{})
	require.ErrorIs(t, err, boom)
}

func TestCancelledContextKills(t *testing.T) {
	t.Setenv(childMode, "ignores")
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(200*time.Millisecond, cancel)
	err := child{name: "x", grace: time.Minute}.run(ctx, []string{os.Args[0]}, nil, &buffer{}, &buffer{})
	require.ErrorIs(t, err, context.Canceled)
}

func TestRunPrintsTheRecordsThatTheCommandWrites(t *testing.T) {
	path := filepath.Join(t.TempDir(), "records.json")
	out, errs, err := play(t, "writes", runOptions{follow: path}, nil, "ignored", path)
	require.NoError(t, err, errs)
	assert.Equal(t, 2, strings.Count(out.String(), "auth0.fp"))
	assert.Contains(t, errs.String(), "2 log records in "+path)
	assert.Contains(t, errs.String(), "1 lines of it were not OTLP JSON")
	assert.False(t, coloured(out))
}

func TestRunCannotStartWhatIsNotThere(t *testing.T) {
	err := run(t.Context(), defaults(), runOptions{}, []string{filepath.Join(t.TempDir(), "none")}, nil, &buffer{}, &buffer{})
	require.ErrorContains(t, err, "cannot start none")
}

func TestRunLeavesTheFlagsOfTheCommandAlone(t *testing.T) {
	t.Setenv(childMode, "dies")
	root := rootCommand()
	root.SetArgs([]string{"run", "--users", "3", "--", os.Args[0], "--users", "x"})
	root.SetOut(&buffer{})
	root.SetErr(&buffer{})
	assert.Equal(t, 3, code(root.ExecuteContext(t.Context())))
}
