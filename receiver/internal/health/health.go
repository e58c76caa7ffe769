// Package health turns what fails and what is well again into one line of log for every change, and into the status of
// the component.
package health

import (
	"errors"
	"sync"

	"go.opentelemetry.io/collector/component/componentstatus"
	"go.uber.org/zap"
)

// Health keeps the problems that there are. It is safe for concurrent use.
type Health struct {
	logger *zap.Logger
	report func(*componentstatus.Event)

	mu       sync.Mutex
	problems map[string]problem
	next     uint64 // order of the next problem
	shown    string // key of the problem that the status tells
}

type problem struct {
	kind, text string
	order      uint64
}

// New makes a Health without problems. The function report is called with every change of the component's status.
func New(logger *zap.Logger, report func(*componentstatus.Event)) *Health {
	return &Health{logger: logger, report: report, problems: map[string]problem{}}
}

// Fail notes a problem of a kind under a key. The same kind of problem again says nothing new, whatever its text, which
// may hold what differs every time, such as a port. The fields go to the log only.
func (h *Health) Fail(key, kind string, err error, fields ...zap.Field) {
	h.mu.Lock()
	defer h.mu.Unlock()
	old, known := h.problems[key]
	if known && old.kind == kind {
		return
	}
	if !known {
		old.order = h.next
		h.next++
	}
	h.problems[key] = problem{kind: kind, text: err.Error(), order: old.order}
	h.logger.Warn("reading user logs: "+err.Error(), fields...)
	if !h.showing() || h.shown == key {
		h.show(key)
	}
}

// Recover takes the problem under a key away, if there is one, and says so with the given text.
func (h *Health) Recover(key, text string, fields ...zap.Field) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if _, known := h.problems[key]; !known {
		return
	}
	h.logger.Info("reading user logs: "+text, fields...)
	h.remove(key)
}

// Forget takes the problem under a key away without a word.
func (h *Health) Forget(key string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if _, known := h.problems[key]; known {
		h.remove(key)
	}
}

// Clear takes all problems away without a word.
func (h *Health) Clear() {
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.problems) > 0 {
		clear(h.problems)
		h.remove(h.shown)
	}
}

func (h *Health) showing() bool {
	_, ok := h.problems[h.shown]
	return ok
}

// show makes a problem the component's status. All problems heal without a restart, so the status is recoverable.
func (h *Health) show(key string) {
	h.shown = key
	h.report(componentstatus.NewRecoverableErrorEvent(errors.New(h.problems[key].text)))
}

// remove takes a problem away. The status tells the oldest one that is left.
func (h *Health) remove(key string) {
	delete(h.problems, key)
	if h.shown != key {
		return
	}
	if len(h.problems) == 0 {
		h.shown = ""
		h.report(componentstatus.NewEvent(componentstatus.StatusOK))
		return
	}
	oldest := ""
	for key, p := range h.problems {
		if oldest == "" || p.order < h.problems[oldest].order {
			oldest = key
		}
	}
	h.show(oldest)
}
