package cloud

import (
	"bytes"
	"encoding/json"
	"errors"
)

var errNotObject = errors.New("not a JSON object")

// Unmarshal reads fields of an entry; it fails if raw is no JSON object. v is best a struct of json.RawMessage, so that
// fields of an unexpected type are no error.
func Unmarshal(raw json.RawMessage, v any) error {
	if trimmed := bytes.TrimLeft(raw, " \t\r\n"); len(trimmed) == 0 || trimmed[0] != '{' {
		return errNotObject
	}
	return json.Unmarshal(raw, v)
}

// Text is the JSON string in raw, or "" if raw is anything else.
func Text(raw json.RawMessage) string {
	var s string
	if json.Unmarshal(raw, &s) != nil {
		return ""
	}
	return s
}
