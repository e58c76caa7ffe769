package userlogcheck

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/config/confighttp"
	"go.opentelemetry.io/collector/config/configmiddleware"

	"github.com/userlog/userlog-otel/config"
	"github.com/userlog/userlog-otel/receiver/internal/source"
	"github.com/userlog/userlog-otel/receiver/userlogreceiver"
)

// visit is a visit to one source.
type visit struct {
	settings Settings
	cfg      *config.Config
	tap      *tap

	auth          *component.ID // nil: no authenticator is used
	authenticator component.Component

	instance string
	window   int
	now      time.Time // when it began
	failure  error     // which concerns no single log
	unlisted error     // what is wrong with the list of logs
	total    int       // logs that there are; below 0 if that is not known
	seen     []seen
}

// seen is what a look at one log showed.
type seen struct {
	subject source.Subject
	glimpse source.Glimpse
	err     error
}

// pay pays the visit.
func (v *visit) pay(ctx context.Context, id component.ID) {
	v.now, v.total = time.Now(), -1
	s, err := v.open(ctx, id)
	if v.authenticator != nil {
		defer func() { _ = v.authenticator.Shutdown(ctx) }() // it has done its work
	}
	if err != nil {
		v.failure = err
		return
	}
	defer func() { _ = s.Close(ctx) }() // of connections that nobody waits for
	v.instance, v.window = s.Instance, s.Window
	looker, ok := s.Reader.(source.Looker)
	if !ok {
		v.failure = errors.New("this system cannot be looked at yet")
		return
	}
	v.look(ctx, looker, v.list(ctx, s.Lister))
}

// look looks at some of the logs, until a failure concerns all of them.
func (v *visit) look(ctx context.Context, looker source.Looker, subjects []source.Subject) {
	since := v.now.Add(-time.Duration(v.cfg.InitialLookback))
	for _, subject := range v.some(subjects) {
		one := seen{subject: subject}
		one.err = v.within(ctx, func(ctx context.Context) (err error) {
			one.glimpse, err = looker.Look(ctx, subject, since)
			return err
		})
		if concernsAll(one.err) {
			v.failure = one.err
			return
		}
		v.seen = append(v.seen, one)
	}
}

// some are the first of the logs.
func (v *visit) some(subjects []source.Subject) []source.Subject {
	if n := v.settings.Logs; n > 0 && n < len(subjects) {
		return subjects[:n]
	}
	return subjects
}

// concernsAll tells a failure that the other logs would meet, too.
func concernsAll(err error) bool {
	if err == nil {
		return false
	}
	kind := source.KindOf(err)
	return kind != source.Forbidden && kind != source.Gone
}

// list finds which logs there are: with one request at most, unless all are to be looked at.
func (v *visit) list(ctx context.Context, lister source.Lister) (subjects []source.Subject) {
	sampler, ok := lister.(source.Sampler)
	err := v.within(ctx, func(ctx context.Context) (err error) {
		if ok && v.settings.Logs > 0 {
			subjects, v.total, err = sampler.Sample(ctx)
			return err
		}
		subjects, err = lister.List(ctx)
		v.total = len(subjects)
		return err
	})
	var asked *source.Error
	var held *throttledError
	switch {
	case errors.As(err, &asked), errors.As(err, &held), errors.Is(err, errLate):
		v.failure = err
	default:
		v.unlisted = err
	}
	return subjects
}

// within bounds the time until each answer of what is done, and ends it when the API asks to wait.
func (v *visit) within(ctx context.Context, do func(context.Context) error) error {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	late := time.AfterFunc(v.settings.Timeout, func() { stop(errLate) })
	defer late.Stop()
	v.tap.lock(func() { v.tap.stop, v.tap.heard = stop, func() { late.Reset(v.settings.Timeout) } })
	err := do(ctx)
	if cause := context.Cause(ctx); err != nil && cause != nil {
		return v.held(cause)
	}
	return err
}

var errLate = errors.New("no answer in time")

// held says why nothing came in time: if it is because of the reserve, no request was sent.
func (v *visit) held(cause error) error {
	limit := v.limit()
	if !errors.Is(cause, errLate) || limit == nil || limit.Limit == 0 {
		return cause
	}
	if reserve := limit.Limit * float64(v.cfg.RateLimit.Reserve); limit.Remaining-1 < reserve {
		return &throttledError{fmt.Sprintf("the API has %g of %g requests left, which rate_limit::reserve keeps for others: who else uses it? Try again later",
			limit.Remaining, limit.Limit)}
	}
	return cause
}

// open opens the source, with the tap in its client.
func (v *visit) open(ctx context.Context, id component.ID) (*userlogreceiver.Source, error) {
	tapID := component.NewIDWithName(component.MustNewType("userlog"), "tap")
	extensions := host{tapID: v.tap}
	cfg := userlogreceiver.WithClient(v.cfg, func(http *confighttp.ClientConfig) {
		http.Middlewares = slices.Concat(http.Middlewares, []configmiddleware.Config{{ID: tapID}})
		if endpoint, err := url.Parse(http.Endpoint); err == nil {
			v.instance = endpoint.Host // as long as nothing better is known
		}
		if http.Auth.HasValue() {
			v.auth = &http.Auth.Get().AuthenticatorID
		}
	})
	if v.auth != nil {
		authenticator, err := v.settings.Authenticator(ctx, *v.auth)
		if err != nil {
			return nil, &source.Error{Kind: source.Unauthorized, Op: "auth", Err: err}
		}
		v.authenticator, extensions[*v.auth] = authenticator, authenticator
	}
	return userlogreceiver.Open(ctx, id, v.settings.BuildInfo, cfg, extensions)
}

// host has extensions and nothing else.
type host map[component.ID]component.Component

func (h host) GetExtensions() map[component.ID]component.Component { return h }
