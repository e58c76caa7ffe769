package main

import (
	"context"
	"encoding/json"
	"errors"
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
		set := userlogcheck.Settings{
			Receivers: some, Authenticator: d.authenticator, Storage: d.storage,
			Logs: logs, ShowUsers: showUsers, Timeout: timeout, BuildInfo: build(),
		}
		tell := tables
		if document {
			tell = asDocument
		}
		return tell(c, set)
	}
	return c
}

// tables checks the receivers and writes what is found of each as soon as it is known: many that hang take long.
func tables(c *cobra.Command, set userlogcheck.Settings) error {
	var failed error
	between := ""
	set.Checked = func(r userlogcheck.Receiver) {
		_, err := io.WriteString(c.OutOrStdout(), between)
		failed = errors.Join(failed, err, r.Table(c.OutOrStdout()))
		between = "\n"
	}
	report := userlogcheck.Run(c.Context(), set)
	if failed != nil {
		return failed
	}
	return outcome(c.Context(), report)
}

// asDocument checks the receivers and writes one object of JSON, if nothing ends it before.
func asDocument(c *cobra.Command, set userlogcheck.Settings) error {
	report := userlogcheck.Run(c.Context(), set)
	if c.Context().Err() == nil {
		if err := asJSON(c.OutOrStdout(), report); err != nil {
			return err
		}
	}
	return outcome(c.Context(), report)
}

// outcome makes what was found the exit status.
func outcome(ctx context.Context, report userlogcheck.Report) error {
	switch {
	case ctx.Err() != nil:
		return errors.New("interrupted: not all receivers were checked")
	case !report.OK:
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
