package auth0

import (
	"encoding/json"
	"fmt"
)

// Publish makes entries visible at once in the log of user and in the tenant-wide log; user "" means in the
// tenant-wide log only. The bytes are copied and served as they are. An entry's place follows from its own date and
// log_id, so an entry with an old date is a late one. Entries with an id that is already there are kept beside it. If
// one entry is no JSON object, the error names its index and nothing is published.
func (t *Tenant) Publish(user string, entries ...json.RawMessage) error {
	batch := make([]*entry, len(entries))
	for i, raw := range entries {
		e, err := parseEntry(user, raw)
		if err != nil {
			return fmt.Errorf("entry %d: %w", i, err)
		}
		batch[i] = e
	}
	now := t.now()
	t.store.mu.Lock()
	defer t.store.mu.Unlock()
	t.store.tenant.add(batch)
	if user != "" {
		t.store.user(user, now).log.add(batch)
	}
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

// AddUsers makes users known, with empty logs, to the list of users; those already known stay as they are.
func (t *Tenant) AddUsers(ids ...string) {
	now := t.now()
	t.store.mu.Lock()
	defer t.store.mu.Unlock()
	for _, id := range ids {
		t.store.user(id, now)
	}
}

// SetUserStatus makes every request about this user, their log included, fail with the HTTP status and Auth0's body
// for it: 404 for a deleted user, 403 for a missing right. 0 is normal again. A user with 404 is not listed either.
func (t *Tenant) SetUserStatus(user string, status int) {
	now := t.now()
	t.store.mu.Lock()
	defer t.store.mu.Unlock()
	t.store.user(user, now).status = status
}
