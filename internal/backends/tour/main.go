// Command tour plays an attack into the real Loki, through the collector, and shows the alerts that it fires: `make tour`.
// Loki has the rules of alerts/loki. Everything listens on loopback and ends with Ctrl-C.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"
)

// firingLimit is how long the first alert may take: Loki's start, a read of a day, and a turn of the ruler, which
// evaluates the rules once a minute.
const firingLimit = 5 * time.Minute

func main() {
	var t tour
	flag.StringVar(&t.loki, "loki", "", "`path` of Loki")
	flag.StringVar(&t.emulator, "emulator", "bin/userlog-emulator", "`path` of the emulator")
	flag.StringVar(&t.collector, "collector", "bin/otelcol-userlog", "`path` of the collector")
	flag.StringVar(&t.scenario, "scenario", "stuffing", "`name` of the attack; userlog-emulator scenarios lists them")
	flag.StringVar(&t.dir, "dir", "run/tour", "`directory` of everything that is written; it is emptied first")
	flag.StringVar(&t.port, "port", "3100", "`port` of Loki")
	flag.BoolVar(&t.once, "once", false, "end as soon as an alert fires")
	flag.Parse()

	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	err := t.run(ctx, os.Stdout)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "tour:", err)
		os.Exit(1)
	}
}

// tour is what the flags say.
type tour struct {
	loki, emulator, collector string
	scenario, dir, port       string
	once                      bool
}

// run goes on until ctx is done, or until an alert fires if one is enough.
func (t *tour) run(ctx context.Context, out io.Writer) error {
	if err := t.prepare(); err != nil {
		return err
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	loki, err := t.start(ctx, cancel, "loki", t.loki, "-config.file=deploy/compose/loki.yaml", "-config.expand-env=true")
	if err != nil {
		return err
	}
	defer loki.end()
	url := "http://127.0.0.1:" + t.port
	fmt.Fprintln(out, "Loki starts at", url)
	if err := untilReady(ctx, url); err != nil {
		return err
	}
	emulator, err := t.start(ctx, cancel, "emulator", t.emulator, "run", "--scenario", t.scenario, "--rate", "0.2", "--",
		t.collector, "--config", "deploy/compose/collector.yaml")
	if err != nil {
		return err
	}
	defer emulator.end()
	fmt.Fprintf(out, "A calm day of three systems, with %q in it, arrives in Loki. Alerts are evaluated once a minute.\n", t.scenario)
	return t.watch(ctx, url, out)
}

// watch prints each alert once, when it begins to fire.
func (t *tour) watch(ctx context.Context, url string, out io.Writer) error {
	began, seen := time.Now(), map[string]bool{}
	for {
		firing, err := firing(ctx, url)
		if err != nil && ctx.Err() == nil {
			return err
		}
		for _, a := range firing {
			if !seen[a.identity()] {
				seen[a.identity()] = true
				fmt.Fprintln(out, a.text())
			}
		}
		switch {
		case t.once && len(seen) > 0:
			return nil
		case len(seen) == 0 && time.Since(began) > firingLimit:
			return fmt.Errorf("no alert fires after %v: see the logs in %s", firingLimit, t.dir)
		}
		select {
		case <-ctx.Done():
			return ended(ctx)
		case <-time.After(lookPause):
		}
	}
}
