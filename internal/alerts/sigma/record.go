package sigma

import (
	"slices"
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
)

// Record is a log record as rules see it, or what a correlation found.
type Record struct {
	Time time.Time
	// Fields are the texts of attributes, those of the resource among them, by name; only a list has several. The body
	// is the field "body". Nothing is empty.
	Fields map[string][]string
}

// field is the text of a field with one value.
func (r Record) field(name string) (string, bool) {
	values := r.Fields[name]
	if len(values) != 1 {
		return "", false
	}
	return values[0], true
}

// Records are the records of logs, the oldest first.
func Records(logs ...plog.Logs) []Record {
	var out []Record
	for _, l := range logs {
		for _, resource := range l.ResourceLogs().All() {
			for _, scope := range resource.ScopeLogs().All() {
				for _, record := range scope.LogRecords().All() {
					fields := map[string][]string{}
					add(fields, resource.Resource().Attributes())
					add(fields, record.Attributes())
					if body := record.Body().AsString(); body != "" {
						fields["body"] = []string{body}
					}
					out = append(out, Record{Time: record.Timestamp().AsTime(), Fields: fields})
				}
			}
		}
	}
	slices.SortStableFunc(out, func(a, b Record) int { return a.Time.Compare(b.Time) })
	return out
}

func add(fields map[string][]string, attributes pcommon.Map) {
	for name, value := range attributes.All() {
		if value.Type() != pcommon.ValueTypeSlice {
			fields[name] = []string{value.AsString()}
			continue
		}
		for _, element := range value.Slice().All() {
			fields[name] = append(fields[name], element.AsString())
		}
	}
}
