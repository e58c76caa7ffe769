package operate

import (
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"

	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
)

// failures are what operators could not do in a call, each once. The mutex of the Pipeline guards them.
//
// They come from what the operators log: what they return does not name them, and where several operators share an entry, or
// a filter fails, they return nothing. What they log also holds the attributes of the record, and the values that they could
// not work on; of that nothing is kept.
type failures struct {
	logger *zap.Logger
	found  []string
}

func newFailures(logger *zap.Logger) *failures {
	if logger == nil {
		logger = zap.NewNop()
	}
	return &failures{logger: logger}
}

// core is for the logger of the operators.
func (f *failures) core() zapcore.Core { return &core{failures: f} }

// take returns the failures of a call, and forgets them. The order is always the same, so that the same failures of another
// call are the same text.
func (f *failures) take() error {
	found := f.found
	f.found = nil
	if len(found) == 0 {
		return nil
	}
	slices.Sort(found)
	return errors.New(strings.Join(found, "; "))
}

func (f *failures) add(text string) {
	if !slices.Contains(f.found, text) {
		f.found = append(f.found, text)
	}
}

// returned is told what an operator returned. Almost always it has logged it before.
func (f *failures) returned(err error) {
	switch {
	case errors.Is(err, errOutside):
		f.add(errOutside.Error())
	case len(f.found) == 0:
		f.add("an operator: " + reason("", err))
	}
}

// panicked is told what was recovered. What Go's runtime says quotes no values.
func (f *failures) panicked(cause any) {
	text := fmt.Sprintf("it panicked (%T)", cause)
	if err, ok := cause.(error); ok {
		if _, ok := err.(runtime.Error); ok || errors.Is(err, errTooDeep) { //nolint:errorlint // what it wraps may quote values
			text = "it panicked: " + err.Error()
		}
	}
	f.add("an operator: " + text + " (handed on as it was)")
}

// core makes failures of the warnings and errors that an operator logs.
type core struct {
	*failures
	id, kind string
}

var _ zapcore.Core = (*core)(nil)

// Enabled implements zapcore.Core.
func (c *core) Enabled(level zapcore.Level) bool {
	return level >= zapcore.WarnLevel || c.logger.Core().Enabled(zapcore.DebugLevel)
}

// With implements zapcore.Core. The fields that are kept name the operator.
func (c *core) With(fields []zapcore.Field) zapcore.Core {
	child := *c
	for _, field := range fields {
		switch field.Key {
		case "operator_id":
			child.id = field.String
		case "operator_type":
			child.kind = field.String
		}
	}
	return &child
}

// Check implements zapcore.Core.
func (c *core) Check(e zapcore.Entry, checked *zapcore.CheckedEntry) *zapcore.CheckedEntry {
	if c.Enabled(e.Level) {
		return checked.AddCore(e, c)
	}
	return checked
}

// Write implements zapcore.Core.
func (c *core) Write(e zapcore.Entry, fields []zapcore.Field) error {
	action, err := details(fields)
	if err == nil && e.Level >= zapcore.WarnLevel {
		err = errors.New(e.Message) // a csv_parser without its header_attribute
	}
	if err == nil {
		return nil // a debug message of another kind
	}
	c.logger.Debug("an operator could not work on a record", zap.String("operator_id", c.id), zap.String("operator_type", c.kind), zap.Error(err))
	if e.Level < zapcore.WarnLevel || len(c.found) > 0 && repeats(e.Message) {
		return nil
	}
	c.add(c.name() + ": " + reason(e.Message, err) + fate(e.Message, action))
	return nil
}

// Sync implements zapcore.Core.
func (c *core) Sync() error { return nil }

// name is the type of the operator, and its id if it has one of its own.
func (c *core) name() string {
	if c.id == c.kind {
		return c.kind
	}
	return fmt.Sprintf("%s (%s)", c.id, c.kind)
}

func details(fields []zapcore.Field) (action string, err error) {
	for _, field := range fields {
		switch field.Key {
		case "error":
			err, _ = field.Interface.(error)
		case "action":
			action = field.String
		}
	}
	return action, err
}
