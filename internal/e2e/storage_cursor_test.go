//go:build e2e

package e2e

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

// forge makes a stored cursor that nobody wrote who can be trusted.
type forge func(storedValue) string

// withCursor is a forged cursor that is as it should be but for what the provider reads.
func withCursor(cursor string) forge {
	return func(v storedValue) string { v.Cursor = cursor; return v.String() }
}

// forgery is a forged cursor for a log of each system.
type forgery map[string]forge

func everywhere(f forge) forgery { return forgery{"auth0": f, "kobil": f, "canvas": f} }

// year9999 is the last year of a date in JSON, in Unix milliseconds.
const year9999 = 253402300799000

// to9999 are cursors that claim that everything was accepted up to the year 9999, or to the highest id.
var to9999 = forgery{
	"auth0":  withCursor(fmt.Sprintf(`{"w":%d,"f":%[1]d}`, year9999)),
	"kobil":  withCursor(fmt.Sprintf(`{"c":"3w5e11264sgsf","a":%d}`, year9999)), // 2^64-1
	"canvas": withCursor(fmt.Sprintf(`{"w":%d,"f":%[1]d}`, year9999)),
}

var forgeries = map[string]forgery{
	"garbage": everywhere(func(v storedValue) string { return strings.Repeat("\xff", len(v.String())) }),
	"cut off": everywhere(func(v storedValue) string { return v.String()[:len(v.String())/2] }),
	"of another endpoint": everywhere(func(v storedValue) string {
		v.Fingerprint = strings.Repeat("A", len(v.Fingerprint))
		return v.String()
	}),
	"without a version":                everywhere(func(v storedValue) string { v.Version = 0; return v.String() }),
	"no cursor of the provider":        everywhere(withCursor("x")),
	"a start in the year 9999":         everywhere(withCursor(fmt.Sprintf(`{"s":%d}`, year9999))),
	"all accepted up to the year 9999": to9999,
}

// fileOf is the file with the cursors of a system.
func (w *world) fileOf(s *system) string { return fileOf(w.storage(), s.receiver()) }

// leaveRead reads everything, stops, and publishes some more in each of the first logs, older than the overlap: whoever
// begins "from now" does not see them.
func (w *world) leaveRead(before, after int) {
	w.Helper()
	w.backlog(before)
	c := w.start()
	c.until("the backlog arrives", settleLimit, w.complete)
	w.cycles(c, 2)
	c.stopWell()
	for _, s := range w.systems {
		r := w.random("later " + s.name)
		for n := range after {
			w.publish(s, s.logs[0], s.invent(r, s.logs[0], time.Now().Add(-3*time.Minute+time.Duration(n)*time.Second)))
		}
	}
}

func TestStorageWithForgedCursorsSkipsNothing(t *testing.T) {
	t.Parallel()
	for name, forged := range forgeries {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			const before, after = 10, 5
			w := newWorld(t, all()...)
			w.metrics = true
			w.leaveRead(before, after)
			for _, s := range w.systems {
				tamper(t, w.fileOf(s), s.logs[0], forged[s.name])
			}
			c := w.start()
			c.until("everything arrives", settleLimit, w.complete)
			assert.InDelta(t, len(w.systems), c.metric("cursors_rejected"), 0)
			for _, s := range w.systems {
				assert.Len(t, c.stderr.warnings("stored cursors are set aside", encoded(s.receiver()), encoded(s.logs[0])), 1, s.name)
			}
			w.settle(c, len(w.systems)*before)
			// The log of Canvas's user is in that of its account, which knows what it has delivered. Of Auth0 there are two.
			assert.Equal(t, map[string]int{"auth0": 2 * before, "kobil": before}, w.book.compare(w.sink).repeatsOf,
				"these logs are read again from initial_lookback, and no others")
		})
	}
}

// The events of Canvas's user are in the log of its account, too. What one of the two claims falsely hides nothing in the
// other, and what both forgot comes again.
func TestStorageWithForgedCursorsOfLogsThatOverlapSkipsNothing(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		logs    []string
		repeats int // in logs; each has ten of its own
	}{
		"of the account": {[]string{"accounts/1"}, 1},
		"of both":        {[]string{"accounts/1", "users/3"}, 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			const before, after = 10, 5
			w := newWorld(t, newCanvas())
			w.metrics = true
			w.leaveRead(before, after)
			for _, log := range test.logs {
				tamper(t, w.fileOf(w.systems[0]), log, to9999["canvas"])
			}
			c := w.start()
			c.until("everything arrives", settleLimit, w.complete)
			assert.InDelta(t, len(test.logs), c.metric("cursors_rejected"), 0)
			w.settle(c, test.repeats*before)
			assert.Equal(t, test.repeats*before, w.sink.repeats())
		})
	}
}
