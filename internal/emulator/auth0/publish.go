package auth0

import (
	"encoding/json"
	"fmt"
)

// Publish makes entries visible at once in the log of user and in the tenant-wide log; user "" means in the
// tenant-wide log only. The bytes are copied and served as they are. An entry's place follows from its own date and
// log_id, so an entry with an old date is a late one. Entries with an id that is already there are kept beside it. If
// one entry is no JSON object, the error names its index and nothing is published.
//
// A batch costs little more than its own length, wherever its entries belong; entries that arrive one by one in
// descending order cost the length of the log each.
func (t *Tenant) Publish(user string, entries ...json.RawMessage) error {
	return t.publish(entries, func(string) string { return user })
}

// publish publishes entries, each in the log of its owner, who is asked for with the user that the entry names.
func (t *Tenant) publish(entries []json.RawMessage, owner func(named string) string) error {
	batch := make([]*entry, len(entries))
	for i, raw := range entries {
		e, err := parseEntry(raw)
		if err != nil {
			return fmt.Errorf("entry %d: %w", i, err)
		}
		e.user = owner(e.user)
		batch[i] = e
	}
	now := t.now()
	t.store.mu.Lock()
	defer t.store.mu.Unlock()
	t.store.add(batch, now)
	return nil
}

// Remove takes the entries with this log_id out of the log of user and out of the tenant-wide log, as if they had never
// been there; user "" means whosever they are. It reports whether there was one.
func (t *Tenant) Remove(user, logID string) bool {
	match := func(e *entry) bool { return e.id == logID && (user == "" || e.user == user) }
	t.store.mu.Lock()
	defer t.store.mu.Unlock()
	found := t.store.tenant.remove(match)
	if user != "" {
		if u := t.store.users[user]; u != nil {
			u.log.remove(match)
		}
		return found
	}
	if found {
		for _, u := range t.store.order {
			u.log.remove(match)
		}
	}
	return found
}

// Entries returns what is visible in the log of user, or in the tenant-wide log for "", the oldest date first. The bytes
// are shared: do not change them.
func (t *Tenant) Entries(user string) []json.RawMessage {
	t.store.mu.RLock()
	defer t.store.mu.RUnlock()
	l := &t.store.tenant
	if user != "" {
		u := t.store.users[user]
		if u == nil {
			return nil
		}
		l = &u.log
	}
	out := make([]json.RawMessage, len(l.byDate))
	for i, e := range l.byDate {
		out[i] = e.raw
	}
	return out
}
