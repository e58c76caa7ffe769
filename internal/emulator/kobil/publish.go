package kobil

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
)

// Publish makes entries visible at once in the log of user, in this order of arrival. The bytes are copied and served as
// they are. An entry's place follows from its integer id, so one with a lower id than others is a late one; an entry
// without an integer id comes on top of what is there, and stays above that. Entries with an id that is already there
// are kept beside it. If one entry is no JSON object, the error names its index and nothing is published.
func (i *Installation) Publish(user string, entries ...json.RawMessage) error {
	rows := make([]*row, len(entries))
	for n, raw := range entries {
		_, id, integer, err := idOf(raw)
		if err != nil {
			return fmt.Errorf("entry %d: %w", n, err)
		}
		rows[n] = &row{raw: bytes.Clone(raw), place: id, numbered: integer}
	}
	i.store.mu.Lock()
	defer i.store.mu.Unlock()
	i.store.user(user).add(rows)
	return nil
}

// Remove takes the entries with this id, a number's digits or a string, out of the log of user, as if they had never been
// there. It reports whether there was one.
func (i *Installation) Remove(user, id string) bool {
	i.store.mu.Lock()
	defer i.store.mu.Unlock()
	l := i.store.users[user]
	return l != nil && l.remove(id)
}

// Entries returns what is visible in the log of user, the lowest place first. The bytes are shared: do not change them.
func (i *Installation) Entries(user string) []json.RawMessage {
	i.store.mu.RLock()
	defer i.store.mu.RUnlock()
	l := i.store.users[user]
	if l == nil {
		return nil
	}
	out := make([]json.RawMessage, len(l.rows))
	for n, r := range l.rows {
		out[n] = r.raw
	}
	return out
}

// AddUsers makes users known, with empty logs; those already known stay as they are.
func (i *Installation) AddUsers(names ...string) {
	i.store.mu.Lock()
	defer i.store.mu.Unlock()
	for _, name := range names {
		i.store.user(name)
	}
}

// Users returns the names of all users who were added or have a log, in the order in which they became known.
func (i *Installation) Users() []string {
	i.store.mu.RLock()
	defer i.store.mu.RUnlock()
	return slices.Clone(i.store.order)
}

// SetUserStatus makes every request about this user fail with the HTTP status and a body of its kind: 404 is a user who
// does not exist. 0 is normal again.
func (i *Installation) SetUserStatus(user string, status int) {
	i.store.mu.Lock()
	defer i.store.mu.Unlock()
	i.store.user(user).status = status
}
