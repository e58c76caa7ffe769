package auth0

import (
	"bytes"
	"cmp"
	"encoding/json"
	"time"

	"github.com/userlog/userlog-otel/internal/emulator/cloud"
)

// entry is one log event as it was published. It is never changed, so it may be read without a lock.
type entry struct {
	raw json.RawMessage
	// user is whose log it is in; "" if it is in the tenant-wide log only.
	user string
	// id is log_id, else _id, else "".
	id string
	// date is zero where the event has none that can be read; so it sorts as the oldest.
	date time.Time
}

// parseEntry reads what is needed to sort the event and copies its bytes. It fails only if raw is no JSON object:
// fields of an unexpected type count as absent. The entry's user is the one that it names itself.
func parseEntry(raw json.RawMessage) (*entry, error) {
	var f struct {
		LogID  json.RawMessage `json:"log_id"`
		ID     json.RawMessage `json:"_id"`
		Date   json.RawMessage `json:"date"`
		UserID json.RawMessage `json:"user_id"`
	}
	if err := cloud.Unmarshal(raw, &f); err != nil {
		return nil, err
	}
	e := &entry{raw: bytes.Clone(raw), user: cloud.Text(f.UserID), id: cmp.Or(cloud.Text(f.LogID), cloud.Text(f.ID))}
	if d, err := time.Parse(time.RFC3339Nano, cloud.Text(f.Date)); err == nil {
		e.date = d
	}
	return e, nil
}

// byDate orders entries by date, those of one date by id, the oldest first. Of equal dates date:-1 thus lists the
// greater log_id first (the tie order of the vendor is unverified).
func byDate(a, b *entry) int {
	return cmp.Or(a.date.Compare(b.date), cmp.Compare(a.id, b.id))
}

// byID orders entries by log_id as a string, the oldest arrival first: log_id is of fixed width, so string order is
// order of arrival.
func byID(a, b *entry) int {
	return cmp.Or(cmp.Compare(a.id, b.id), a.date.Compare(b.date))
}
