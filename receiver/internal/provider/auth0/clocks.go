package auth0

import "time"

// maxSkew is what clocks may differ without being corrected: the server's date is cut to seconds, and the answer was
// under way for a while.
const maxSkew = 2 * time.Second

// clocks are what the first answer of a walk tells of time: the server's Date, the local clock when it came, and the
// date of the newest entry in it (zero if there is none), leaving out those that are in the future of both.
type clocks struct{ server, local, newest time.Time }

func (c clocks) latest() time.Time {
	if c.local.After(c.server) {
		return c.local
	}
	return c.server
}

func (c clocks) earliest() time.Time {
	if c.local.Before(c.server) {
		return c.local
	}
	return c.server
}

// skew is how far the tenant's clock is from the local one. A Date that the entries speak against is not believed, and
// a clock that is ahead is believed only if an entry shows it: reading from too early costs repeats of nothing, from
// too late it costs entries.
func (c clocks) skew() time.Duration {
	skew := c.server.Sub(c.local)
	switch {
	case skew < -maxSkew && !c.newest.After(c.server.Add(maxSkew)):
		return skew
	case skew > maxSkew && c.newest.After(c.local.Add(maxSkew)):
		return skew
	}
	return 0
}
