package canvas

import (
	"encoding/json"
	"time"
)

// Publish makes events visible at once in the logs of their user, login and account. Their place follows from their
// time, so one that happened before others is a late one; of one second, the one published last comes first. Events with
// an ID that is already there are kept beside it.
func (i *Installation) Publish(events ...Event) {
	records := make([]*record, len(events))
	for n, e := range events {
		records[n] = &record{Event: e, second: e.At.Unix()}
	}
	i.store.add(records, func(r *record) []string { return r.subjects() })
}

// PublishRaw makes bytes, which need not even be JSON, visible at once as an event of these subjects, such as "users/3".
// They are copied and served as they are, in the place of the time at.
func (i *Installation) PublishRaw(subjects []string, at time.Time, raw json.RawMessage) {
	e := readRaw(raw)
	e.At = at
	copied := append(json.RawMessage{}, raw...) // never nil, so that no bytes are bytes, too
	r := &record{Event: e, second: at.Unix(), raw: copied}
	i.store.add([]*record{r}, func(*record) []string { return subjects })
}

// Remove takes the events with this ID out of all logs, as if they had never been there. It reports whether there was
// one.
func (i *Installation) Remove(id string) bool { return i.store.remove(id) }

// Entries returns what is visible in the log of the subject as it would be served without a special Accept header, the
// oldest first. The bytes are shared: do not change them.
func (i *Installation) Entries(subject string) []json.RawMessage {
	i.store.mu.RLock()
	defer i.store.mu.RUnlock()
	l := i.store.logs[subject]
	if l == nil {
		return nil
	}
	v := i.view(false)
	out := make([]json.RawMessage, len(l.records))
	for n, r := range l.records {
		out[n] = v.event(r, i.store.linked.pageViews)
	}
	return out
}

// SetStatus makes every request for the log of the subject fail with the HTTP status and the body that Canvas sends with
// it: 401 and 403 for a missing right, 404 for what was deleted, 429 for too many requests. 0 is normal again.
func (i *Installation) SetStatus(subject string, status int) {
	i.store.mu.Lock()
	defer i.store.mu.Unlock()
	i.store.log(subject).status = status
}
