package canvas

import (
	"time"

	"github.com/userlog/userlog-otel/receiver/internal/source"
)

// doubt is a span of time, both ends in it, of which a log that was refused does not know what was hidden from others.
// A zero end means that it is refused still.
type doubt struct{ from, to time.Time }

func (d doubt) holds(t time.Time) bool {
	return !t.Before(d.from) && (d.to.IsZero() || !t.After(d.to))
}

// doubts is the doubt of a log, if there is any. What is dated before its floor it has dealt with.
func (p *position) doubts() (doubt, bool) {
	return doubt{from: p.Floor, to: p.doubt}, p.refused || !p.doubt.IsZero()
}

// noted is what a cursor says of doubts, so that one that is looked at again and again is read once.
type noted struct {
	cursor   source.Cursor
	doubt    doubt
	doubtful bool
}

// doubtsBeside are the doubts of the logs of accounts and logins but one. The caller has the turn.
func (p *Provider) doubtsBeside(self source.Subject) (all []doubt) {
	for _, log := range p.s.Logs.fixed {
		cursor, ok := p.s.CursorOf(log)
		if !ok || log == self {
			continue
		}
		n, ok := p.noted[log]
		if !ok || n.cursor != cursor {
			n = noted{cursor: cursor}
			if known, err := parseCursor(cursor); err == nil {
				n.doubt, n.doubtful = known.doubts()
			}
			p.noted[log] = n
		}
		if n.doubtful {
			all = append(all, n.doubt)
		}
	}
	return all
}
