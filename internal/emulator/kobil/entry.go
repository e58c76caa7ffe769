package kobil

import (
	"encoding/json"
	"strconv"
	"time"

	"github.com/userlog/userlog-otel/internal/emulator/cloud"
)

// Entry is a row of a log with the fields of the vendor's sample, in its order.
type Entry struct {
	Action                  string `json:"action"`
	Archived                bool   `json:"archived"`
	CertificateSerialNumber string `json:"certificateSerialNumber"`
	// Details is left out if it is empty, as in the sample.
	Details  string `json:"details,omitempty"`
	DeviceID string `json:"deviceId"`
	ID       int64  `json:"id"`
	IssuerDN string `json:"issuerDN"`
	// LogDate is in Unix seconds, as a string: the documentation's sample has it so.
	LogDate string `json:"logDate"`
	Status  string `json:"status"`
	UserID  string `json:"userId"`
}

// NewEntry returns an entry of this user with this id and time, cut to its second. The other fields have invented values
// of the sample's form; action 13 is one of the three codes that the sample shows, without a public meaning.
func NewEntry(user string, id int64, at time.Time) Entry {
	return Entry{
		Action: "13", CertificateSerialNumber: "1029384756", DeviceID: "2001", ID: id,
		IssuerDN: "CN=internal ca 00000000-0000-4000-8000-000000000000,UID=Ex4mpleUid,O=Example,C=DE",
		LogDate:  strconv.FormatInt(at.Unix(), 10), Status: "0", UserID: user,
	}
}

// JSON is the entry as a log serves it.
func (e Entry) JSON() json.RawMessage { return cloud.Encode(e) }
