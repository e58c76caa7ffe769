package config

import (
	"fmt"
	"strings"
)

// Severity is the name of an OpenTelemetry severity, such as INFO or WARN2.
type Severity string

// severityNames are the short names of the OpenTelemetry log data model for the severity numbers 1, 5, 9, 13, 17, 21.
const severityNames = "TRACE DEBUG INFO WARN ERROR FATAL"

// Number returns the severity number (1 to 24); 0 if the name is empty or unknown.
func (s Severity) Number() int32 {
	if s == "" {
		return 0
	}
	name := strings.ToUpper(string(s))
	for base, known := range strings.Fields(severityNames) {
		rest, ok := strings.CutPrefix(name, known)
		if !ok {
			continue
		}
		switch rest {
		case "":
			return int32(base*4 + 1)
		case "2", "3", "4":
			return int32(base*4) + int32(rest[0]-'0')
		}
	}
	return 0
}

// Validate refuses a name that OpenTelemetry does not know; empty leaves the table's severity.
func (s Severity) Validate() error {
	if s != "" && s.Number() == 0 {
		return fmt.Errorf("%q must be the name of an OpenTelemetry severity: %s, each also with 2, 3 or 4 behind it",
			string(s), strings.Join(strings.Fields(severityNames), ", "))
	}
	return nil
}
