package claim

import "time"

// MaxSkew is what clocks may differ without being corrected: the server's date is cut to seconds, and the answer was
// under way for a while.
const MaxSkew = 2 * time.Second

// Clocks are what the first answer of a walk tells of time: the server's Date, the local clock when it came, and the
// date of the newest entry in it (zero if there is none), leaving out those that are in the future of both.
type Clocks struct{ Server, Local, Newest time.Time }

// ClocksOf takes the clocks of an answer: its Date (zero if it told none), when it arrived, and its entries' dates.
func ClocksOf(date, arrived time.Time, entries func(yield func(time.Time) bool)) Clocks {
	c := Clocks{Server: date, Local: arrived}
	if date.IsZero() {
		c.Server = arrived
	}
	for t := range entries {
		if t.After(c.Newest) && !t.After(c.Latest().Add(MaxSkew)) {
			c.Newest = t
		}
	}
	return c
}

// Latest is the clock that is ahead.
func (c Clocks) Latest() time.Time {
	if c.Local.After(c.Server) {
		return c.Local
	}
	return c.Server
}

// Earliest is the clock that is behind.
func (c Clocks) Earliest() time.Time {
	if c.Local.Before(c.Server) {
		return c.Local
	}
	return c.Server
}

// Skew is how far the server's clock is from the local one. A Date that the entries speak against is not believed, and
// a clock that is ahead is believed only if an entry shows it: reading from too early costs repeats of nothing, from
// too late it costs entries.
func (c Clocks) Skew() time.Duration {
	skew := c.Server.Sub(c.Local)
	switch {
	case skew < -MaxSkew && !c.Newest.After(c.Server.Add(MaxSkew)):
		return skew
	case skew > MaxSkew && c.Newest.After(c.Local.Add(MaxSkew)):
		return skew
	}
	return 0
}
