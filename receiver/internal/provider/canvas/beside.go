package canvas

import (
	"context"
	"time"

	"github.com/userlog/userlog-otel/receiver/internal/claim"
	"github.com/userlog/userlog-otel/receiver/internal/source"
)

// beside is a look at what the other logs of the receiver have delivered. An event of a user stands in the log of its
// login and in that of its account, too, and is to come once. That another log has it is known from that log's own
// claim, and not from a memory beside it: so it holds after a restart as well, and nothing is left out that was not
// accepted.
//
// One claim says less than it seems to. Where the token has a right in some accounts only, the logs of users and logins
// show the events of those, and say nothing of the rest (canvas-lms, authentication_audit_api_controller.rb): so a floor
// of theirs does not cover what was hidden. A log that was refused itself must therefore not believe it of the time
// until it was readable; their marks, and the floors of accounts, hold always.
type beside struct {
	p       *Provider
	self    source.Subject
	doubt   time.Time                    // floors of users and logins are not believed up to it
	latest  time.Time                    // no floor beyond it is believed
	claims  map[source.Subject]*position // looked at so far; nil: says nothing
	release func()
}

// look waits for its turn: from here until release no other log of the receiver hands on anything. It returns nil if
// there can be nothing in common, and the error of ctx if that is done first.
func (r *read) look(ctx context.Context) (*beside, error) {
	p := r.p
	if !p.s.Logs.overlap() {
		return nil, nil //nolint:nilnil // a nil beside has accepted nothing
	}
	select {
	case p.turn <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	return &beside{
		p: p, self: r.subject, doubt: r.position.doubt, latest: r.times.last.Latest().Add(claim.MaxSkew),
		claims: map[source.Subject]*position{}, release: func() { <-p.turn },
	}, nil
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
	// A floor that is ahead of the clocks is of a clock that went back, or was tampered with, and would hide what comes.
	// One that is right stays the overlap behind them.
	if p.Floor.After(b.latest) {
		return false
	}
	if kind, _ := parts(log); kind != kindAccounts && !e.time.After(b.doubt) {
		return false
	}
	return !e.time.IsZero() && owns(p) && e.time.Before(p.Floor) && !e.time.Before(p.from)
}

// claim is what a log claims; nil if nothing.
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
