package rig

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// queues tells what the exporter's queue costs, which decides whether an accepted entry can be lost.
func (r *Rig) queues(ctx context.Context, s scale) error {
	r.out.section("The exporter's queue", "`user_log`, "+count(s.entries)+" entries, one run each. What is in a queue in memory is lost "+
		"with the collector, unless the receiver waits for the result; with `fsync` at the storage of the cursors, and of the queue, "+
		"what was accepted outlives a crash of the machine.")
	r.out.head("exporter", "`fsync`", "loses nothing", "CPU s per 1M entries", "peak MB", "entries/s")
	for _, set := range []setup{
		{queue: noQueue}, {queue: waited}, {queue: waited, fsync: true}, {queue: memory}, {queue: persistent}, {queue: persistent, fsync: true},
	} {
		set.reader = tenant
		one, err := r.backlog(ctx, set, logOf(s.entries, 0, backlogUsers))
		if err != nil {
			return err
		}
		r.out.row(set.queue.String(), yes(set.fsync), yes(set.queue != memory), decimals(one.perMillion(), 1), megabytes(one.peak),
			count(int(float64(one.entries)/one.wall().Seconds())))
	}
	return nil
}

const (
	// news is the number of entries that are new to a collector that starts again.
	news = 1000
	// slow is what a backend takes for an answer that is slower than the reading: with the 10 requests that the exporter sends
	// at once it takes 20,000 entries a second, so that a queue that nobody waits for is full all the time.
	slow = 50 * time.Millisecond
)

// backlogs tells how memory and cost depend on the length of a log: that of what is new in it, and that of what was
// delivered before.
func (r *Rig) backlogs(ctx context.Context, s scale) error {
	r.out.section("Backlog and history", "The log of a tenant of "+count(backlogUsers)+" users is read from its beginning, with the "+
		"exporter and the storage of `config/examples/auth0_tenant_otlp.yaml`. Then the collector is stopped, "+count(news)+
		" entries are added, and it is started again with the same storage: what it takes then, its start included, is what news cost "+
		"where so many entries were delivered before. The last column is of another run, with a queue that the receiver does not wait "+
		"for, and a backend that takes "+slow.String()+" for each answer, so that the queue is always full. Nothing was missing or came "+
		"twice, or there would be no figure.")
	r.out.head("entries", "missing, repeated", "CPU s per 1M", "peak MB", "requests",
		"then "+count(news)+" new: CPU ms", "requests", "bytes read", "peak MB", "peak MB with a full queue")
	for _, entries := range s.backlogs {
		if err := r.backlogOf(ctx, entries); err != nil {
			return err
		}
	}
	return nil
}

func (r *Rig) backlogOf(ctx context.Context, entries int) error {
	dir, err := r.newDir()
	if err != nil {
		return err
	}
	set := setup{reader: tenant, queue: waited, fsync: true, dir: dir}
	if err := r.serve(logOf(entries, news, backlogUsers)); err != nil {
		return err
	}
	old, err := r.deliver(ctx, set, 0, entries)
	if err != nil {
		return err
	}
	if err := r.publish(news); err != nil {
		return err
	}
	fresh, err := r.deliver(ctx, set, entries, news)
	if err != nil {
		return fmt.Errorf("after a restart: %w", err)
	}
	full, err := r.fullQueue(ctx, entries)
	if err != nil {
		return err
	}
	r.out.row(count(entries), "0, 0", decimals(old.perMillion(), 1), megabytes(old.peak), count(old.pages.Requests),
		milliseconds(fresh.cpu), count(fresh.pages.Requests), count(fresh.pages.Bytes), megabytes(fresh.peak), megabytes(full.peak))
	return nil
}

// fullQueue measures a collector whose queue is full.
func (r *Rig) fullQueue(ctx context.Context, entries int) (result, error) {
	if err := r.answerIn(slow); err != nil {
		return result{}, err
	}
	one, err := r.backlog(ctx, setup{reader: tenant, queue: memory}, logOf(entries, 0, backlogUsers))
	return one, errors.Join(err, r.answerIn(0))
}
