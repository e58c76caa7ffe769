// Command userlog looks at what a collector with the receiver user_log would do, or has done: check, whether it can read
// its sources; cursor, how far it came.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"
)

// Exit statuses.
const (
	statusFound = 1 // something is wrong that a person has to heal, or was not done
	statusUsage = 2 // the command or the configuration is wrong
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	status := run(ctx, rootCommand(), os.Args[1:])
	stop()
	os.Exit(status)
}

// run runs the command and returns the exit status.
func run(ctx context.Context, root *cobra.Command, args []string) int {
	root.SetArgs(args)
	err := root.ExecuteContext(ctx)
	var usage *usageError
	switch {
	case err == nil:
		return 0
	case errors.Is(err, errFound):
		return statusFound
	}
	fmt.Fprintln(root.ErrOrStderr(), "userlog:", err)
	if errors.As(err, &usage) {
		return statusUsage
	}
	return statusFound
}

func rootCommand() *cobra.Command {
	root := &cobra.Command{
		Use:   "userlog",
		Short: "Whether a collector can read its user logs, and how far it came",
		// run prints errors, once, without the usage.
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          usageArgs(cobra.NoArgs),
		RunE:          whichCommand,
	}
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return &usageError{err} })
	root.AddCommand(checkCommand(), cursorCommand())
	return root
}

// whichCommand is the answer of a command that only has others below it.
func whichCommand(c *cobra.Command, _ []string) error {
	return usagef("which command? `%s --help` lists them", c.CommandPath())
}

// errFound means that the output tells what is wrong.
var errFound = errors.New("something is wrong")

// usageError is a command or a configuration that is wrong.
type usageError struct{ err error }

func (e *usageError) Error() string { return e.err.Error() }

func (e *usageError) Unwrap() error { return e.err }

func usagef(format string, args ...any) error { return &usageError{fmt.Errorf(format, args...)} }

// usageArgs makes what is wrong with arguments a wrong usage.
func usageArgs(check cobra.PositionalArgs) cobra.PositionalArgs {
	return func(c *cobra.Command, args []string) error {
		if err := check(c, args); err != nil {
			return &usageError{err}
		}
		return nil
	}
}
