package follow

import (
	"bytes"
	"encoding/json"
	"strconv"
	"time"
)

// request is the part of an ExportLogsServiceRequest in OTLP JSON that is shown (opentelemetry-proto, logs.proto;
// 64-bit numbers are strings there).
type request struct {
	ResourceLogs []struct {
		ScopeLogs []struct {
			LogRecords []record `json:"logRecords"`
		} `json:"scopeLogs"`
	} `json:"resourceLogs"`
}

type record struct {
	Time         number      `json:"timeUnixNano"`
	ObservedTime number      `json:"observedTimeUnixNano"`
	Number       number      `json:"severityNumber"`
	Text         string      `json:"severityText"`
	EventName    string      `json:"eventName"`
	Attributes   []attribute `json:"attributes"`
}

type attribute struct {
	Key   string                     `json:"key"`
	Value map[string]json.RawMessage `json:"value"`
}

// number is an integer that stands as a JSON number or string; anything else is 0.
type number int64

// UnmarshalJSON never fails: one odd field must not hide a record.
func (n *number) UnmarshalJSON(raw []byte) error {
	v, err := strconv.ParseInt(string(bytes.Trim(raw, `"`)), 10, 64)
	if err != nil {
		v = 0
	}
	*n = number(v)
	return nil
}

// parse returns the log records of one line, in their order.
func parse(line []byte) ([]record, error) {
	var req request
	if err := json.Unmarshal(line, &req); err != nil {
		return nil, err
	}
	var out []record
	for _, rl := range req.ResourceLogs {
		for _, sl := range rl.ScopeLogs {
			out = append(out, sl.LogRecords...)
		}
	}
	return out, nil
}

// when is the record's own time, else when it was observed, else zero.
func (r record) when() time.Time {
	for _, n := range []number{r.Time, r.ObservedTime} {
		if n > 0 {
			return time.Unix(0, int64(n))
		}
	}
	return time.Time{}
}

// severity is the text, else the name of the number's range (OpenTelemetry logs data model).
func (r record) severity() string {
	if r.Text != "" {
		return r.Text
	}
	names := []string{"TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"}
	if r.Number < 1 || int(r.Number) > 4*len(names) {
		return ""
	}
	return names[(r.Number-1)/4]
}

// attribute is the first of these attributes that has a value, as text.
func (r record) attribute(keys ...string) string {
	for _, key := range keys {
		for _, a := range r.Attributes {
			if s := a.text(); a.Key == key && s != "" {
				return s
			}
		}
	}
	return ""
}

// text is the value of an attribute: strings as they are, everything else as its JSON.
func (a attribute) text() string {
	for _, raw := range a.Value {
		var s string
		if json.Unmarshal(raw, &s) == nil {
			return s
		}
		return string(raw)
	}
	return ""
}
