package canvas

import (
	_ "embed"

	"github.com/userlog/userlog-otel/receiver/internal/record"
)

// Service is what Canvas is called in records: service.name, and the first word of event names.
const Service = "canvas"

// The table has the two types that Canvas writes (canvas-lms, app/models/auditors/authentication.rb). Only what succeeded
// is written: there are no failed logins in this log. Forks of Canvas write others, which pass as unknown ones.
//
//go:embed codes.csv
var codesCSV string

// DefaultCodes reads the built-in table.
func DefaultCodes() (*record.Codes, error) { return record.NewCodes(Service, codesCSV) }
