package main

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/userlog/userlog-otel/internal/emulator/scenario"
)

func scenariosCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "scenarios",
		Short: "List the attacks that --scenario plays",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			w := tabwriter.NewWriter(c.OutOrStdout(), 0, 0, 2, ' ', 0)
			for _, s := range scenario.All() {
				fmt.Fprintf(w, "%s\t%s\n", s.Name, s.Title)
			}
			return w.Flush()
		},
	}
}

// scenarios is a flag that takes the name of a scenario each time.
type scenarios []scenario.Scenario

// String is the names.
func (s *scenarios) String() string {
	var names []string
	for _, one := range *s {
		names = append(names, one.Name)
	}
	return strings.Join(names, ",")
}

// Set adds the scenario of this name.
func (s *scenarios) Set(name string) error {
	one, ok := scenario.Find(name)
	if !ok {
		return errors.New("no such scenario: userlog-emulator scenarios lists them")
	}
	*s = append(*s, one)
	return nil
}

// Type is what the help shows behind the flag.
func (s *scenarios) Type() string { return "name" }

// validate refuses what cannot be played together.
func (s *scenarios) validate() error {
	return refuse(s.silent() && len(*s) > 1, "--scenario: silence cannot be played with another one")
}

// silent means that nothing is to happen.
func (s *scenarios) silent() bool {
	return slices.ContainsFunc(*s, func(one scenario.Scenario) bool { return one.Name == scenario.Silence })
}

// plays are the scenarios, over at end.
func (s *settings) plays(end time.Time) []scenario.Play {
	var plays []scenario.Play
	for _, one := range s.scenarios {
		plays = append(plays, one.Play(scenario.Options{Seed: s.seed, Users: s.users, End: end}))
	}
	return plays
}

// quietFrom is when the invented past ends.
func (s *settings) quietFrom(now time.Time) time.Time {
	if s.scenarios.silent() {
		return now.Add(-scenario.SilentFor)
	}
	return now
}

// pace is how many scenes a second are played in Auth0.
func (s *settings) pace() float64 {
	if s.scenarios.silent() {
		return 0
	}
	return s.rate
}

// announce says what is played, and whom an alert must name.
func (s *settings) announce(w io.Writer) {
	for i, p := range s.plays(time.Time{}) {
		fmt.Fprintf(w, "scenario %s: %s\n", s.scenarios[i].Name, s.scenarios[i].Title)
		for _, actor := range p.Actors {
			fmt.Fprintf(w, "  %s\n", actor)
		}
	}
}
