package userlogcheck

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
)

// Table writes what was found of a receiver for a person.
func (r Receiver) Table(w io.Writer) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	if _, err := fmt.Fprintf(w, "%s: %s %s\n", r.ID, r.System, r.Endpoint); err != nil {
		return err
	}
	for _, c := range r.Checks {
		fmt.Fprintf(table, "  %s\t%s\t%s\n", strings.ReplaceAll(c.Name, "_", " "), c.State.mark(), c.Text)
	}
	return table.Flush()
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
