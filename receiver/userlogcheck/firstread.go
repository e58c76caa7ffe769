package userlogcheck

import (
	"fmt"
	"math"
	"time"

	"github.com/userlog/userlog-otel/receiver/internal/source"
)

// most bounds an estimate: where it is reached, the few entries seen say nothing of the rest.
const most = 1e9

// estimate is what a first read of all logs takes; nil if no log could be looked at.
//
// Of a log whose newest page does not hold all that is wanted, the rest is supposed to be as dense as the time that
// the page covers. Logs that were not looked at are supposed to be like those that were.
func (v *visit) estimate() *FirstRead {
	readable := v.readable()
	if readable == 0 {
		return nil
	}
	f := FirstRead{LookbackSeconds: time.Duration(v.cfg.InitialLookback).Seconds(), Logs: max(v.total, len(v.seen)), Exact: v.total == len(v.seen)}
	entries, requests := 0.0, 0.0
	for _, one := range v.seen {
		if one.err != nil {
			continue
		}
		f.AtLeast += one.glimpse.Wanted
		expected := v.expected(one.glimpse)
		f.Exact = f.Exact && !one.glimpse.More
		entries += expected
		requests += max(1, math.Ceil(expected/v.pageSize()))
	}
	scale := float64(f.Logs) / float64(readable)
	f.Entries, f.Requests = int(min(entries*scale, most)), int(min(math.Ceil(requests*scale), most))
	f.Seconds = math.Ceil(v.pace() * float64(f.Requests))
	return &f
}

// expected is how many entries of a log are wanted.
func (v *visit) expected(g source.Glimpse) float64 {
	if !g.More || g.Oldest.IsZero() {
		return float64(g.Wanted)
	}
	covered := max(v.now.Sub(g.Oldest), time.Second)
	entries := max(float64(g.Wanted)*float64(v.cfg.InitialLookback)/float64(covered), float64(g.Wanted))
	if v.window > 0 {
		entries = min(entries, float64(v.window))
	}
	return min(entries, most)
}

func (v *visit) pageSize() float64 {
	switch {
	case v.cfg.Auth0 != nil:
		return float64(v.cfg.Auth0.PageSize)
	case v.cfg.KOBIL != nil:
		return float64(v.cfg.KOBIL.PageSize)
	}
	return float64(v.cfg.Canvas.PageSize)
}

// pace is the least number of seconds from one request to the next: as many are under way as logs are read at once, and
// the configuration may hold them back.
func (v *visit) pace() float64 {
	n, took := v.answered()
	if n == 0 {
		return 0
	}
	pace := took.Seconds() / float64(n) / min(float64(v.cfg.Concurrency), float64(max(v.total, 1)))
	if ceiling := float64(v.cfg.RateLimit.RequestsPerSecond); ceiling > 0 {
		pace = max(pace, 1/ceiling)
	}
	return pace
}

func (v *visit) firstRead() Check {
	const name = "first_read"
	f := v.estimate()
	lookback := time.Duration(v.cfg.InitialLookback)
	switch {
	case f == nil:
		return unknown(name)
	case lookback == 0:
		return Check{name, OK, "begins now: initial_lookback is 0"}
	case f.Exact:
		return Check{name, OK, fmt.Sprintf("%s of the last %s, in %s", countEntries(f.Entries), brief(lookback), plural(f.Requests, "request"))}
	}
	text := fmt.Sprintf("about %s of the last %s, at least %d, in about %s and %s or more", countEntries(f.Entries), brief(lookback), f.AtLeast,
		plural(f.Requests, "request"), brief(time.Duration(f.Seconds*float64(time.Second))))
	for _, one := range v.seen {
		if v.window > 0 && one.glimpse.More && v.expected(one.glimpse) >= float64(v.window) {
			return Check{name, Note, text + fmt.Sprintf("; the API gives the newest %d of a log: what is older is told as a gap", v.window)}
		}
	}
	return Check{name, OK, text}
}
