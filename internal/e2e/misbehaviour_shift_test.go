//go:build e2e

package e2e

import (
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/userlog/userlog-otel/internal/emulator/canvas"
)

// shift is what happens to a log between the requests for its pages.
type shift struct {
	added, late, tied int // entries that appear: at the head, below it, and with the date of one that is there
	removed           int // rows that vanish, of the newest
}

// TestMisbehaviourOfPagesThatShiftLosesAndRepeatsNothing changes the logs of all systems between the requests for their
// pages: new entries push rows down, removed ones pull rows up past the page that is asked for next.
func TestMisbehaviourOfPagesThatShiftLosesAndRepeatsNothing(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]shift{
		"entries appear":                {added: 15},
		"entries vanish":                {removed: 7},
		"entries appear and vanish":     {added: 3, removed: 3},
		"entries appear late":           {added: 2, late: 5},
		"entries of one time appear":    {tied: 30},
		"everything happens to the log": {added: 4, late: 4, tied: 4, removed: 4},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, newAuth0(), newKOBIL(), newCanvas())
			w.shifts(change, 20, 8)
		})
	}
}

// TestMisbehaviourOfBookmarksLosesNothing reads a Canvas of old, whose links forget the entries of the second at which a page
// ends, while entries of one second appear.
func TestMisbehaviourOfBookmarksLosesNothing(t *testing.T) {
	t.Parallel()
	const token = "canary-canvas-19ce"
	s := newCanvasWith(canvas.Options{Tokens: []string{token}, StringIDs: true, Bookmarks: canvas.BookmarkTime})
	s.block["token"] = token
	w := newWorld(t, s)
	w.secrets.add(token)
	// No more of one second than a page holds: of more, such a server gives nobody the rest.
	w.shifts(shift{added: 1, tied: 1, removed: 1}, 50, 8)
}

// shifts reads a backlog that changes so many times in each log while it is read.
func (w *world) shifts(change shift, pageSize, changes int) {
	w.Helper()
	const each = 200 // over an hour: most are met in the first read only, and by no overlap again
	var all []*shifter
	for _, s := range w.systems {
		s.block["page_size"] = pageSize
		by := map[string]*shifter{}
		for _, log := range s.logs {
			h := &shifter{w: w, s: s, log: log, change: change, left: changes, r: w.random("shift " + s.name + log), window: pageSize}
			first, step := time.Now().Add(-time.Hour), 59*time.Minute/each
			for n := range each {
				h.rows = append(h.rows, s.invent(h.r, log, first.Add(time.Duration(n)*step)))
			}
			w.publish(s, log, h.rows...)
			by[log] = h
			all = append(all, h)
		}
		s.spoil("", func(rw http.ResponseWriter, r *http.Request, next http.Handler) {
			for log, h := range by {
				if strings.Contains(r.URL.Path+"/", "/"+log+"/") {
					h.step(r)
				}
			}
			next.ServeHTTP(rw, r)
		})
	}
	c := w.start()
	c.until("everything arrives", settleLimit, w.complete)
	w.cycles(c, 3)
	for _, h := range all {
		require.Less(w, h.remaining(), changes, "changes of %s of %s while pages were read", h.log, h.s.name)
	}
	c.stopWell()
	v := w.book.compare(w.sink)
	v.log(w.T)
	// Rows that appear behind the back of a walk, which has passed their place, come with the next one.
	v.outOfOrder = nil
	v.require(w.T, 0)
}

// shifter changes one log. It is safe for concurrent use.
type shifter struct {
	w      *world
	s      *system
	log    string
	change shift
	window int // rows of a page

	mu   sync.Mutex
	r    *rand.Rand
	left int
	rows []*fact // that are there, the newest at the end
}

// step changes the log once, before a request for another than its newest page is answered.
func (h *shifter) step(r *http.Request) {
	h.mu.Lock()
	defer h.mu.Unlock()
	query := r.URL.Query()
	newest := query.Get("page") == "0" || query.Get("offset") == "0" ||
		!query.Has("offset") && !query.Has("page") && !query.Has("end_time")
	if newest || h.left == 0 {
		return
	}
	h.left--
	for range h.change.removed { // most of them were given out before
		n := len(h.rows) - 1 - h.r.IntN(h.window)
		h.w.book.spare(h.rows[n])
		h.s.vanish(h.log, h.rows[n])
		h.rows = slices.Delete(h.rows, n, n+1)
	}
	now := time.Now()
	held := h.invent(h.change.late, now.Add(-lateness)) // their numbers are of now; what is newer comes first
	h.publish(h.invent(h.change.added, now))
	h.publish(held)
	at := h.rows[len(h.rows)-1].at
	if now.Sub(at) > lateness { // else it would be too late
		at = now
	}
	h.publish(h.invent(h.change.tied, at))
}

func (h *shifter) invent(n int, at time.Time) []*fact {
	facts := make([]*fact, n)
	for i := range facts {
		facts[i] = h.s.invent(h.r, h.log, at)
	}
	return facts
}

func (h *shifter) publish(facts []*fact) {
	h.w.publish(h.s, h.log, facts...)
	h.rows = append(h.rows, facts...)
}

// remaining is how many changes were not made.
func (h *shifter) remaining() int { h.mu.Lock(); defer h.mu.Unlock(); return h.left }
