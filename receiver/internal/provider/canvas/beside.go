package canvas

import (
	"context"
	"iter"
	"slices"
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
// of theirs does not cover what was hidden. If any log was refused, nobody believes those floors of the time from its own
// floor until it was readable: not the log itself, and no third one, whose word it would then take. Marks, and the
// floors of accounts, hold always.
type beside struct {
	p         *Provider
	self      source.Subject
	doubts    []doubt                      // in which floors of users and logins are not believed
	latest    time.Time                    // no floor beyond it is believed
	positions map[source.Subject]*position // looked at so far; nil: there is none
	release   func()
}

// look waits for its turn: from here until release no other log of the receiver hands on anything. It returns nil if
// there can be nothing in common, and the error of ctx if that is done first.
func (r *read) look(ctx context.Context) (*beside, error) {
	p := r.p
	if !p.s.Logs.Overlap() {
		return nil, nil //nolint:nilnil // a nil beside has accepted nothing
	}
	select {
	case p.turn <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	doubts := p.doubtsBeside(r.subject)
	if until := r.position.doubt; !until.IsZero() {
		doubts = append(doubts, doubt{to: until})
	}
	return &beside{
		p: p, self: r.subject, doubts: doubts,
		latest:    r.times.last.Latest().Add(claim.MaxSkew),
		positions: map[source.Subject]*position{}, release: func() { <-p.turn },
	}, nil
}

func (b *beside) done() {
	if b != nil {
		b.release()
	}
}

// accepted tells whether another log has delivered an event, and whether one names it: then that is certain, and can be
// passed on.
func (b *beside) accepted(e *entry) (covered, named bool) {
	if b == nil {
		return false, false
	}
	believed := func(kind string) bool { return kind == kindAccounts || !b.doubtful(e) }
	for log, owns := range b.logsOf(e) {
		p := b.claim(log)
		if p == nil {
			continue
		}
		if _, ok := p.Seen[e.mark]; ok {
			return true, true
		}
		kind, _ := parts(log)
		covered = covered || owns(p) && believed(kind) && b.below(p, e)
	}
	return covered, false
}

// logsOf are the logs that an event may be in: those of its user, login and account, and those with names, of which it
// shows only in their positions whose they are.
func (b *beside) logsOf(e *entry) iter.Seq2[source.Subject, func(*position) bool] {
	return func(yield func(source.Subject, func(*position) bool) bool) {
		for _, kind := range []string{kindUsers, kindLogins, kindAccounts} {
			if id := e.owner(kind); id != "" && !yield(subjectOf(kind, id), func(*position) bool { return true }) {
				return
			}
		}
		for _, log := range *b.p.s.Logs.named.Load() {
			kind, _ := parts(log)
			if !yield(log, func(p *position) bool { return p.id != "" && p.id == e.owner(kind) }) {
				return
			}
		}
	}
}

// below tells whether an event of a log is dated where the log has accepted everything.
func (b *beside) below(p *position, e *entry) bool {
	// A floor that is ahead of the clocks is of a clock that went back, or was tampered with, and would hide what comes.
	// One that is right stays the overlap behind them.
	if p.Floor.After(b.latest) {
		return false
	}
	return !e.time.IsZero() && e.time.Before(p.Floor) && !e.time.Before(p.from)
}

// doubtful tells whether an event may be one that was hidden: by the logs of accounts and logins, which are few, and by
// that of its user.
func (b *beside) doubtful(e *entry) bool {
	if slices.ContainsFunc(b.doubts, func(d doubt) bool { return d.holds(e.time) }) {
		return true
	}
	if user := b.position(subjectOf(kindUsers, e.user)); user != nil {
		d, ok := user.doubts()
		return ok && d.holds(e.time)
	}
	return false
}

// claim is what a log claims; nil if nothing.
func (b *beside) claim(log source.Subject) *position {
	if p := b.position(log); p != nil && p.Start.IsZero() {
		return p
	}
	return nil
}

// position is that of another log; nil if there is none.
func (b *beside) position(log source.Subject) *position {
	if log == b.self {
		return nil
	}
	if p, ok := b.positions[log]; ok {
		return p
	}
	b.positions[log] = nil
	if cursor, ok := b.p.s.CursorOf(log); ok {
		if p, err := parseCursor(cursor); err == nil {
			b.positions[log] = &p
		}
	}
	return b.positions[log]
}
