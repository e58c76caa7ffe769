package userlogcheck

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
)

// Table writes the report for a person.
func (r Report) Table(w io.Writer) error {
	for i, one := range r.Receivers {
		if i > 0 {
			fmt.Fprintln(w)
		}
		fmt.Fprintf(w, "%s: %s %s\n", one.ID, one.System, one.Endpoint)
		table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
		for _, c := range one.Checks {
			fmt.Fprintf(table, "  %s\t%s\t%s\n", strings.ReplaceAll(c.Name, "_", " "), c.State.mark(), c.Text)
		}
		if err := table.Flush(); err != nil {
			return err
		}
	}
	return nil
}

// mark is a state as it stands in the table: what fails has to catch the eye.
func (s State) mark() string {
	switch s {
	case Fail:
		return "FAIL"
	case Unknown:
		return "-"
	case OK, Note:
	}
	return string(s)
}
