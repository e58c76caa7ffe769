//go:build e2e

package e2e

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// statusPage is the status of all components, as the Collector's health_check tells it.
func (w *world) statusPage() string {
	w.Helper()
	_, page := get(w.T, "http://"+w.statusAddress+"/status?verbose")
	return page
}

// statusOf is the status of a receiver, and its error.
func (w *world) statusOf(s *system) (status, problem string) {
	w.Helper()
	var page struct {
		Components map[string]struct {
			Components map[string]struct{ Status, Error string }
		}
	}
	require.NoError(w, json.Unmarshal([]byte(w.statusPage()), &page))
	for name, pipeline := range page.Components {
		if strings.HasPrefix(name, "pipeline:") {
			c := pipeline.Components["receiver:"+s.receiver()]
			return c.Status, c.Error
		}
	}
	return "", ""
}

// TestTheStatusSaysWhatIsWrongAndWhenItIsWellAgain goes from well to wrong and back, for all that an operator can heal
// without a restart. The log has one line for each change, and none for a read that went well.
func TestTheStatusSaysWhatIsWrongAndWhenItIsWellAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t, all()...)
	w.status = true
	w.backlog(20)
	c := w.start()
	c.until("everything arrives", waitLimit, w.complete)
	w.cycles(c, 10)
	for _, s := range w.systems {
		status, _ := w.statusOf(s)
		assert.Equal(t, "StatusOK", status, s.name)
		assert.Empty(t, c.stderr.warnings(s.receiver()), "warnings while all is well")
		assert.LessOrEqual(t, len(c.stderr.lines(s.receiver(), `"level":"info"`)), 3, "lines of log while all is well")
	}
	for _, wrong := range []struct {
		name, told string
		how        spoiler
		only       bool // one log, not all
	}{
		{"unreachable", "503", answers(http.StatusServiceUnavailable, nil, ""), false},
		{"throttled", "asks to wait", answers(http.StatusTooManyRequests, http.Header{"Retry-After": {"2"}}, ""), false},
		{"a right missing", "403", answers(http.StatusForbidden, nil, `{"message":"no"}`), true},
		{"not what it should be", "JSON", answers(http.StatusOK, nil, "<html>log in</html>"), true},
	} {
		said := map[*system]int{}
		for _, s := range w.systems {
			said[s] = len(c.stderr.lines(s.receiver()))
			log := ""
			if wrong.only {
				log = s.lastPart()
			}
			s.spoil(log, wrong.how)
		}
		for _, s := range w.systems {
			c.until(s.name+": the status says that it is "+wrong.name, waitLimit, func() bool {
				status, problem := w.statusOf(s)
				return status == "StatusRecoverableError" && strings.Contains(problem, wrong.told)
			})
			s.spoil("", nil)
		}
		for _, s := range w.systems {
			c.until(s.name+": the status is well again", 2*waitLimit, func() bool { status, _ := w.statusOf(s); return status == "StatusOK" })
			assert.LessOrEqual(t, len(c.stderr.lines(s.receiver()))-said[s], 2*(len(s.logs)+1),
				"%s %s: one line for each change of a log and of the source", s.name, wrong.name)
		}
	}
	w.settle(c, 0)
}
