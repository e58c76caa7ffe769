package deliver

import (
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/userlog/userlog-otel/receiver/internal/source"
)

// build makes the records of entries.
func (d *Deliverer) build(entries []source.Entry) plog.Logs {
	if len(entries) > 0 {
		if _, ok := entries[0].(*operated); ok {
			return rebuild(entries)
		}
	}
	logs := plog.NewLogs()
	resource := logs.ResourceLogs().AppendEmpty()
	d.putResource(resource.Resource().Attributes())
	scope := resource.ScopeLogs().AppendEmpty()
	scope.Scope().SetName(d.s.ScopeName)
	scope.Scope().SetVersion(d.s.ScopeVersion)
	records := scope.LogRecords()
	records.EnsureCapacity(len(entries))
	for _, entry := range entries {
		record := records.AppendEmpty()
		entry.Record(record)
		if d.s.Shape != nil {
			d.s.Shape(record)
		}
	}
	return logs
}

func (d *Deliverer) putResource(attributes pcommon.Map) {
	attributes.EnsureCapacity(2)
	attributes.PutStr("service.name", d.s.ServiceName)
	attributes.PutStr("service.instance.id", d.s.ServiceInstanceID)
}
