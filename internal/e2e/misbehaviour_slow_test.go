//go:build e2e

package e2e

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestMisbehaviourInTimeCostsNoOtherLogAndNoEntry covers APIs that do not answer, or so slowly that an answer would take
// hours.
func TestMisbehaviourInTimeCostsNoOtherLogAndNoEntry(t *testing.T) {
	t.Parallel()
	const (
		timeout = time.Second
		head    = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
		told    = "no whole answer within the time-out"
	)
	w := newWorld(t, all()...)
	for _, s := range w.systems {
		s.block["timeout"] = timeout.String()
	}
	const bound = 48 // as in answers of a usual size
	w.endureAll(w.dealt([]misbehaviour{
		{name: "no answer", told: told, how: alike(silent)},
		{name: "a head of one byte a second", told: told, how: alike(written(again("", "H", -1, time.Second)))},
		{name: "a head that goes on, a line at a time", told: told, how: alike(written(again(head, "X-Filler: x\r\n", -1, timeout/10)))},
		{name: "a head, and no body", told: told, how: alike(written(again(head+"Content-Length: 2\r\n\r\n", "", -1, time.Hour)))},
		{name: "a body of one byte a second", told: told, how: alike(written(again(head+"Content-Length: 100000\r\n\r\n", " ", -1, time.Second)))},
		{name: "a body that goes on, a chunk at a time", told: told, how: alike(written(again(head+"Transfer-Encoding: chunked\r\n\r\n", "1\r\n \r\n", -1, timeout/10)))},
		{name: "an error whose body does not come", told: "answered 500", how: alike(written(again(
			"HTTP/1.1 500 Internal Server Error\r\nContent-Length: 100000\r\n\r\n", "", -1, time.Hour)))},
		{name: "an answer just in time", how: alike(func(w http.ResponseWriter, r *http.Request, next http.Handler) {
			if wait(r.Context(), timeout/3) {
				next.ServeHTTP(w, r)
			}
		})},
	}), bound)
}

// TestMisbehaviourOfNamesLeavesTheOtherSystemsAlone starts a collector for which the hosts of two systems have no address,
// and one for which they have.
func TestMisbehaviourOfNamesLeavesTheOtherSystemsAlone(t *testing.T) {
	t.Parallel()
	w := newWorld(t, all()...)
	// That there is no .invalid is for all time (RFC 6761, 6.4), and no name has a label of 64 bytes (RFC 1035, 2.3.4).
	nowhere := map[string]string{"kobil": "https://does-not-exist.invalid", "canvas": "https://" + strings.Repeat("a", 64) + ".invalid"}
	right := map[string]string{}
	for name, url := range nowhere {
		s := w.system(name)
		right[name], s.url = s.url, url
	}
	w.backlog(60)
	c := w.start()
	well := w.grow("names", func(s *system, _ string) bool { return nowhere[s.name] != "" })
	c.until("the entries of the system that is there arrive", paceLimit, func() bool { return w.arrived(well) })
	for name := range nowhere {
		s := w.system(name)
		c.until("the operator is told of "+name, waitLimit, func() bool { return len(c.stderr.warnings(s.receiver())) >= len(s.logs) })
	}
	w.system("auth0").cycles(c, 10) // many a time they are asked for again
	for name := range nowhere {
		s := w.system(name)
		lines := c.stderr.warnings(s.receiver())
		assert.Len(t, lines, len(s.logs), "warnings of %s: one for each log", name)
		for _, line := range lines {
			assert.Contains(t, line.Message, "no such host")
		}
		require.Empty(t, s.cloud.Requests())
		s.url = right[name]
	}
	c.stopWell()
	w.settle(w.start(), 0)
}
