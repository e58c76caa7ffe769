package auth0

import (
	"encoding/json"

	"github.com/userlog/userlog-otel/internal/emulator/cloud"
)

// Replay publishes entries, each in the log of its own user_id, or of fallback where it names none ("" puts those in
// the tenant-wide log only). The dates stay as they are. If one entry is no JSON object, the error names it and those
// before it are published.
func (t *Tenant) Replay(fallback string, entries []json.RawMessage) error {
	for start := 0; start < len(entries); {
		user, end := owner(entries[start], fallback), start+1
		for end < len(entries) && owner(entries[end], fallback) == user {
			end++
		}
		if err := t.Publish(user, entries[start:end]...); err != nil {
			return err
		}
		start = end
	}
	return nil
}

// owner is the user_id of an entry, or fallback if it is absent, null, empty or no string.
func owner(raw json.RawMessage, fallback string) string {
	var f struct {
		UserID json.RawMessage `json:"user_id"`
	}
	if json.Unmarshal(raw, &f) == nil {
		if id := cloud.Text(f.UserID); id != "" {
			return id
		}
	}
	return fallback
}

// Users returns the ids of all users who were added or have a log, in the order in which they became known.
func (t *Tenant) Users() []string {
	t.store.mu.RLock()
	defer t.store.mu.RUnlock()
	ids := make([]string, len(t.store.order))
	for i, u := range t.store.order {
		ids[i] = u.id
	}
	return ids
}
