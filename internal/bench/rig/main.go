package rig

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"
)

// scale is how much is measured.
type scale struct {
	// entries is what the collectors that are compared read, in pairs of runs.
	entries, pairs int
	// backlogs are the lengths of the logs that are read from their beginning.
	backlogs []int
	// users are the numbers of users without news.
	users []int
	// watched is how long a tenant without news is looked at.
	watched time.Duration
	// distant is the number of entries that are read from far away.
	distant int
}

// full takes a quarter of an hour, short two minutes.
func full() scale {
	return scale{
		entries: 200_000, pairs: 5, backlogs: []int{1_000, 50_000, 200_000, 1_000_000}, users: []int{1_000, 10_000, 100_000},
		watched: 20 * time.Second, distant: 10_000,
	}
}

func short() scale {
	return scale{
		entries: 100_000, pairs: 2, backlogs: []int{1_000, 100_000}, users: []int{1_000, 10_000},
		watched: 5 * time.Second, distant: 3_000,
	}
}

// section is a part of the measurement that can be asked for alone.
type section struct {
	name string
	run  func(*Rig, context.Context, scale) error
}

func sections() []section {
	return []section{
		{"floor", (*Rig).againstFloor},
		{"queue", (*Rig).queues},
		{"backlog", (*Rig).backlogs},
		{"distance", (*Rig).distance},
		{"tenant", (*Rig).idleTenants},
		{"users", (*Rig).idleUsers},
	}
}

// options are what the command line says.
type options struct {
	binary, profiles string
	scale            scale
	only             []string
}

func parse(args []string) (options, error) {
	var names []string
	for _, s := range sections() {
		names = append(names, s.name)
	}
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	binary := flags.String("collector", "", "the built collector")
	brief := flags.Bool("short", false, "measure less")
	only := flags.String("only", strings.Join(names, ","), "what is measured")
	pairs := flags.Int("pairs", 0, "pairs of runs that are compared, if another number of them")
	entries := flags.Int("entries", 0, "what the compared read, if another number of entries")
	profiles := flags.String("profiles", "", "a directory for profiles of all collectors; profiling costs a little itself")
	if err := flags.Parse(args); err != nil {
		return options{}, err
	}
	if *binary == "" || flags.NArg() > 0 {
		return options{}, errors.New("usage: bench -collector PATH [-short] [-only NAME,…] [-pairs N] [-entries N] [-profiles DIR]")
	}
	o := options{scale: full(), only: strings.Split(*only, ",")}
	for _, name := range o.only {
		if !slices.Contains(names, name) {
			return options{}, fmt.Errorf("%q is no part of the measurement: take some of %s", name, strings.Join(names, ","))
		}
	}
	if *brief {
		o.scale = short()
	}
	if *pairs > 0 {
		o.scale.pairs = *pairs
	}
	if *entries > 0 {
		o.scale.entries = *entries
	}
	var err, err2 error
	o.binary, err = filepath.Abs(*binary)
	if *profiles != "" {
		o.profiles, err2 = filepath.Abs(*profiles)
	}
	return o, errors.Join(err, err2)
}

// Main measures, and writes what it finds to stdout. It returns an error if an entry got lost or came twice, and never for
// a figure.
func Main(ctx context.Context, args []string) error {
	o, err := parse(args)
	if err != nil {
		return err
	}
	runtime.LockOSThread() // dieWithParent is about the thread that starts a collector, and a locked one does not end before
	r, err := New(o.binary, o.profiles)
	if err != nil {
		return err
	}
	defer r.Close()
	r.out.environment()
	for _, s := range sections() {
		if !slices.Contains(o.only, s.name) {
			continue
		}
		if err := s.run(r, ctx, o.scale); err != nil {
			return fmt.Errorf("%s: %w", s.name, err)
		}
	}
	return nil
}

// New starts the servers.
func New(binary, profiles string) (*Rig, error) {
	program, err := os.Executable()
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "userlog-bench-")
	if err != nil {
		return nil, err
	}
	r := &Rig{binary: binary, dir: dir, profiles: profiles, out: &report{to: os.Stdout}}
	if r.pages, err = startService(program, PagesCommand); err == nil {
		r.sink, err = startService(program, SinkCommand)
	}
	if err != nil {
		r.Close()
		return nil, err
	}
	return r, nil
}

// Close stops the servers and removes what was written.
func (r *Rig) Close() {
	for _, s := range []*service{r.pages, r.sink} {
		if s != nil {
			s.stop()
		}
	}
	_ = os.RemoveAll(r.dir) // of the system's own directory for such things
}
