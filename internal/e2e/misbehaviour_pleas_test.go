//go:build e2e

package e2e

import (
	"cmp"
	"fmt"
	"maps"
	"net/http"
	"strconv"
	"sync"
	"time"
)

const (
	// underWay is how long after a refusal requests may come that were sent before it was read, or so soon after it that the
	// machine was busy.
	underWay = 500 * time.Millisecond
	// ownPause is the pause that the receiver chooses where it is not told one that makes sense.
	ownPause = time.Second
)

// plea is a way in which an API asks for a pause.
type plea struct {
	name    string
	systems []string // all if none is named
	status  int      // 429 if none is named
	header  func(now time.Time) http.Header
	body    string
	// good says that the answer is what was asked for, and only its head asks for a pause.
	good bool
	// least is how long nothing may be asked for.
	least time.Duration
}

// header is a head of one field, fixed a value for it that is always the same, and unix a time so long from now, in units
// since 1970.
func header(name string, value func(now time.Time) string) func(time.Time) http.Header {
	return func(now time.Time) http.Header { return http.Header{name: {value(now)}} }
}

func fixed(value string) func(time.Time) string { return func(time.Time) string { return value } }

// window is a head that says that a window is used up, and when it ends.
func window(end func(now time.Time) string) func(time.Time) http.Header {
	return func(now time.Time) http.Header {
		return http.Header{"X-Ratelimit-Limit": {"100"}, "X-Ratelimit-Remaining": {"0"}, "X-Ratelimit-Reset": {end(now)}}
	}
}

func unix(after time.Duration, unit time.Duration) func(time.Time) string {
	return func(now time.Time) string { return strconv.FormatInt(now.Add(after).UnixNano()/int64(unit), 10) }
}

// pleas are those that the vendors' documents name, and nonsense in the same places.
func pleas() []plea {
	const after, reset = "Retry-After", "X-Ratelimit-Reset"
	all := []plea{
		{name: "seconds", header: header(after, fixed("2")), least: 2 * time.Second},
		// A date has no fraction, and so lies up to a second less ahead.
		{name: "a date", header: header(after, func(now time.Time) string { return now.Add(3 * time.Second).UTC().Format(http.TimeFormat) }), least: 2 * time.Second},
		// Auth0 sends three headers (auth0 docs, "Rate Limit Policy").
		{name: "the end of the window", header: window(unix(2*time.Second, time.Second)), least: 2 * time.Second},
		{name: "the end of the window in milliseconds", header: window(unix(2*time.Second, time.Millisecond)), least: 2 * time.Second},
		{name: "the end of the window as seconds from now", header: window(fixed("2")), least: 2 * time.Second},
		{name: "the end of the window alone", header: header(reset, unix(3*time.Second, time.Second)), least: 2 * time.Second},
		{name: "both, of which the longer one counts", least: 2 * time.Second, header: func(now time.Time) http.Header {
			h := window(unix(3*time.Second, time.Second))(now)
			h.Set(after, "1")
			return h
		}},
		{name: "403 that says when to come back", status: http.StatusForbidden, header: header(after, fixed("2")), least: 2 * time.Second},
		{
			name: "403 in Canvas's words", systems: []string{"canvas"}, status: http.StatusForbidden, least: ownPause,
			header: header("Content-Type", fixed("text/plain; charset=utf-8")), body: "403 Forbidden (Rate Limit Exceeded)\n",
		},
		{
			name: "403 that leaves nothing", systems: []string{"canvas"}, status: http.StatusForbidden, least: ownPause,
			header: header("X-Rate-Limit-Remaining", fixed("0.0")),
		},
		{name: "a good answer behind which nothing is left", good: true, header: window(unix(2*time.Second, time.Second)), least: 2 * time.Second},
		{name: "nothing about when", header: func(time.Time) http.Header { return nil }, least: ownPause},
	}
	for name, values := range map[string][]string{
		after: {"-1", "NaN", "soon", "Thu, 01 Jan 1970 00:00:00 GMT", "Fri, 31 Feb 2026 00:00:00 GMT", "0"},
		reset: {"-1", "NaN", "soon", "253402300799", "-62135596800", "1e308", "0x7fffffff"},
	} {
		for _, value := range values {
			head := header(name, fixed(value))
			if name == reset {
				head = window(fixed(value))
			}
			all = append(all, plea{name: fmt.Sprintf("%s: %q", name, value), header: head, least: ownPause})
		}
	}
	return all
}

// dealtPleas are the pleas by turns, those that are not of one system dealt out to all; in the long form all systems get all.
func (w *world) dealtPleas() []map[*system]plea {
	queues, n := map[*system][]plea{}, 0
	for _, p := range pleas() {
		switch {
		case p.systems != nil:
			s := w.system(p.systems[0])
			queues[s] = append(queues[s], p)
		case *long:
			for _, s := range w.systems {
				queues[s] = append(queues[s], p)
			}
		default:
			s := w.systems[n%len(w.systems)]
			queues[s] = append(queues[s], p)
			n++
		}
	}
	var turns []map[*system]plea
	for s, queue := range queues {
		for i, p := range queue {
			if i == len(turns) {
				turns = append(turns, map[*system]plea{})
			}
			turns[i][s] = p
		}
	}
	return turns
}

// refusal is an answer that asks for a pause, once, and what is asked for after it.
type refusal struct {
	plea plea

	mu    sync.Mutex
	at    time.Time
	later []time.Time
}

// spoil implements spoiler.
func (f *refusal) spoil(w http.ResponseWriter, r *http.Request, next http.Handler) {
	f.mu.Lock()
	now := time.Now()
	if !f.at.IsZero() {
		f.later = append(f.later, now)
		f.mu.Unlock()
		next.ServeHTTP(w, r)
		return
	}
	f.at = now
	f.mu.Unlock()
	if f.plea.good {
		maps.Copy(w.Header(), f.plea.header(now))
		next.ServeHTTP(w, r)
		return
	}
	answers(cmp.Or(f.plea.status, http.StatusTooManyRequests), f.plea.header(now), f.plea.body)(w, r, next)
}

// pause is how long nothing was asked for after what was under way; false as long as it lasts.
func (f *refusal) pause() (time.Duration, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, at := range f.later {
		if after := at.Sub(f.at); after > underWay {
			return after, true
		}
	}
	return 0, false
}
