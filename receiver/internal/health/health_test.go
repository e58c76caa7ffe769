package health

import (
	"errors"
	"fmt"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"go.opentelemetry.io/collector/component/componentstatus"
	"go.uber.org/zap"
	"go.uber.org/zap/zaptest/observer"
)

// said collects the lines of log and the changes of the status.
type said struct {
	*Health
	lines  *observer.ObservedLogs
	events []string
}

func newSaid() *said {
	core, lines := observer.New(zap.InfoLevel)
	s := &said{lines: lines}
	s.Health = New(zap.New(core), func(e *componentstatus.Event) {
		text := e.Status().String()
		if e.Err() != nil {
			text += ": " + e.Err().Error()
		}
		s.events = append(s.events, text)
	})
	return s
}

func (s *said) log() []string {
	var texts []string
	for _, line := range s.lines.All() {
		texts = append(texts, line.Level.String()+" "+line.Message)
	}
	return texts
}

const (
	warn, info = "warn reading user logs: ", "info reading user logs: "
	bad        = "StatusRecoverableError: "
	ok         = "StatusOK"
)

func TestOneLineAndOneEventForEachChange(t *testing.T) {
	fail := func(key, kind, text string) func(*Health) {
		return func(h *Health) { h.Fail(key, kind, errors.New(text)) }
	}
	recovers := func(key string) func(*Health) { return func(h *Health) { h.Recover(key, key+" is well") } }
	forget := func(key string) func(*Health) { return func(h *Health) { h.Forget(key) } }
	type steps = []func(*Health)

	for _, test := range []struct {
		name   string
		steps  steps
		log    []string
		events []string
	}{
		{"nothing was wrong", steps{recovers("a"), forget("a")}, nil, nil},
		{
			"a problem and its end",
			steps{fail("a", "x", "no"), recovers("a"), recovers("a")},
			[]string{warn + "no", info + "a is well"},
			[]string{bad + "no", ok},
		},
		{
			"the same problem again, in other words",
			steps{fail("a", "x", "port 1"), fail("a", "x", "port 2"), fail("a", "x", "port 1")},
			[]string{warn + "port 1"},
			[]string{bad + "port 1"},
		},
		{
			"the problem changes its kind",
			steps{fail("a", "x", "no"), fail("a", "y", "never"), recovers("a")},
			[]string{warn + "no", warn + "never", info + "a is well"},
			[]string{bad + "no", bad + "never", ok},
		},
		{
			"it comes back",
			steps{fail("a", "x", "no"), recovers("a"), fail("a", "x", "no")},
			[]string{warn + "no", info + "a is well", warn + "no"},
			[]string{bad + "no", ok, bad + "no"},
		},
		{
			"the second problem is told in the log, the status tells the first",
			steps{fail("a", "x", "no"), fail("b", "x", "neither")},
			[]string{warn + "no", warn + "neither"},
			[]string{bad + "no"},
		},
		{
			"the first ends: the status tells the second",
			steps{fail("a", "x", "no"), fail("b", "x", "neither"), recovers("a"), recovers("b")},
			[]string{warn + "no", warn + "neither", info + "a is well", info + "b is well"},
			[]string{bad + "no", bad + "neither", ok},
		},
		{
			"the second ends: the status stays",
			steps{fail("a", "x", "no"), fail("b", "x", "neither"), recovers("b"), recovers("a")},
			[]string{warn + "no", warn + "neither", info + "b is well", info + "a is well"},
			[]string{bad + "no", ok},
		},
		{
			"of those that are left the oldest is told, also if its kind changed since",
			steps{fail("a", "x", "1"), fail("b", "x", "2"), fail("c", "x", "3"), fail("b", "y", "4"), forget("a")},
			[]string{warn + "1", warn + "2", warn + "3", warn + "4"},
			[]string{bad + "1", bad + "4"},
		},
		{
			"a problem that came back is the youngest",
			steps{fail("a", "x", "1"), fail("b", "x", "2"), recovers("a"), fail("a", "x", "1"), fail("c", "x", "3"), forget("b")},
			[]string{warn + "1", warn + "2", info + "a is well", warn + "1", warn + "3"},
			[]string{bad + "1", bad + "2", bad + "1"},
		},
		{
			"all are cleared without a word",
			steps{fail("a", "x", "1"), fail("b", "x", "2"), (*Health).Clear, (*Health).Clear, fail("b", "x", "3")},
			[]string{warn + "1", warn + "2", warn + "3"},
			[]string{bad + "1", ok, bad + "3"},
		},
		{"forgotten without a word", steps{fail("a", "x", "no"), forget("a")}, []string{warn + "no"}, []string{bad + "no", ok}},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := newSaid()
			for _, step := range test.steps {
				step(s.Health)
			}
			assert.Equal(t, test.log, s.log())
			assert.Equal(t, test.events, s.events)
		})
	}
}

func TestFieldsGoToTheLogOnly(t *testing.T) {
	s := newSaid()
	s.Fail("a", "x", errors.New("no"), zap.String("user", "jane"))
	s.Recover("a", "well", zap.String("user", "jane"))
	for _, line := range s.lines.All() {
		assert.Equal(t, map[string]any{"user": "jane"}, line.ContextMap())
	}
	assert.Equal(t, []string{bad + "no", ok}, s.events)
}

func TestWhatIsWellIsNotKept(t *testing.T) {
	s := newSaid()
	for i := range 1000 {
		key := fmt.Sprint(i)
		s.Fail(key, "x", errors.New("no"))
		if i%2 == 0 {
			s.Forget(key)
		} else {
			s.Recover(key, "well")
		}
	}
	assert.Empty(t, s.problems)
}

func TestHealthIsSafeForConcurrentUse(t *testing.T) {
	s := newSaid()
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			for n := range 200 {
				key := fmt.Sprint((i + n) % 5)
				s.Fail(key, fmt.Sprint(n%3), errors.New("no"))
				s.Recover(key, "well")
			}
		})
	}
	all.Wait()
	assert.Empty(t, s.problems)
	assert.Equal(t, ok, s.events[len(s.events)-1])
}
