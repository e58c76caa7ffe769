package userlogcheck

import (
	"fmt"
	"time"

	"github.com/userlog/userlog-otel/receiver/internal/claim"
	"github.com/userlog/userlog-otel/receiver/internal/rest"
)

// system is the name of the configured system, as its block has it.
func (v *visit) system() string {
	switch {
	case v.cfg.Auth0 != nil:
		return "auth0"
	case v.cfg.KOBIL != nil:
		return "kobil"
	}
	return "canvas"
}

// name is that of a log: a number, unless users may be shown.
func (v *visit) name(i int) string {
	subject := string(v.seen[i].subject)
	switch {
	case subject == "":
		return "the tenant's log"
	case v.settings.ShowUsers:
		return subject
	}
	return fmt.Sprintf("log %d", i+1)
}

// named is what was seen of each log.
func (v *visit) named() []Log {
	logs := []Log{}
	for i, one := range v.seen {
		l := Log{Name: v.name(i), Entries: one.glimpse.Wanted, More: one.glimpse.More, Newest: moment(one.glimpse.Newest)}
		if one.err != nil {
			l.Problem = explain(one.err)
		}
		logs = append(logs, l)
	}
	return logs
}

func (v *visit) newestDate() *time.Time {
	var newest time.Time
	for _, one := range v.seen {
		if one.glimpse.Newest.After(newest) {
			newest = one.glimpse.Newest
		}
	}
	return moment(newest)
}

func (v *visit) newest() Check {
	newest := v.newestDate()
	switch {
	case v.readable() == 0:
		return unknown("newest_entry")
	case newest == nil:
		return Check{"newest_entry", Note, "no log that was looked at has an entry: does anybody log in there?"}
	}
	return Check{"newest_entry", OK, ago(v.now.Sub(*newest))}
}

// ago says how old something is.
func ago(age time.Duration) string {
	switch {
	case age < -time.Second:
		return brief(-age) + " in the future"
	case age < time.Second:
		return "just now"
	}
	return brief(age) + " ago"
}

// difference is how many seconds the API's clock is ahead, to the second, by which its date is cut.
func (v *visit) difference() *float64 {
	var skew *time.Duration
	v.tap.lock(func() { skew = v.tap.skew })
	if skew == nil {
		return nil
	}
	seconds := skew.Round(time.Second).Seconds()
	return &seconds
}

func (v *visit) clock() Check {
	difference := v.difference()
	if difference == nil {
		return unknown("clock")
	}
	skew := time.Duration(*difference * float64(time.Second))
	if skew.Abs() <= claim.MaxSkew {
		return Check{"clock", OK, "the same as the API's, give or take 2s"}
	}
	side := "behind"
	if skew < 0 {
		side = "ahead of"
	}
	return Check{"clock", Note, fmt.Sprintf("%s %s the API's: the receiver allows for that, but a token may end too early or too late: set this machine's clock",
		brief(skew.Abs()), side)}
}

func (v *visit) scopes() ([]string, bool) {
	var r rights
	v.tap.lock(func() { r = v.tap.rights })
	return r.scopes, r.told
}

// token is what is known of the token; nil if that is nothing.
func (v *visit) token() *Token {
	var r rights
	v.tap.lock(func() { r = v.tap.rights })
	if !r.told && r.expires.IsZero() {
		return nil
	}
	return &Token{Scopes: r.scopes, Expires: moment(r.expires)}
}

// limit is what the API told last of its limit; nil if it told nothing.
func (v *visit) limit() *Limit {
	var l *rest.Limit
	v.tap.lock(func() { l = v.tap.limit })
	if l == nil {
		return nil
	}
	return &Limit{Limit: l.Limit, Remaining: l.Remaining, Resets: moment(l.Resets)}
}

// moment is a time to the second, nil if there is none.
func moment(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.UTC().Truncate(time.Second)
	return &t
}
