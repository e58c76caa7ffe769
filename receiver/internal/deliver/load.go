package deliver

import (
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/userlog/userlog-otel/receiver/internal/source"
)

// load is a row of records that are handed on together.
type load struct {
	from, to int // which records of those that build makes
	// build makes records anew for every attempt, because what a consumer was given is no longer ours: it may have
	// changed what it refused.
	build func(from, to int) plog.Logs
	// entries are those of which all are accepted once the load is; nil if it is not known.
	entries []source.Entry
}

func (d *Deliverer) loadOf(entries []source.Entry) load {
	return load{to: len(entries), entries: entries, build: func(from, to int) plog.Logs { return d.build(entries[from:to]) }}
}

// left is the load of the records that a consumer gave back, which are what is left of a load.
func (l load) left(logs plog.Logs) load {
	return load{to: logs.LogRecordCount(), entries: l.entries, build: func(from, to int) plog.Logs {
		part, i := plog.NewLogs(), -1
		logs.CopyTo(part)
		for _, resource := range part.ResourceLogs().All() {
			for _, scope := range resource.ScopeLogs().All() {
				scope.LogRecords().RemoveIf(func(plog.LogRecord) bool {
					i++
					return i < from || i >= to
				})
			}
		}
		return part
	}}
}

func (l load) size() int { return l.to - l.from }

func (l load) logs() plog.Logs { return l.build(l.from, l.to) }

// halves are two loads; the load must have two records at least.
func (l load) halves() (first, second load) {
	first, second = l, l
	half := l.size() / 2
	first.to, second.from = l.from+half, l.from+half
	if len(l.entries) == l.size() {
		first.entries, second.entries = l.entries[:half], l.entries[half:]
	} else {
		first.entries, second.entries = nil, nil
	}
	return first, second
}

// uid is the log.record.uid of the first record.
func (l load) uid() string {
	for _, resource := range l.build(l.from, l.from+1).ResourceLogs().All() {
		for _, scope := range resource.ScopeLogs().All() {
			for _, record := range scope.LogRecords().All() {
				uid, _ := record.Attributes().Get("log.record.uid")
				return uid.AsString()
			}
		}
	}
	return ""
}
