package main

import (
	"fmt"
	"io"
	"os/signal"
	"strings"
	"syscall"

	"github.com/spf13/cobra"
)

// defaultListen is where serve listens unless told otherwise: ports that are easy to remember and no service's own.
func defaultListen() addresses {
	return addresses{auth0: "127.0.0.1:4080", kobil: "127.0.0.1:4081", canvas: "127.0.0.1:4082"}
}

func serveCommand() *cobra.Command {
	var s settings
	c := &cobra.Command{
		Use:   "serve",
		Short: "Serve the APIs until interrupted",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			ctx, stop := signal.NotifyContext(c.Context(), syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP)
			defer stop()
			e, err := begin(s)
			if err != nil {
				return err
			}
			greet(c.OutOrStdout(), e)
			select {
			case <-ctx.Done():
				return e.end()
			case err := <-e.failed:
				_ = e.end() // err is what happened first
				return err
			}
		},
	}
	s.register(c, defaultListen())
	return c
}

// greet tells a person what there is and what to do with it.
func greet(w io.Writer, e *emulation) {
	for _, c := range e.clouds {
		fmt.Fprintf(w, "%s emulated at %s\n", c.name, c.url())
		fmt.Fprintf(w, "  %d users, %d log events so far, %g scenes a second from now on\n", len(c.users), c.entries, c.rate)
		if file := c.serving.usersFile; file != "" {
			fmt.Fprintf(w, "  users in %s\n", file)
		}
	}
	e.settings.announce(w)
	fmt.Fprintf(w, "\nTo point the receiver at them:\n  export %s\n", strings.Join(quoted(e.environment()), "\n  export "))
	fmt.Fprintf(w, "\nTo look at them by hand:\n")
	for _, c := range e.clouds {
		for _, arguments := range c.try(c.url()) {
			fmt.Fprintf(w, "  curl -s %s\n", arguments)
		}
	}
	fmt.Fprintf(w, "\nCtrl-C ends it.\n")
}

// quoted makes NAME=value safe to paste into a shell.
func quoted(env []string) []string {
	out := make([]string, len(env))
	for i, pair := range env {
		name, value, _ := strings.Cut(pair, "=")
		out[i] = name + "='" + strings.ReplaceAll(value, "'", `'\''`) + "'"
	}
	return out
}
