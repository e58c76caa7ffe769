package shard

import (
	"context"

	"github.com/userlog/userlog-otel/receiver/internal/source"
)

// Settings are what a Lister is made from.
type Settings struct {
	// All lists the logs of all shards.
	All  source.Lister
	Ring Ring
	// Index is the shard whose logs are listed.
	Index int
	// Together tells of the list that All gave last whether one entry may be in several of its logs. Who reads one of them
	// has to know what of the others was delivered, so all belong to one shard. Nil: no entry may.
	Together func() bool
	// Idle is called when the shard turns out to have none of so many logs.
	Idle func(logs int)

	_ struct{}
}

// Lister lists the logs of one shard.
type Lister struct {
	s        Settings
	listed   bool
	idle     bool
	last     source.ListIdentity // of the list of all
	together bool
	own      []source.Subject
}

var _ source.Lister = (*Lister)(nil)

// NewLister makes a lister.
func NewLister(s Settings) *Lister { return &Lister{s: s} }

// List implements source.Lister.
func (l *Lister) List(ctx context.Context) ([]source.Subject, error) {
	all, err := l.s.All.List(ctx)
	if err != nil && all == nil {
		return nil, err
	}
	together := l.s.Together != nil && l.s.Together()
	if id := source.IdentityOf(all); !l.listed || id != l.last || together != l.together {
		l.listed, l.last, l.together = true, id, together
		l.own = l.part(all)
	}
	if idle := len(l.own) == 0 && len(all) > 0; idle != l.idle {
		l.idle = idle
		if idle {
			l.s.Idle(len(all))
		}
	}
	return l.own, err
}

// part is what of a list belongs to the shard: not nil, which would mean that nothing is known.
func (l *Lister) part(all []source.Subject) []source.Subject {
	own := []source.Subject{}
	if l.together {
		if l.s.Ring.Owner("") == l.s.Index {
			own = all
		}
		return own
	}
	for _, log := range all {
		if l.s.Ring.Owner(log) == l.s.Index {
			own = append(own, log)
		}
	}
	return own
}
