package record

import (
	"crypto/sha256"
	"encoding/hex"
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/userlog/userlog-otel/receiver/internal/jsonview"
)

// Head is what every record has, whoever it is from.
type Head struct {
	// Time is the entry's own; zero if it has none that can be read.
	Time     time.Time
	Observed pcommon.Timestamp
	// UID names the entry within its source.
	UID string
	// Type is the entry's type, Code what it means.
	Type string
	Code Row
	// Body is the entry as it was sent.
	Body string
	// UTF8 says that the body was found to be UTF-8, which Begin looks for otherwise.
	UTF8 bool
}

// Begin writes the head into an empty record, and makes room for so many attributes beside its own. It returns the
// record's attributes.
func Begin(record plog.LogRecord, h Head, others int) pcommon.Map {
	record.SetTimestamp(Timestamp(h.Time))
	record.SetObservedTimestamp(h.Observed)
	record.SetEventName(h.Code.Event)
	record.SetSeverityNumber(h.Code.Severity)
	record.SetSeverityText(h.Code.SeverityText)
	if !h.UTF8 {
		h.Body = jsonview.ValidUTF8(h.Body)
	}
	record.Body().SetStr(h.Body)
	const own = 5
	attributes := record.Attributes()
	attributes.EnsureCapacity(own + others)
	attributes.PutStr("log.record.uid", h.UID)
	Put(attributes, "user_log.type", h.Type)
	Put(attributes, "user_log.name", h.Code.Name)
	Put(attributes, "user_log.category", h.Code.Category)
	Put(attributes, "user_log.outcome", h.Code.Outcome)
	return attributes
}

// ContentID names an entry that has no id of its own, by its content.
func ContentID(content string) string {
	sum := sha256.Sum256([]byte(content))
	// Half of the hash: 128 bits tell apart more entries than any log will hold.
	return hex.EncodeToString(sum[:len(sum)/2])
}

// Put sets an attribute unless its value is empty.
func Put(attributes pcommon.Map, name, value string) {
	if value != "" {
		attributes.PutStr(name, value)
	}
}

// Timestamp is t as a timestamp, zero if it cannot be one: pdata converts from and to time.Time through signed 64-bit
// nanoseconds since 1970, which end in April 2262. The last second is left out.
func Timestamp(t time.Time) pcommon.Timestamp {
	const lastSecond = (1<<63 - 1) / int64(time.Second)
	if seconds := t.Unix(); seconds < 0 || seconds >= lastSecond {
		return 0
	}
	return pcommon.NewTimestampFromTime(t)
}
