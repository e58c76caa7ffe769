package canvas

import (
	"context"

	"github.com/userlog/userlog-otel/receiver/internal/source"
)

// beside is a look at what the other logs of the receiver have delivered. An event of a user stands in the log of its
// login and in that of its account, too, and is to come once. That another log has it is known from that log's own
// claim, and not from a memory beside it: so it holds after a restart as well, and nothing is left out that was not
// accepted.
type beside struct {
	p       *Provider
	self    source.Subject
	claims  map[source.Subject]*position // looked at so far; nil: says nothing
	release func()
}

// look waits for its turn: from here until release no other log of the receiver hands on anything. It returns nil if
// there can be nothing in common.
func (p *Provider) look(ctx context.Context, self source.Subject) (*beside, error) {
	if !p.s.Logs.overlap() {
		return nil, nil //nolint:nilnil // a nil beside has accepted nothing
	}
	select {
	case p.turn <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	return &beside{p: p, self: self, claims: map[source.Subject]*position{}, release: func() { <-p.turn }}, nil
}

func (b *beside) done() {
	if b != nil {
		b.release()
	}
}

// accepted tells whether another log has delivered an event.
func (b *beside) accepted(e *entry) bool {
	if b == nil {
		return false
	}
	for _, kind := range []string{kindUsers, kindLogins, kindAccounts} {
		if id := e.owner(kind); id != "" && b.has(subjectOf(kind, id), e, func(*position) bool { return true }) {
			return true
		}
	}
	for _, named := range *b.p.s.Logs.named.Load() {
		kind, _ := parts(named)
		if b.has(named, e, func(p *position) bool { return p.id != "" && p.id == e.owner(kind) }) {
			return true
		}
	}
	return false
}

// has tells whether a log's claim covers an event: by its mark, or, if the event is one of that log, because everything
// below the floor was accepted.
func (b *beside) has(log source.Subject, e *entry, owns func(*position) bool) bool {
	p := b.claim(log)
	if p == nil {
		return false
	}
	if _, ok := p.Seen[e.mark]; ok {
		return true
	}
	return !e.time.IsZero() && owns(p) && e.time.Before(p.Floor) && !e.time.Before(p.from)
}

func (b *beside) claim(log source.Subject) *position {
	if log == b.self {
		return nil
	}
	if p, ok := b.claims[log]; ok {
		return p
	}
	b.claims[log] = nil
	if cursor, ok := b.p.s.CursorOf(log); ok {
		if p, err := parseCursor(cursor); err == nil && p.Start.IsZero() {
			b.claims[log] = &p
		}
	}
	return b.claims[log]
}
