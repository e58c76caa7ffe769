package auth0

import "time"

// RemoveBefore takes all entries that are dated before a time out of all logs, as the retention of the tenant's plan does
// (auth0 docs: "Log data retention": so many days; counted by date here, not by arrival, which only some ids tell). Entries
// without a date that can be read stay. It returns how many went.
func (t *Tenant) RemoveBefore(at time.Time) int {
	old := func(e *entry) bool { return !e.date.IsZero() && e.date.Before(at) }
	t.store.mu.Lock()
	defer t.store.mu.Unlock()
	n := len(t.store.tenant.byID)
	for _, e := range t.store.tenant.byID {
		if old(e) {
			t.store.expired = max(t.store.expired, e.id)
		}
	}
	t.store.tenant.remove(old)
	for _, u := range t.store.order {
		u.log.remove(old)
	}
	return n - len(t.store.tenant.byID)
}

// SetExpiredFrom says what a checkpoint answers whose from is not above an id that [Tenant.RemoveBefore] took away, and
// no entry's: an error with this status, or, with 0, which is the default, the entries after it that are left. What Auth0
// answers is unverified; it might be any of 200, 400 and 404.
func (t *Tenant) SetExpiredFrom(status int) {
	t.store.mu.Lock()
	defer t.store.mu.Unlock()
	t.store.expiredFrom = status
}

// SetForeignFrom says the same of a from that is no entry's and not expired. Elastic's integration begins with an id made
// from a time, which shows that 0 is what Auth0 does.
func (t *Tenant) SetForeignFrom(status int) {
	t.store.mu.Lock()
	defer t.store.mu.Unlock()
	t.store.foreignFrom = status
}

// refusal is the status with which a from is refused, or 0. The lock must be held.
func (s *store) refusal(from string) int {
	switch {
	case s.find(from) != nil:
		return 0
	case from <= s.expired:
		return s.expiredFrom
	default:
		return s.foreignFrom
	}
}
