package deliver

import (
	"context"
	"time"

	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/userlog/userlog-otel/receiver/internal/source"
)

// Operators work on records. They are called by several goroutines.
type Operators interface {
	// Process returns what becomes of records, which it may change and keep. There may be fewer of them, or more. An error
	// tells of records that could not be worked on, or not all the way, and of operators that gave up; what is returned with
	// it is delivered.
	Process(context.Context, plog.Logs) (plog.Logs, error)
}

// operate applies the operators, once for all attempts of a delivery: each attempt delivers the same records.
func (d *Deliverer) operate(ctx context.Context, entries []source.Entry) []source.Entry {
	logs, err := d.s.Operators.Process(ctx, d.build(entries))
	after := make([]source.Entry, 0, logs.LogRecordCount())
	for _, resource := range logs.ResourceLogs().All() {
		for _, scope := range resource.ScopeLogs().All() {
			for _, record := range scope.LogRecords().All() {
				after = append(after, &operated{record: record, resource: resource, scope: scope})
			}
		}
	}
	d.s.Observer.Operated(ctx, len(entries), len(after), err)
	return after
}

// operated is a record that operators have worked on. It is an entry of its own, so that it can be delivered again.
type operated struct {
	record   plog.LogRecord
	resource plog.ResourceLogs
	scope    plog.ScopeLogs
}

var _ source.Entry = (*operated)(nil)

// Record implements source.Entry.
func (o *operated) Record(record plog.LogRecord) { o.record.CopyTo(record) }

// Time implements source.Entry.
func (o *operated) Time() time.Time {
	if o.record.Timestamp() == 0 {
		return time.Time{}
	}
	return o.record.Timestamp().AsTime()
}

// rebuild makes copies of records that operators have worked on, with the resources and scopes that those gave them.
func rebuild(entries []source.Entry) plog.Logs {
	var (
		logs  = plog.NewLogs()
		last  *operated
		to    plog.ResourceLogs
		scope plog.ScopeLogs
	)
	for _, entry := range entries {
		o := entry.(*operated) // Deliver hands on either entries or what became of all of them
		if last == nil || o.resource != last.resource {
			to = logs.ResourceLogs().AppendEmpty()
			o.resource.Resource().CopyTo(to.Resource())
			to.SetSchemaUrl(o.resource.SchemaUrl())
		}
		if last == nil || o.scope != last.scope {
			scope = to.ScopeLogs().AppendEmpty()
			o.scope.Scope().CopyTo(scope.Scope())
			scope.SetSchemaUrl(o.scope.SchemaUrl())
		}
		o.record.CopyTo(scope.LogRecords().AppendEmpty())
		last = o
	}
	return logs
}
