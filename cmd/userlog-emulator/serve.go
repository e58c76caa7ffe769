package main

import (
	"fmt"
	"io"
	"os/signal"
	"strings"
	"syscall"

	"github.com/spf13/cobra"
)

// defaultListen is where serve listens unless told otherwise: a port that is easy to remember and no service's own.
const defaultListen = "127.0.0.1:4080"

func serveCommand() *cobra.Command {
	var s settings
	c := &cobra.Command{
		Use:   "serve",
		Short: "Serve the API until interrupted",
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
	s.register(c, defaultListen)
	return c
}

// greet tells a person what there is and what to do with it.
func greet(w io.Writer, e *emulation) {
	s := e.settings
	fmt.Fprintf(w, "Emulated Auth0 tenant at %s\n", e.url)
	fmt.Fprintf(w, "  %d users, %d log events so far, %g scenes a second from now on\n", len(e.tenant.Users()), e.past, s.rate)
	fmt.Fprintf(w, "  client_id %s, client_secret %s\n", s.clientID, s.clientSecret)
	if s.usersFile != "" {
		fmt.Fprintf(w, "  user ids in %s\n", s.usersFile)
	}
	fmt.Fprintf(w, "\nTo point the receiver at it:\n  export %s\n", strings.Join(quoted(e.environment()), "\n  export "))
	fmt.Fprintf(w, "\nTo look at it by hand:\n"+
		"  curl -s %[1]s/oauth/token -d grant_type=client_credentials -d client_id=%[2]s -d client_secret=%[3]s -d audience=%[1]s/api/v2/\n"+
		"  curl -s '%[1]s/api/v2/logs?per_page=5' -H 'Authorization: Bearer TOKEN'\n", e.url, s.clientID, s.clientSecret)
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
