package main

import (
	"encoding/json"
	"io"
	"time"

	"github.com/spf13/cobra"

	"github.com/userlog/userlog-otel/receiver/userlogcheck"
)

const (
	// fewLogs are enough to see what concerns all of them, and cost no limit much.
	fewLogs = 3
	// lookTimeout bounds the wait for an answer: who waits longer than that at a console thinks that it hangs.
	lookTimeout = 15 * time.Second
)

func checkCommand() *cobra.Command {
	var (
		from                     origin
		receivers                []string
		all, showUsers, document bool
		timeout                  time.Duration
	)
	c := &cobra.Command{
		Use:   "check --config FILE",
		Short: "Say whether the receivers of a configuration can read their sources",
		Long: `Say whether the receivers user_log of a collector's configuration can read their sources.

It asks each source as the receiver does, with the same client, for a token if one is
asked for, for the first page of the list of users if there is a search for them, and for
one page of the log of each of the first few users. Nothing is delivered or stored.

The status is 0 if all is well, 1 if something is wrong that a person has to heal, and 2 if
the command or the configuration is wrong.`,
		Example: "  userlog check --config collector.yaml",
		Args:    usageArgs(cobra.NoArgs),
	}
	from.register(c)
	f := c.Flags()
	f.StringArrayVar(&receivers, "receiver", nil, "check this receiver only, as in user_log/acme; repeatable")
	f.BoolVar(&all, "all", false, "look at the logs of all users, one request each")
	f.BoolVar(&showUsers, "show-users", false, "name logs by their users, not by numbers")
	f.BoolVar(&document, "json", false, "write JSON")
	f.DurationVar(&timeout, "timeout", lookTimeout, "how long to wait for each answer")
	c.RunE = func(c *cobra.Command, _ []string) error {
		d, err := load(c.Context(), from)
		if err != nil {
			return err
		}
		some, err := d.only(receivers)
		if err != nil {
			return err
		}
		if timeout <= 0 {
			return usagef("--timeout: must be above 0")
		}
		logs := fewLogs
		if all {
			logs = 0
		}
		return tell(c.OutOrStdout(), document, userlogcheck.Run(c.Context(), userlogcheck.Settings{
			Receivers: some, Authenticator: d.authenticator, Storage: d.storage,
			Logs: logs, ShowUsers: showUsers, Timeout: timeout, BuildInfo: build(),
		}))
	}
	return c
}

// tell writes what was found, and makes it the exit status.
func tell(w io.Writer, document bool, report userlogcheck.Report) error {
	write := report.Table
	if document {
		write = func(w io.Writer) error { return asJSON(w, report) }
	}
	if err := write(w); err != nil {
		return err
	}
	if !report.OK {
		return errFound
	}
	return nil
}

func asJSON(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(v)
}
