package main

import (
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/userlog/userlog-otel/receiver/userlogcursor"
)

func resetCommand() *cobra.Command {
	var (
		p      place
		choice userlogcursor.Choice
		since  string
		yes    bool
	)
	c := &cobra.Command{
		Use:   "reset [LOG...]",
		Short: "Have logs begin again",
		Long: `Have logs begin again, at initial_lookback or at a time: what was read since then comes again.

A log is named as show lists it, or by its user, as the configuration has it; one that
begins with - after a --. Without --yes it is only told which ones are meant.`,
		Example: "  userlog cursor reset --config collector.yaml --since 2026-11-24T10:00:00Z --all --yes",
		Args:    cobra.ArbitraryArgs,
	}
	p.register(c)
	c.SetFlagErrorFunc(func(_ *cobra.Command, err error) error {
		return usagef("%w: a log that begins with - is named after a --", err)
	})
	c.Flags().BoolVar(&choice.All, "all", false, "all logs")
	c.Flags().StringVar(&since, "since", "", "begin at this time, as in 2026-11-24T10:00:00Z (needs --config)")
	c.Flags().BoolVar(&yes, "yes", false, "do it")
	c.RunE = func(c *cobra.Command, logs []string) error {
		choice.Logs = logs
		if choice.All == (len(logs) > 0) {
			return usagef("which logs? Name them, or use --all")
		}
		f, err := p.find(c.Context())
		if err != nil {
			return err
		}
		begin := "at initial_lookback"
		var at time.Time
		if since != "" {
			if at, err = time.Parse(time.RFC3339, since); err != nil {
				return usagef("--since: write a time as in 2026-11-24T10:00:00Z")
			}
			if f.source == nil {
				return usagef("--since: how a time is written, the system decides: add --config")
			}
			if at.After(time.Now()) {
				return usagef("--since: lies in the future: what comes until then would not be read")
			}
			begin = "at " + at.Format(time.RFC3339)
		}
		return f.with(c.Context(), false, func(storage userlogcursor.Client) error {
			if !yes {
				ids, err := userlogcursor.Selected(c.Context(), storage, choice)
				if err == nil {
					fmt.Fprintf(c.OutOrStdout(), "%s would begin again %s; with --yes they do\n", plural(len(ids), "log"), begin)
				}
				return err
			}
			n, err := reset(c, storage, choice, f, at)
			if err == nil {
				fmt.Fprintf(c.OutOrStdout(), "%s will begin again %s\n", plural(n, "log"), begin)
			}
			return err
		})
	}
	return c
}

func reset(c *cobra.Command, storage userlogcursor.Client, choice userlogcursor.Choice, f found, at time.Time) (int, error) {
	if at.IsZero() {
		return userlogcursor.Reset(c.Context(), storage, choice, "")
	}
	return userlogcursor.Reset(c.Context(), storage, choice, f.source.StartAt(at))
}

func exportCommand() *cobra.Command {
	var p place
	c := &cobra.Command{
		Use:     "export",
		Short:   "Write all cursors to the standard output",
		Example: "  userlog cursor export --config collector.yaml > cursors.jsonl",
		Args:    usageArgs(cobra.NoArgs),
	}
	p.register(c)
	c.RunE = func(c *cobra.Command, _ []string) error {
		f, err := p.find(c.Context())
		if err != nil {
			return err
		}
		return f.with(c.Context(), false, func(storage userlogcursor.Client) error {
			n, err := userlogcursor.Export(c.Context(), storage, f.id.String(), c.OutOrStdout())
			if err == nil {
				fmt.Fprintln(c.ErrOrStderr(), plural(n, "cursor"), "exported")
			}
			return err
		})
	}
	return c
}

func importCommand() *cobra.Command {
	var (
		p   place
		yes bool
	)
	c := &cobra.Command{
		Use:   "import",
		Short: "Store cursors that export wrote, from the standard input",
		Long: `Store cursors that export wrote, from the standard input, in place of those of the same logs.

Cursors of another source are refused. Without --yes it is only told what would be stored.`,
		Example: "  userlog cursor import --config collector.yaml --yes < cursors.jsonl",
		Args:    usageArgs(cobra.NoArgs),
	}
	p.register(c)
	c.Flags().BoolVar(&yes, "yes", false, "do it")
	c.RunE = func(c *cobra.Command, _ []string) error {
		f, err := p.find(c.Context())
		if err != nil {
			return err
		}
		try := func(storage userlogcursor.Client) error {
			n, err := userlogcursor.Import(c.Context(), storage, f.fingerprint(), c.InOrStdin(), !yes)
			if err != nil {
				return err
			}
			done := "would be imported, %d in place of others; with --yes they are\n"
			if yes {
				done = "imported, %d in place of others\n"
			}
			fmt.Fprintf(c.OutOrStdout(), plural(n.Cursors, "cursor")+" "+done, n.Replaced)
			return nil
		}
		var none *errNone
		if err := f.with(c.Context(), yes, try); !errors.As(err, &none) {
			return err
		}
		return try(nil)
	}
	return c
}

// plural counts things whose plural takes an s.
func plural(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}
