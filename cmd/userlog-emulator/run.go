package main

import (
	"cmp"
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
		Short: "Serve the APIs as long as a command runs, which finds them through its environment",
		Long: `Serves the APIs, each on a free loopback port, and runs a command with these in its environment:
  AUTH0_ENDPOINT AUTH0_CLIENT_ID AUTH0_CLIENT_SECRET AUTH0_USERS_FILE
  KOBIL_ENDPOINT KOBIL_PRODUCT KOBIL_TENANT_ID KOBIL_TOKEN_URL KOBIL_CLIENT_ID KOBIL_CLIENT_SECRET KOBIL_USERS_FILE
  CANVAS_ENDPOINT CANVAS_TOKEN CANVAS_ACCOUNTS CANVAS_USERS_FILE
Ends when the command ends, with its exit code.`,
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
	const free = "127.0.0.1:0"
	s.register(c, addresses{free, free, free})
	c.Flags().StringVar(&o.follow, "follow", "", "OTLP JSON `file` that the command writes (fileexporter): print its log records")
	c.Flags().DurationVar(&o.after, "for", 0, "end everything after this time, with exit code 0")
	return c
}

// run serves, runs the command and cleans up after both.
func run(ctx context.Context, s settings, o runOptions, args []string, signals <-chan os.Signal, out, errs io.Writer) (err error) {
	dir, err := os.MkdirTemp("", "userlog-emulator-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	s.auth0.usersFile = cmp.Or(s.auth0.usersFile, filepath.Join(dir, "auth0.txt"))
	s.kobil.usersFile = cmp.Or(s.kobil.usersFile, filepath.Join(dir, "kobil.txt"))
	s.canvas.usersFile = cmp.Or(s.canvas.usersFile, filepath.Join(dir, "canvas.txt"))
	e, err := begin(s)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, e.end()) }()
	for _, c := range e.clouds {
		fmt.Fprintf(errs, "%s emulated at %s: %d users, %d log events so far\n", c.name, c.url(), len(c.users), c.entries)
	}
	e.settings.announce(errs)

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
