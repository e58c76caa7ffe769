package rig

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"github.com/userlog/userlog-otel/internal/bench/pages"
	"github.com/userlog/userlog-otel/internal/bench/sink"
)

// Rig is what collectors are measured between.
type Rig struct {
	binary      string // of the collector
	dir         string // for everything that is written
	profiles    string // where profiles go; "" for none
	profiled    int    // how many went there
	pages, sink *service
	runs        int
	out         *report
}

// result is what one collector did.
type result struct {
	usage
	// entries is how many it had to deliver.
	entries int
	// pages and sink are what was asked for and what arrived while it ran.
	pages pages.Stats
	sink  sink.Stats
}

// perMillion is the CPU time per million entries, in seconds.
func (r result) perMillion() float64 { return r.cpu.Seconds() / float64(r.entries) * 1e6 }

// wall is the time from the first request to the last record.
func (r result) wall() time.Duration { return r.sink.Last.Sub(r.pages.First) }

// span is the time that the dates of a log's entries are spread over. It lies within the initial lookback.
const span = 20 * time.Hour

// logOf is a log of so many entries, with room for more.
func logOf(entries, more, users int) pages.Log {
	return pages.Log{
		First: time.Now().Add(-span - time.Hour), Step: max(span/time.Duration(entries+more+1), time.Millisecond),
		Entries: entries, Users: users,
	}
}

// serve replaces the log.
func (r *Rig) serve(l pages.Log) error { return r.pages.do(http.MethodPut, "/bench/log", l, nil) }

// publish adds entries to the log.
func (r *Rig) publish(n int) error {
	return r.pages.do(http.MethodPost, fmt.Sprintf("/bench/publish?n=%d", n), nil, nil)
}

// expect begins to count what arrives.
func (r *Rig) expect(first, entries int) error {
	return r.sink.do(http.MethodPut, fmt.Sprintf("/bench/ledger?first=%d&entries=%d", first, entries), nil, nil)
}

// answerIn makes every answer of the backend take so long.
func (r *Rig) answerIn(each time.Duration) error {
	return r.sink.do(http.MethodPut, "/bench/latency?each="+each.String(), nil, nil)
}

func (r *Rig) asked() (s pages.Stats, err error) {
	err = r.pages.do(http.MethodGet, "/bench/stats", nil, &s)
	return s, err
}

func (r *Rig) arrived() (s sink.Stats, err error) {
	err = r.sink.do(http.MethodGet, "/bench/stats", nil, &s)
	return s, err
}

// newDir makes a directory for a collector.
func (r *Rig) newDir() (string, error) {
	r.runs++
	dir := filepath.Join(r.dir, fmt.Sprint(r.runs))
	return dir, os.MkdirAll(dir, 0o700)
}

// backlog measures a collector that reads a log that is there already.
func (r *Rig) backlog(ctx context.Context, s setup, l pages.Log) (result, error) {
	var err error
	if s.dir, err = r.newDir(); err != nil {
		return result{}, err
	}
	if err := r.serve(l); err != nil {
		return result{}, err
	}
	return r.deliver(ctx, s, 0, l.Entries)
}

// deliver runs a collector until entries have arrived, and judges what did.
func (r *Rig) deliver(ctx context.Context, s setup, first, entries int) (result, error) {
	before, err := r.asked()
	if err != nil {
		return result{}, err
	}
	if err := r.expect(first, entries); err != nil {
		return result{}, err
	}
	u, err := r.until(ctx, s, func() (progress, error) {
		if s.queue == nop { // nothing arrives, but the page behind the last entry is asked for once all were taken
			now, err := r.asked()
			return progress{int(now.Entries), now.Empty > before.Empty}, err
		}
		now, err := r.arrived()
		return progress{now.Distinct, now.Distinct >= entries}, err
	})
	if err != nil {
		return result{}, err
	}
	return r.judge(s, u, before, entries)
}

// until runs a collector until it is done.
func (r *Rig) until(ctx context.Context, s setup, look func() (progress, error)) (usage, error) {
	c, err := r.start(ctx, s)
	if err != nil {
		return usage{}, err
	}
	if err := c.until(ctx, look); err != nil {
		c.abandon()
		return usage{}, err
	}
	return c.stop()
}

// judge makes the result of a collector that has ended, which is an error unless every entry arrived, and arrived once.
func (r *Rig) judge(s setup, u usage, before pages.Stats, entries int) (result, error) {
	asked, err := r.asked()
	arrived, err2 := r.arrived()
	if err := errors.Join(err, err2); err != nil {
		return result{}, err
	}
	asked.Requests -= before.Requests
	asked.Empty -= before.Empty
	asked.Entries -= before.Entries
	asked.Bytes -= before.Bytes
	if missing := entries - arrived.Distinct; s.queue != nop && (missing > 0 || arrived.Repeats() > 0 || arrived.Unknown > 0) {
		return result{}, fmt.Errorf("of %d entries %d are missing, %d records are repeats, and %d are of no entry of these",
			entries, missing, arrived.Repeats(), arrived.Unknown)
	}
	return result{usage: u, entries: entries, pages: asked, sink: arrived}, nil
}
