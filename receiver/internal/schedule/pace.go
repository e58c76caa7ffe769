package schedule

import (
	"math"
	"time"
)

const (
	// halfLife is the time in which the peak of a log loses half. Whoever used an account last week uses it again: as the
	// peak may fill half of the window, a log that comes back at its old pace after a week of rest still does not outgrow
	// the window. A burst that never comes again, such as that of a script, is forgotten within weeks.
	halfLife = 7 * 24 * time.Hour
	// unknownPause is the longest pause of a log with a window whose pace is not known, as after a restart at night: it is
	// taken to fill half of the window in that time, which is an entry every seven seconds with Auth0. As its first peak,
	// that loses half in a week like any other.
	unknownPause = time.Hour
)

// pace is how often a log is read. Its numbers are small, to be kept for very many logs; as floats they cannot overflow.
type pace struct {
	pause time.Duration // after the last full read; 0 before it
	fresh float32       // new entries since then
	peak  float32       // the most new entries a second between two full reads, less what it lost since
}

// ended takes the end of a full read, and the time since the one before it, which is above 0.
func (p *pace) ended(s *Settings, since time.Duration) {
	if p.pause == 0 { // how long it took for the entries of a first read to come together is not known
		p.peak = float32(half(s) / unknownPause.Seconds())
	} else {
		faded := float64(p.peak) * math.Exp2(-float64(since)/float64(halfLife))
		p.peak = float32(max(faded, float64(p.fresh)/since.Seconds()))
	}
	p.pause = min(p.next(s), p.longest(s))
	p.fresh = 0
}

// next is the pause that the last read suggests.
func (p *pace) next(s *Settings) time.Duration {
	switch {
	case s.Window > 0 && float64(p.fresh) > half(s): // twice as many would not all be there
		return s.Interval / 2
	case p.fresh > 0 || p.pause == 0:
		return s.Interval
	}
	return 2 * p.pause
}

// longest is the longest pause that is allowed: that of the settings or, if shorter, the one in which a log at its peak
// fills half of the window; but no less than the interval.
func (p *pace) longest(s *Settings) time.Duration {
	longest, peak := s.MaxInterval, float64(p.peak)
	if s.Window > 0 && peak*longest.Seconds() > half(s) {
		longest = time.Duration(half(s) / peak * float64(time.Second))
	}
	return max(s.Interval, longest)
}

// half is half of the window, in entries.
func half(s *Settings) float64 { return float64(s.Window / 2) }
