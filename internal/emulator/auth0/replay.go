package auth0

import (
	"cmp"
	"encoding/json"
)

// Replay publishes entries, each in the log of its own user_id, or of fallback where it names none ("" puts those in
// the tenant-wide log only). The dates stay as they are. If one entry is no JSON object, the error names its index and
// nothing is published.
func (t *Tenant) Replay(fallback string, entries []json.RawMessage) error {
	return t.publish(entries, func(named string) string { return cmp.Or(named, fallback) })
}
