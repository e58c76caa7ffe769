package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"sync"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"github.com/userlog/userlog-otel/internal/emulator/follow"
)

// runOptions are the flags of run beside the settings.
type runOptions struct {
	follow string
	after  time.Duration
}

func runCommand() *cobra.Command {
	var s settings
	var o runOptions
	c := &cobra.Command{
		Use:   "run [flags] -- command [args...]",
		Short: "Serve the API as long as a command runs, which finds it through AUTH0_* in its environment",
		Long: `Serves the API on a free loopback port and runs a command with AUTH0_ENDPOINT, AUTH0_CLIENT_ID,
AUTH0_CLIENT_SECRET and AUTH0_USERS_FILE in its environment. Ends when the command ends, with its exit code.`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			signals := make(chan os.Signal, 2)
			// SIGHUP too: a terminal that closes must not leave the command behind.
			signal.Notify(signals, syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP)
			defer signal.Stop(signals)
			return run(c.Context(), s, o, args, signals, c.OutOrStdout(), c.ErrOrStderr())
		},
	}
	// What stands after the command's name belongs to the command.
	c.Flags().SetInterspersed(false)
	s.register(c, "127.0.0.1:0")
	c.Flags().StringVar(&o.follow, "follow", "", "OTLP JSON `file` that the command writes (fileexporter): print its log records")
	c.Flags().DurationVar(&o.after, "for", 0, "end everything after this time, with exit code 0")
	return c
}

// run serves, runs the command and cleans up after both.
func run(ctx context.Context, s settings, o runOptions, args []string, signals <-chan os.Signal, out, errs io.Writer) (err error) {
	if s.usersFile == "" {
		dir, err := os.MkdirTemp("", "userlog-emulator-")
		if err != nil {
			return err
		}
		defer os.RemoveAll(dir)
		s.usersFile = filepath.Join(dir, "users.txt")
	}
	e, err := begin(s)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, e.end()) }()
	fmt.Fprintf(errs, "Emulated Auth0 tenant at %s: %d users, %d log events so far\n", e.url, len(e.tenant.Users()), e.past)

	finish := func() error { return nil }
	if o.follow != "" {
		if finish, err = startFollowing(ctx, o.follow, out, errs); err != nil {
			return err
		}
	}
	c := child{name: filepath.Base(args[0]), signals: signals, after: o.after, grace: killTime, abort: e.failed}
	return errors.Join(c.run(ctx, args, e.environment(), out, errs), finish())
}

// startFollowing prints the records of the file until finish is called, which prints what is left and the sum.
func startFollowing(ctx context.Context, path string, out, errs io.Writer) (finish func() error, err error) {
	t, err := follow.NewTail(path)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(ctx)
	p := follow.NewPrinter(out, time.Local, coloured(out))
	unreadable := 0
	var failure error
	var wg sync.WaitGroup
	wg.Go(func() {
		failure = t.Run(ctx, func(line []byte) error {
			err := p.Line(line)
			if errors.Is(err, follow.ErrNotOTLP) {
				unreadable++
				return nil
			}
			return err
		})
	})
	return func() error {
		cancel()
		wg.Wait()
		fmt.Fprintf(errs, "%d log records in %s\n", p.Count(), path)
		if unreadable > 0 {
			fmt.Fprintf(errs, "%d lines of it were not OTLP JSON\n", unreadable)
		}
		return failure
	}, nil
}

// coloured tells whether w is a terminal whose user wants colour (https://no-color.org).
func coloured(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok || os.Getenv("NO_COLOR") != "" || os.Getenv("TERM") == "dumb" {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
