package shape

import (
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
)

// Body is the form of a record's body, by its word in the configuration.
type Body string

// The forms of a body.
const (
	Original    Body = "original"    // the entry as the API sent it, as a string
	Description Body = "description" // the readable text
	Map         Body = "map"         // the entry as a map
	None        Body = "none"        // empty
)

// apply gives a body its form. The record holds the entry as a string, and has its attributes.
func (b Body) apply(record plog.LogRecord) {
	switch b {
	case Description:
		record.Body().SetStr(describe(record.Attributes()))
	case Map:
		unfold(record.Body())
	case None:
		setEmpty(record.Body())
	case Original:
	}
}

// describe is the most telling text that the attributes have; empty if they have none.
func describe(attributes pcommon.Map) string {
	for _, name := range []string{"user_log.description", "user_log.name", "user_log.type"} {
		if value, ok := attributes.Get(name); ok && value.Str() != "" {
			return value.Str()
		}
	}
	return ""
}

// setEmpty takes away what a value holds.
func setEmpty(value pcommon.Value) { _ = value.FromRaw(nil) } // fails only for types that it does not know
