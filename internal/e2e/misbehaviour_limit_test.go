//go:build e2e

package e2e

import (
	"fmt"
	"net/http"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/userlog/userlog-otel/internal/emulator/canvas"
)

// TestMisbehaviourInLimitsIsWaitedForAsFarAsItMakesSense lets an API ask for a pause in all ways: no log of the source is
// read before it is over, and soon after it all are.
func TestMisbehaviourInLimitsIsWaitedForAsFarAsItMakesSense(t *testing.T) {
	t.Parallel()
	w := newWorld(t, all()...)
	w.backlog(60)
	c := w.start()
	c.until("the backlog arrives", settleLimit, w.complete)
	for n, asked := range w.dealtPleas() {
		refusals := map[*system]*refusal{}
		for s, p := range asked {
			refusals[s] = &refusal{plea: p}
			s.spoil("", refusals[s].spoil)
		}
		for s, f := range refusals {
			c.until(f.plea.name+": "+s.name+" is asked again", waitLimit, func() bool { _, over := f.pause(); return over })
			pause, _ := f.pause()
			t.Logf("%6d ms for %s: %s", pause.Milliseconds(), s.name, f.plea.name)
			assert.GreaterOrEqual(t, pause, f.plea.least, "%s: pause of %s", f.plea.name, s.name)
			// It may be a tenth longer, so that not all clients come back at once, and a second where a clock is cut.
			assert.Less(t, pause, f.plea.least+f.plea.least/10+4*time.Second, "%s: pause of %s", f.plea.name, s.name)
			s.spoil("", nil)
		}
		w.grow(fmt.Sprint("pleas ", n), func(*system, string) bool { return false })
		c.until("everything arrives", waitLimit, w.complete)
	}
	for _, s := range w.systems {
		assert.Len(t, c.stderr.warnings(s.receiver()), 1, "%s: one state, told once, however often it is asked for", s.name)
		assert.Len(t, c.stderr.warnings(s.receiver(), "the API asks to wait"), 1, "warnings of %s", s.name)
		if *long { // throttled no more is who was not for half a minute
			c.until("the end is told of "+s.name, 2*waitLimit, func() bool { return len(c.stderr.lines(s.receiver()+`"`, "no longer asks to wait")) == 1 })
		}
	}
	w.settle(c, 0)
}

// TestMisbehaviourInLimitsHoldsUpNoOtherSystem asks for a pause of three thousand years: it is believed for a quarter of an
// hour, in which nothing is asked for, and the other systems are read meanwhile. A restart asks again.
func TestMisbehaviourInLimitsHoldsUpNoOtherSystem(t *testing.T) {
	t.Parallel()
	w := newWorld(t, all()...)
	w.backlog(60)
	c := w.start()
	c.until("the backlog arrives", settleLimit, w.complete)
	held := w.system("kobil")
	f := &refusal{plea: plea{header: header("Retry-After", fixed("99999999999"))}}
	held.spoil("", f.spoil)
	c.until("the operator is told", waitLimit, func() bool { return len(c.stderr.warnings(held.receiver(), "asks to wait, first for 1")) > 0 })
	assert.Regexp(t, `first for 1[56]m`, c.stderr.warnings(held.receiver())[0].Message)
	for n := range 3 {
		well := w.grow(fmt.Sprint("held ", n), func(s *system, _ string) bool { return s == held })
		c.until("the entries of the other systems arrive", paceLimit, func() bool { return w.arrived(well) })
		for _, s := range w.systems {
			if s != held {
				s.cycles(c, 5)
			}
		}
	}
	_, asked := f.pause()
	require.False(t, asked, "the system that asked for a pause was asked within it")
	require.Len(t, c.stderr.warnings(held.receiver()), 1)
	held.spoil("", nil)
	c.stopWell()
	w.settle(w.start(), 0)
}

// TestMisbehaviourInWhatIsLeftHoldsUpNothing lets answers say what they like of a limit that leaves room.
func TestMisbehaviourInWhatIsLeftHoldsUpNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t, all()...)
	var kinds []misbehaviour
	for name, values := range map[string][]string{
		"X-Ratelimit-Reset":      {"253402300799", "-1", "NaN", "soon", "0", "1e308", strconv.FormatInt(time.Now().Add(time.Second).UnixMilli(), 10)},
		"X-Ratelimit-Remaining":  {"NaN", "soon", "", "1e308", "0x10"},
		"X-Ratelimit-Limit":      {"NaN", "-1", "0", "0.5", ""},
		"X-Rate-Limit-Remaining": {"NaN", "-Inf", "1e308", "soon"},
		"X-Request-Cost":         {"NaN", "-1", "1e308", "soon"},
	} {
		for _, value := range values {
			kinds = append(kinds, misbehaviour{name: name + ": " + value, how: alike(altered(func(h http.Header, body []byte) []byte {
				h.Set("X-Ratelimit-Limit", "100")
				h.Set("X-Ratelimit-Remaining", "99")
				h.Set("X-Ratelimit-Reset", strconv.FormatInt(time.Now().Add(time.Second).Unix(), 10))
				h.Set(name, value)
				return body
			}))})
		}
	}
	w.endureAll(w.dealt(kinds), 48)
}

// TestMisbehaviourOfOthersWithOneTokenIsWaitedFor reads a Canvas whose bucket somebody else with the same token fills again
// and again, so that it refuses.
func TestMisbehaviourOfOthersWithOneTokenIsWaitedFor(t *testing.T) {
	t.Parallel()
	const token = "canary-canvas-7be2"
	variants := []bool{true}
	if *long {
		variants = []bool{true, false}
	}
	for _, tells := range variants {
		t.Run(fmt.Sprint("refusals tell what is left: ", tells), func(t *testing.T) {
			t.Parallel()
			s := newCanvasWith(canvas.Options{Tokens: []string{token}, StringIDs: true, Bucket: canvas.Bucket{
				// Small enough to be filled by a few requests; it leaks as fast as a real one.
				Cost: 5, HighWater: 150, RefusalTellsRest: tells,
			}})
			w := newWorld(t, s)
			w.secrets.add(token)
			s.block["token"], s.block["page_size"] = token, 50
			w.backlog(60)
			c := w.start()
			c.until("the backlog arrives", settleLimit, w.complete)
			w.fill(s, token)
			before := refusedRequests(s)
			w.grow("bucket", func(*system, string) bool { return false })
			c.until("everything arrives", settleLimit, w.complete)
			assert.LessOrEqual(t, refusedRequests(s)-before, 3, "requests into a full bucket: each refusal is waited for")
			assert.LessOrEqual(t, len(c.stderr.warnings(s.receiver())), 1, "warnings")
			w.settle(c, 0)
		})
	}
}

// fill asks for a log with somebody else's program, until that is refused.
func (w *world) fill(s *system, token string) {
	w.Helper()
	for range 1000 {
		req, err := http.NewRequestWithContext(w.Context(), http.MethodGet, s.url+"/api/v1/audit/authentication/accounts/1", nil)
		require.NoError(w, err)
		req.Header.Set("Authorization", "Bearer "+token)
		resp, err := http.DefaultClient.Do(req)
		require.NoError(w, err)
		require.NoError(w, resp.Body.Close())
		if resp.StatusCode == http.StatusForbidden {
			return
		}
	}
	require.FailNow(w, "the bucket is not full after 1,000 requests")
}

// refusedRequests are those that were answered with 403.
func refusedRequests(s *system) int {
	n := 0
	for _, r := range s.cloud.Requests() {
		if r.Status == http.StatusForbidden {
			n++
		}
	}
	return n
}
