// Package userlogcheck has a look at the sources of receivers, as a person at the console wants to before the collector
// runs or when it does not: with the receiver's own clients, and as few requests as tell something.
package userlogcheck

import (
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"go.opentelemetry.io/collector/component"

	"github.com/userlog/userlog-otel/config"
)

// Settings say what is checked, and with what.
type Settings struct {
	// Receivers are valid configurations.
	Receivers map[component.ID]*config.Config
	// Authenticator makes the extension that a receiver's auth names, started. Its Shutdown is called.
	Authenticator func(context.Context, component.ID) (component.Component, error)
	// Storage says in what state the storage of a receiver is.
	Storage func(receiver component.ID, extension component.ID) (State, string)
	// Logs is the number of logs of each receiver that are looked at; 0 for all.
	Logs int
	// ShowUsers says that logs may be named by whose they are.
	ShowUsers bool
	// Timeout bounds the wait for each answer.
	Timeout time.Duration
	// Checked is told what was found of each receiver as soon as it is; nil if nobody waits for it.
	Checked func(Receiver)
	// BuildInfo names this program to the API's operators.
	BuildInfo component.BuildInfo

	_ struct{}
}

// Run checks the receivers, one after the other. It asks each for a token at most once, for the beginning of the list of
// its users where that is found by a search, and for one page of each log that is looked at. When the context ends, the
// receiver whose turn it is and those after it are left out.
func Run(ctx context.Context, s Settings) Report {
	ids := slices.SortedFunc(maps.Keys(s.Receivers), func(a, b component.ID) int { return strings.Compare(a.String(), b.String()) })
	report := Report{Version: reportVersion, OK: true, Receivers: []Receiver{}}
	for _, id := range ids {
		r := s.check(ctx, id)
		if ctx.Err() != nil {
			report.OK = false
			break
		}
		report.OK = report.OK && r.OK
		if s.Checked != nil {
			s.Checked(r)
		}
		report.Receivers = append(report.Receivers, r)
	}
	return report
}

// check checks one receiver.
func (s Settings) check(ctx context.Context, id component.ID) Receiver {
	cfg := s.Receivers[id]
	v := &visit{settings: s, cfg: cfg, tap: &tap{}}
	v.pay(ctx, id)
	r := Receiver{ID: id.String(), System: v.system(), Endpoint: v.instance, Requests: v.tap.requests()}
	r.Checks = []Check{
		v.reachable(), v.credentials(), v.rights(), v.rateLimit(), v.logs(), v.newest(), v.clock(), v.firstRead(),
		s.storage(id, cfg),
	}
	r.Token, r.Limit, r.ClockDifference = v.token(), v.limit(), v.difference()
	r.Newest, r.FirstRead, r.Logs = v.newestDate(), v.estimate(), v.named()
	r.OK = !slices.ContainsFunc(r.Checks, func(c Check) bool { return c.State == Fail })
	return r
}

// storage is the state of the cursors' storage.
func (s Settings) storage(id component.ID, cfg *config.Config) Check {
	if cfg.Storage == nil {
		return Check{"storage", Note, "none: after a restart every log is read again from initial_lookback; set storage to an extension such as file_storage"}
	}
	state, text := s.Storage(id, *cfg.Storage)
	return Check{"storage", state, oneLine(text)}
}
