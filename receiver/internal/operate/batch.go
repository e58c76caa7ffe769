package operate

import (
	"context"
	"maps"
	"reflect"
	"sync/atomic"

	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/pdatautil"
	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/stanza/entry"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
)

// origin is a record, and where it comes from.
type origin struct {
	resource            plog.ResourceLogs
	scope               plog.ScopeLogs
	record              plog.LogRecord
	resourceAt, scopeAt int // their places in the records of the call
}

// batch is what comes out of the operators in one call. Its records are in the order in which they came out, grouped by the
// resources and scopes that the operators gave them.
type batch struct {
	logs plog.Logs
	// from is the record that the operators work on, and made are the groups that what came out of it was put into.
	from origin
	made []plog.LogRecordSlice
	// carried says that the name of the event of that record travels among its attributes.
	carried bool

	resources map[resourceKey]plog.ResourceLogs
	groups    map[groupKey]plog.LogRecordSlice
	last      group
	closed    atomic.Bool
}

type resourceKey struct {
	at         int
	attributes [16]byte
}

type groupKey struct {
	resourceKey
	scopeAt int
	scope   string
}

// group is that of the record put last: most often the next one belongs to it too.
type group struct {
	groupKey
	resource map[string]any
	records  plog.LogRecordSlice
}

func newBatch() *batch {
	return &batch{
		logs:      plog.NewLogs(),
		resources: map[resourceKey]plog.ResourceLogs{},
		groups:    map[groupKey]plog.LogRecordSlice{},
	}
}

type batchKey struct{}

// in returns a context for the operators, by which the sink finds the batch.
func (b *batch) in(ctx context.Context) context.Context { return context.WithValue(ctx, batchKey{}, b) }

// batchOf is nil if there is none, or none any more.
func batchOf(ctx context.Context) *batch {
	if b, ok := ctx.Value(batchKey{}).(*batch); ok && !b.closed.Load() {
		return b
	}
	return nil
}

func (b *batch) close() { b.closed.Store(true) }

// take makes a record the one that is worked on.
func (b *batch) take(o origin) { b.from, b.made = o, b.made[:0] }

// put adds what came out of the operators. It copies it, because an entry that a router hands to two operators is worked on
// by both.
func (b *batch) put(e *entry.Entry) {
	records := b.group(e)
	b.made = append(b.made, records)
	b.write(e, records.AppendEmpty())
}

// putBack takes out what came out of the record that is worked on, and puts in what it was before.
func (b *batch) putBack() {
	for _, records := range b.made {
		last := records.Len() - 1
		records.RemoveIf(func(plog.LogRecord) bool { last--; return last < 0 })
	}
	b.made = b.made[:0]
	asItWas := &entry.Entry{Resource: toMap(b.from.resource.Resource().Attributes()), ScopeName: b.from.scope.Scope().Name()}
	b.from.record.CopyTo(b.group(asItWas).AppendEmpty())
}

// group returns the records of the resource and scope of an entry.
func (b *batch) group(e *entry.Entry) plog.LogRecordSlice {
	l := b.last
	if l.resource != nil && l.at == b.from.resourceAt && l.scopeAt == b.from.scopeAt && l.scope == e.ScopeName &&
		maps.EqualFunc(l.resource, e.Resource, reflect.DeepEqual) {
		return l.records
	}
	attributes := pcommon.NewMap()
	putMap(attributes, e.Resource, b.from.resource.Resource().Attributes(), "", 0)
	key := groupKey{
		resourceKey: resourceKey{at: b.from.resourceAt, attributes: pdatautil.MapHash(attributes)},
		scopeAt:     b.from.scopeAt, scope: e.ScopeName,
	}
	records, ok := b.groups[key]
	if !ok {
		records = b.newGroup(key, attributes)
		b.groups[key] = records
	}
	b.last = group{groupKey: key, resource: toMap(attributes), records: records}
	return records
}

func (b *batch) newGroup(key groupKey, attributes pcommon.Map) plog.LogRecordSlice {
	resource, ok := b.resources[key.resourceKey]
	if !ok {
		resource = b.logs.ResourceLogs().AppendEmpty()
		b.from.resource.Resource().CopyTo(resource.Resource())
		attributes.CopyTo(resource.Resource().Attributes())
		resource.SetSchemaUrl(b.from.resource.SchemaUrl())
		b.resources[key.resourceKey] = resource
	}
	scope := resource.ScopeLogs().AppendEmpty()
	if key.scope == b.from.scope.Scope().Name() {
		b.from.scope.Scope().CopyTo(scope.Scope())
		scope.SetSchemaUrl(b.from.scope.SchemaUrl())
	} else {
		scope.Scope().SetName(key.scope) // the version is that of the scope with the other name
	}
	return scope.LogRecords()
}
