package kobil

import (
	"math"
	"strconv"
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/userlog/userlog-otel/receiver/internal/claim"
	"github.com/userlog/userlog-otel/receiver/internal/jsonview"
	"github.com/userlog/userlog-otel/receiver/internal/record"
	"github.com/userlog/userlog-otel/receiver/internal/source"
)

var _ source.Entry = (*entry)(nil)

// entry is one entry of a user's log, which KOBIL calls a reporting info item. It is never changed once decoded.
type entry struct {
	value    jsonview.Value
	observed pcommon.Timestamp
	codes    *record.Codes

	// id orders the log; numbered says that the entry has one that does: above 0, which stands for nothing read yet, and
	// below lastID. KOBIL numbers the entries of all users in one row, so those of one user have holes between them.
	id       uint64
	numbered bool
	time     time.Time
}

// fields are the members of an entry that say something for the record (developer.kobil.com, "User Logs").
type fields struct {
	action, archived, certificateSerialNumber, details, deviceID jsonview.Value
	id, issuerDN, logDate, status, userID                        jsonview.Value
}

func fieldsOf(v jsonview.Value) (f fields) {
	for name, value := range v.Members() {
		switch name {
		case "action":
			f.action = value
		case "archived":
			f.archived = value
		case "certificateSerialNumber":
			f.certificateSerialNumber = value
		case "details":
			f.details = value
		case "deviceId":
			f.deviceID = value
		case "id":
			f.id = value
		case "issuerDN":
			f.issuerDN = value
		case "logDate":
			f.logDate = value
		case "status":
			f.status = value
		case "userId":
			f.userID = value
		}
	}
	return f
}

func newEntry(v jsonview.Value, observed pcommon.Timestamp, codes *record.Codes) entry {
	f := fieldsOf(v)
	e := entry{value: v, observed: observed, codes: codes, time: parseDate(f.logDate.Text())}
	id, err := strconv.ParseUint(f.id.Text(), 10, 64)
	e.id, e.numbered = id, err == nil && id > 0 && id < lastID
	return e
}

// lastID is the highest that a database gives out, as they count in signed 64 bits: no entry can follow one with that
// number or more, so it cannot be one of the row.
const lastID = math.MaxInt64

// parseDate reads seconds since 1970, which the API sends as a string of digits. It returns the zero time for anything
// else.
func parseDate(text string) time.Time {
	seconds, err := strconv.ParseInt(text, 10, 64)
	if err != nil || seconds <= 0 || seconds > lastSecond {
		return time.Time{}
	}
	return time.Unix(seconds, 0).UTC()
}

// lastSecond is the end of the year 9999, behind which a time has no usual form.
const lastSecond = 253402300799

// uid names the entry within its installation: its id, else a hash of its bytes.
func (e *entry) uid(f fields) string {
	if id := f.id.Text(); id != "" {
		return id
	}
	return record.ContentID(e.value.Sent())
}

// mark is what an entry without a number is known by: two that are the same to the byte share one.
func (e *entry) mark() claim.Mark { return claim.MarkOf(e.value.Sent()) }

// Time is the entry's logDate; zero if it has none that can be read.
func (e *entry) Time() time.Time { return e.time }

// Record writes the entry into an empty record. The body is the entry as it was sent.
func (e *entry) Record(r plog.LogRecord) {
	f := fieldsOf(e.value)
	action := f.action.Text()
	const most = 7
	attributes := record.Begin(r, record.Head{
		Time:     e.time,
		Observed: e.observed,
		UID:      e.uid(f),
		Type:     action,
		Code:     e.codes.Lookup(action),
		Body:     e.value.Sent(),
	}, most)
	record.Put(attributes, "user.id", f.userID.Text())
	record.Put(attributes, "user_log.description", f.details.Text())
	record.Put(attributes, "device.id", f.deviceID.Text())
	record.Put(attributes, "tls.client.issuer", f.issuerDN.Text())
	record.Put(attributes, "kobil.status", f.status.Text())
	if archived := f.archived.Text(); archived == "true" || archived == "false" {
		attributes.PutBool("kobil.archived", archived == "true")
	}
	record.Put(attributes, "kobil.certificate_serial_number", f.certificateSerialNumber.Text())
}
