package rig

import (
	"context"

	"github.com/userlog/userlog-otel/internal/bench/pages"
)

// comparison is user_log beside the floor.
type comparison struct {
	product, floor []result
	// ratios are those of the CPU times, pair by pair.
	ratios []float64
}

// compare measures pairs. In every other pair the floor goes first, so that a machine that grows slower or faster in the
// course of it is unfair to neither.
func (r *Rig) compare(ctx context.Context, q queue, pairs, entries int) (comparison, error) {
	var c comparison
	for pair := range pairs {
		order := []reader{tenant, floor}
		if pair%2 == 1 {
			order = []reader{floor, tenant}
		}
		var cpu [2]float64
		for _, reader := range order {
			one, err := r.backlog(ctx, setup{reader: reader, queue: q}, logOf(entries, 0, backlogUsers))
			if err != nil {
				return c, err
			}
			if reader == floor {
				c.floor, cpu[1] = append(c.floor, one), one.perMillion()
			} else {
				c.product, cpu[0] = append(c.product, one), one.perMillion()
			}
		}
		c.ratios = append(c.ratios, cpu[0]/cpu[1])
	}
	return c, nil
}

// backlogUsers is the number of users of a tenant whose log is read as a whole.
const backlogUsers = 100_000

// againstFloor tells what user_log takes beside the least that can do the same.
func (r *Rig) againstFloor(ctx context.Context, s scale) error {
	r.out.section("Beside the least receiver", "`floor` fetches the same pages, makes the same records of them with the least code, and "+
		"knows no cursor, no repeats and no refusal. "+count(s.entries)+" entries, "+count(s.pairs)+" interleaved pairs; medians, with "+
		"the least and the greatest. CPU seconds are those of the whole collector, from its start to its end, of which the start alone "+
		"takes what the table below says.")
	r.out.head("exporter", "receiver", "CPU s per 1M entries", "ratio", "peak MB", "requests", "bytes out per entry", "entries/s")
	for _, q := range []queue{memory, nop} {
		c, err := r.compare(ctx, q, s.pairs, s.entries)
		if err != nil {
			return err
		}
		name := q.String()
		if q == memory {
			name = "OTLP, " + name
		}
		r.comparisonRow(name, "`user_log`", c.product, spreadOf(c.ratios).text(2))
		r.comparisonRow(name, "`floor`", c.floor, "1")
	}
	return r.startUp(ctx)
}

func (r *Rig) comparisonRow(exporter, name string, results []result, ratio string) {
	of := func(f func(result) float64) spread {
		var all []float64
		for _, one := range results {
			all = append(all, f(one))
		}
		return spreadOf(all)
	}
	out, speed := "–", "–"
	if results[0].sink.Records > 0 {
		out = decimals(of(func(r result) float64 { return float64(r.sink.Bytes) / float64(r.sink.Records) }).median, 0)
		speed = count(int(of(func(r result) float64 { return float64(r.sink.Records) / r.wall().Seconds() }).median))
	}
	r.out.row(exporter, name, of(result.perMillion).text(1), ratio,
		megabytes(int64(of(func(r result) float64 { return float64(r.peak) }).median)),
		count(results[0].pages.Requests), out, speed)
}

// startUp tells what a collector takes that finds nothing to do.
func (r *Rig) startUp(ctx context.Context) error {
	r.out.section("The start of a collector", "From its start to its end, with one answer without entries in between.")
	r.out.head("receiver", "CPU ms", "peak MB")
	for _, reader := range []reader{tenant, floor} {
		dir, err := r.newDir()
		if err != nil {
			return err
		}
		if err := r.serve(pages.Log{Users: 1}); err != nil {
			return err
		}
		one, err := r.until(ctx, setup{reader: reader, queue: memory, dir: dir}, func() (progress, error) {
			now, err := r.asked()
			return progress{done: now.Empty > 0}, err
		})
		if err != nil {
			return err
		}
		r.out.row("`"+reader.String()+"`", milliseconds(one.cpu), megabytes(one.peak))
	}
	return nil
}
