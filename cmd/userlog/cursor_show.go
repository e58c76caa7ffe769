package main

import (
	"fmt"
	"io"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/userlog/userlog-otel/receiver/userlogcursor"
)

func showCommand() *cobra.Command {
	var (
		p                   place
		showUsers, document bool
	)
	c := &cobra.Command{
		Use:     "show",
		Short:   "List how far each log was read",
		Example: "  userlog cursor show --storage /var/lib/otelcol --receiver user_log/acme",
		Args:    usageArgs(cobra.NoArgs),
	}
	p.register(c)
	c.Flags().BoolVar(&showUsers, "show-users", false, "name logs by their users, where the configuration lists them (needs --config)")
	c.Flags().BoolVar(&document, "json", false, "write JSON")
	c.RunE = func(c *cobra.Command, _ []string) error {
		f, err := p.find(c.Context())
		if err != nil {
			return err
		}
		var names userlogcursor.Names
		if showUsers {
			if f.source == nil {
				return usagef("--show-users: the storage does not hold them, add --config")
			}
			names = f.source.Names
		}
		return f.with(c.Context(), false, func(storage userlogcursor.Client) error {
			logs, err := userlogcursor.Show(c.Context(), storage, names, f.fingerprint())
			if err != nil {
				return err
			}
			if document {
				return asJSON(c.OutOrStdout(), map[string]any{"version": 1, "receiver": f.id.String(), "logs": logs})
			}
			return table(c.OutOrStdout(), logs, time.Now())
		})
	}
	return c
}

// shownID is how much of a log's id is shown: of a million logs two begin alike with a probability of a fifth of a percent.
const shownID = 8

// table writes one line for each log.
func table(w io.Writer, logs []userlogcursor.Log, now time.Time) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "LOG\tNEWEST ENTRY\tAGE\tMARKS\tVERSION\tBYTES\tREMARK")
	for _, l := range logs {
		name := l.Name
		if name == "" {
			name = l.ID[:min(len(l.ID), shownID)]
		}
		newest, age := "-", "-"
		if l.Newest != nil {
			newest, age = l.Newest.Format(time.RFC3339), brief(now.Sub(*l.Newest))
		}
		fmt.Fprintf(t, "%s\t%s\t%s\t%d\t%d\t%d\t%s\n", name, newest, age, l.Marks, l.Version, l.Size, remark(l))
	}
	return t.Flush()
}

func remark(l userlogcursor.Log) string {
	switch {
	case l.Problem != "":
		return l.Problem
	case l.Foreign:
		return "of another source: it is set aside when the log is read"
	case l.Begins != nil:
		return "begins at " + l.Begins.Format(time.RFC3339)
	case l.Newest == nil:
		return "nothing was found yet"
	}
	return ""
}

// brief writes an age with its largest unit or two.
func brief(d time.Duration) string {
	const day = 24 * time.Hour
	switch {
	case d >= 2*day:
		return fmt.Sprintf("%dd", d/day)
	case d >= time.Minute:
		d = d.Truncate(time.Minute)
		return d.String()[:len(d.String())-len("0s")]
	}
	return d.Truncate(time.Second).String()
}
