package sink

import (
	"encoding/binary"
	"errors"
)

// The fields on the way to the id of a record (opentelemetry-proto, logs.proto, common.proto and logs_service.proto).
const (
	resourceLogs  = 1 // ExportLogsServiceRequest
	scopeLogs     = 2 // ResourceLogs
	logRecords    = 2 // ScopeLogs
	attributes    = 6 // LogRecord
	attributeName = 1 // KeyValue
	attribute     = 2 // KeyValue
	stringValue   = 1 // AnyValue
)

// uidName is the attribute that names a record.
const uidName = "log.record.uid"

var errNoOTLP = errors.New("what came is no OTLP request for logs")

// uids calls f with the log.record.uid of every record of a request, empty for one without. It looks at nothing else.
func uids(request []byte, f func(uid []byte)) error {
	return each(request, resourceLogs, func(resource []byte) error {
		return each(resource, scopeLogs, func(scope []byte) error {
			return each(scope, logRecords, func(record []byte) error {
				uid, err := uidOf(record)
				if err == nil {
					f(uid)
				}
				return err
			})
		})
	})
}

func uidOf(record []byte) (uid []byte, err error) {
	err = each(record, attributes, func(pair []byte) error {
		if uid != nil {
			return nil
		}
		name, err := last(pair, attributeName)
		if err != nil || string(name) != uidName {
			return err
		}
		value, err := last(pair, attribute)
		if err != nil {
			return err
		}
		uid, err = last(value, stringValue)
		return err
	})
	return uid, err
}

// last is the content of the last field with a number; nil if there is none.
func last(message []byte, number uint64) (content []byte, err error) {
	err = each(message, number, func(c []byte) error {
		content = c
		return nil
	})
	return content, err
}

// each calls f with the content of every field of a message that has a number and a length.
func each(message []byte, number uint64, f func(content []byte) error) error {
	for len(message) > 0 {
		tag, n := binary.Uvarint(message)
		if n <= 0 {
			return errNoOTLP
		}
		content, size, ok := field(message[n:], tag&7)
		if !ok {
			return errNoOTLP
		}
		message = message[n+size:]
		if content != nil && tag>>3 == number {
			if err := f(content); err != nil {
				return err
			}
		}
	}
	return nil
}

// field is the content of a field behind its tag, if it has a length, and the bytes that the field takes there.
func field(rest []byte, wireType uint64) (content []byte, size int, ok bool) {
	switch wireType {
	case 0:
		_, n := binary.Uvarint(rest)
		return nil, n, n > 0
	case 1:
		return nil, 8, len(rest) >= 8
	case 5:
		return nil, 4, len(rest) >= 4
	case 2:
		length, n := binary.Uvarint(rest)
		if n <= 0 || length > uint64(len(rest)-n) { //nolint:gosec // n is at most the length of rest
			return nil, 0, false
		}
		size = n + int(length) //nolint:gosec // length is at most that of rest
		return rest[n:size], size, true
	}
	return nil, 0, false
}
