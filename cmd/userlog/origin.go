package main

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"
)

// origin says where a configuration comes from, in the collector's own flags.
type origin struct {
	files []string // files, or file:, env: or yaml: and what it says
	sets  []string // single keys with their values
}

func (o *origin) register(c *cobra.Command) {
	f := c.Flags()
	f.SortFlags = false
	f.StringArrayVar(&o.files, "config", nil, "configuration, as the collector takes it: a file, or file:, env: or yaml: and what it says; repeatable")
	f.StringArrayVar(&o.sets, "set", nil, "key of the configuration, as the collector takes it: a.b=value; repeatable")
}

// uris are the parts of the configuration in the order in which they are merged: single keys come last, in the form that
// the collector makes of them (collector v0.158.0, otelcol/flags.go).
func (o *origin) uris() ([]string, error) {
	all := slices.Clone(o.files)
	for _, text := range o.sets {
		key, value, ok := strings.Cut(text, "=")
		if !ok { // the text may be a secret
			return nil, usagef("--set: write a key and its value, as in a.b=value")
		}
		all = append(all, "yaml:"+strings.TrimSpace(strings.ReplaceAll(key, ".", "::"))+": "+strings.TrimSpace(value))
	}
	return all, nil
}
