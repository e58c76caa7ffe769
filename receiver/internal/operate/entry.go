package operate

import (
	"bytes"
	"time"

	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/stanza/entry"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
)

// These conversions stand in for those of stanza's package adapter, which drop the name of the event and the version of the
// scope, add a text to the severity, and write attributes in any order.

// eventName is the attribute by which operators see the name of an event, for which stanza's entries have no field. It is
// the attribute that semantic conventions had for it before log records got a field of their own.
const eventName = "event.name"

// entry makes what the operators work on of the record that is worked on. It shares nothing with it.
func (b *batch) entry() *entry.Entry {
	r := b.from.record
	e := &entry.Entry{
		Timestamp:         toTime(r.Timestamp()),
		ObservedTimestamp: toTime(r.ObservedTimestamp()),
		Severity:          entry.Severity(r.SeverityNumber()), // both count from 1 for TRACE to 24 for FATAL4
		SeverityText:      r.SeverityText(),
		Body:              toRaw(r.Body()),
		Attributes:        toMap(r.Attributes()),
		Resource:          toMap(b.from.resource.Resource().Attributes()),
		ScopeName:         b.from.scope.Scope().Name(),
		TraceFlags:        traceFlags(r),
	}
	if id := r.TraceID(); !id.IsEmpty() {
		e.TraceID = id[:]
	}
	if id := r.SpanID(); !id.IsEmpty() {
		e.SpanID = id[:]
	}
	_, own := e.Attributes[eventName]
	b.carried = !own
	if name := r.EventName(); b.carried && name != "" {
		e.Attributes[eventName] = name
	}
	return e
}

// write makes a record of what came out of the operators. What they left as it was is as it was in the record that is
// worked on, the order of the attributes too.
func (b *batch) write(e *entry.Entry, to plog.LogRecord) {
	from := b.from.record
	to.SetTimestamp(toTimestamp(e.Timestamp))
	to.SetObservedTimestamp(toTimestamp(e.ObservedTimestamp))
	to.SetSeverityNumber(plog.SeverityNumber(e.Severity)) //nolint:gosec // a record's, or from 0 to 24
	to.SetSeverityText(e.SeverityText)
	putValue(to.Body(), e.Body, from.Body(), 0)
	b.writeAttributes(e, to)
	to.SetDroppedAttributesCount(from.DroppedAttributesCount())
	if len(e.TraceID) == len(pcommon.TraceID{}) { // one of another length identifies no trace
		to.SetTraceID(pcommon.TraceID(e.TraceID))
	}
	if len(e.SpanID) == len(pcommon.SpanID{}) {
		to.SetSpanID(pcommon.SpanID(e.SpanID))
	}
	to.SetFlags(from.Flags())
	if !bytes.Equal(e.TraceFlags, traceFlags(from)) {
		to.SetFlags(from.Flags()&^lowest | plog.LogRecordFlags(first(e.TraceFlags)))
	}
}

func (b *batch) writeAttributes(e *entry.Entry, to plog.LogRecord) {
	if !b.carried {
		to.SetEventName(b.from.record.EventName())
		putMap(to.Attributes(), e.Attributes, b.from.record.Attributes(), "", 0)
		return
	}
	if name, ok := e.Attributes[eventName]; ok {
		text := pcommon.NewValueEmpty()
		putValue(text, name, text, 0)
		to.SetEventName(text.AsString())
	}
	putMap(to.Attributes(), e.Attributes, b.from.record.Attributes(), eventName, 0)
}

// lowest are the eight bits that W3C Trace Context defines, which are those that stanza knows.
const lowest plog.LogRecordFlags = 0xff

func traceFlags(r plog.LogRecord) []byte {
	if r.Flags() == 0 {
		return nil
	}
	return []byte{byte(r.Flags() & lowest)}
}

func first(b []byte) byte {
	if len(b) == 0 {
		return 0
	}
	return b[0]
}

// toTime keeps a time that is not set unset.
func toTime(t pcommon.Timestamp) time.Time {
	if t == 0 {
		return time.Time{}
	}
	return t.AsTime()
}

func toTimestamp(t time.Time) pcommon.Timestamp {
	if t.IsZero() {
		return 0
	}
	return pcommon.NewTimestampFromTime(t)
}
