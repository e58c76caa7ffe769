package rig

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/userlog/userlog-otel/internal/bench/pages"
)

// window is what a collector took while nothing was new.
type window struct {
	requests int64
	cpu      time.Duration
	clocked  bool // whether cpu is known
	now      int64
	peak     int64
	disk     int64
}

// perRequest is the CPU time of one request, in microseconds.
func (w window) perRequest() string {
	if !w.clocked {
		return "–"
	}
	return decimals(float64(w.cpu.Microseconds())/float64(w.requests), 0)
}

// idle runs a collector until it has read everything, and looks at it for a while.
func (r *Rig) idle(ctx context.Context, s setup, entries int, read func(pages.Stats) progress, length time.Duration) (window, error) {
	if err := r.expect(0, entries); err != nil {
		return window{}, err
	}
	c, err := r.start(ctx, s)
	if err != nil {
		return window{}, err
	}
	w, err := r.look(ctx, c, entries, read, length)
	if err != nil {
		c.abandon()
		return window{}, err
	}
	w.now, w.peak = memoryOf(c.cmd.Process.Pid)
	u, err := c.stop()
	if err != nil {
		return window{}, err
	}
	w.disk = sizeOf(filepath.Join(s.dir, "storage"))
	_, err = r.judge(s, u, pages.Stats{}, entries)
	return w, err
}

// look waits until a collector has read everything, and counts its requests and its CPU time for a while.
func (r *Rig) look(ctx context.Context, c *collector, entries int, read func(pages.Stats) progress, length time.Duration) (window, error) {
	err := c.until(ctx, func() (progress, error) {
		asked, err := r.asked()
		arrived, err2 := r.arrived()
		now := read(asked)
		return progress{now.n + arrived.Distinct, now.done && arrived.Distinct >= entries}, errors.Join(err, err2)
	})
	if err != nil {
		return window{}, err
	}
	before, err := r.asked()
	if err != nil {
		return window{}, err
	}
	began, ok := cpuOf(c.cmd.Process.Pid)
	end := time.Now().Add(length)
	if err := c.until(ctx, func() (progress, error) { return progress{time.Now().Nanosecond(), time.Now().After(end)}, nil }); err != nil {
		return window{}, err
	}
	ended, ok2 := cpuOf(c.cmd.Process.Pid)
	after, err := r.asked()
	return window{requests: after.Requests - before.Requests, cpu: ended - began, clocked: ok && ok2}, err
}

// sizeOf is the number of bytes of the files in a directory.
func sizeOf(dir string) (size int64) {
	_ = filepath.WalkDir(dir, func(_ string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		info, err := entry.Info()
		if err == nil {
			size += info.Size()
		}
		return err
	}) // of the rig's own directory; what cannot be read is not counted
	return size
}

const (
	// shortPause is the shortest that user_log takes. With it what is measured is the reads, and less of how a process that
	// has nothing to do falls asleep and wakes up; longPause is for the whole of it.
	shortPause = time.Millisecond
	longPause  = time.Second
	// tenantEntries is what the log of an idle tenant holds.
	tenantEntries = 1000
	// usersPace is the number of users that are read in a second, so that a core is half idle at the least.
	usersPace = 1250
	// fewUsers is what the memory with more users is compared with.
	fewUsers = 10
)

// idleTenants tells what a tenant without news costs, of whatever number of users.
func (r *Rig) idleTenants(ctx context.Context, s scale) error {
	r.out.section("A tenant without news", "For "+s.watched.String()+". With a pause of a second, most is what it takes a process to "+
		"wake up and to fall asleep again.")
	r.out.head("receiver", "users of the tenant", "pause", "reads, of one request each", "CPU µs per read", "resident MB", "peak MB")
	for _, pause := range []time.Duration{shortPause, longPause} {
		if err := r.idleTenant(ctx, s, floor, fewUsers, pause); err != nil {
			return err
		}
		for _, n := range s.users {
			if err := r.idleTenant(ctx, s, tenant, n, pause); err != nil {
				return err
			}
		}
	}
	return nil
}

func (r *Rig) idleTenant(ctx context.Context, s scale, reader reader, users int, pause time.Duration) error {
	dir, err := r.newDir()
	if err != nil {
		return err
	}
	if err := r.serve(logOf(tenantEntries, 0, users)); err != nil {
		return err
	}
	w, err := r.idle(ctx, setup{reader: reader, queue: memory, interval: pause, dir: dir}, tenantEntries,
		func(asked pages.Stats) progress { return progress{int(asked.Requests), asked.Empty > 1} }, s.watched)
	if err != nil {
		return err
	}
	r.out.row("`"+reader.String()+"`", count(users), pause.String(), count(w.requests), w.perRequest(), megabytes(w.now), megabytes(w.peak))
	return nil
}

// idleUsers tells what users without news cost whose logs are read one by one.
func (r *Rig) idleUsers(ctx context.Context, s scale) error {
	r.out.section("Users without news, read one by one", "Each has one entry, which is delivered at the first read. Then one interval is "+
		"measured, which is long enough for "+count(usersPace)+" users a second. Memory and storage per user are what was more than "+
		"with "+count(fewUsers)+" users.")
	r.out.head("users", "requests per user and interval", "CPU µs per request", "resident MB", "peak MB", "bytes of memory per user", "bytes on disk per user")
	var base window
	for _, n := range append([]int{fewUsers}, s.users...) {
		w, err := r.idleUsersOf(ctx, n)
		if err != nil {
			return err
		}
		memory, disk := "", ""
		if n == fewUsers {
			base = w
		} else {
			memory, disk = count((w.now-base.now)/int64(n-fewUsers)), count((w.disk-base.disk)/int64(n-fewUsers))
		}
		r.out.row(count(n), decimals(float64(w.requests)/float64(n), 2), w.perRequest(), megabytes(w.now), megabytes(w.peak), memory, disk)
	}
	return nil
}

func (r *Rig) idleUsersOf(ctx context.Context, n int) (window, error) {
	dir, err := r.newDir()
	if err != nil {
		return window{}, err
	}
	file := filepath.Join(dir, "users.txt")
	var ids strings.Builder
	for user := range n {
		ids.WriteString(pages.UserID(user) + "\n")
	}
	if err := os.WriteFile(file, []byte(ids.String()), 0o600); err != nil {
		return window{}, err
	}
	if err := r.serve(logOf(n, 0, n)); err != nil {
		return window{}, err
	}
	interval := max(time.Second, time.Duration(n)*time.Second/usersPace)
	return r.idle(ctx, setup{reader: users, queue: memory, interval: interval, usersFile: file, dir: dir}, n,
		func(asked pages.Stats) progress { return progress{int(asked.ReadOnce), asked.ReadOnce == int64(n)} }, interval)
}
