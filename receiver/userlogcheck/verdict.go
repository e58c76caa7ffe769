package userlogcheck

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/userlog/userlog-otel/receiver/internal/source"
)

// Names of the checks, which are those of what may fail.
const (
	reachable   = "reachable"
	credentials = "credentials"
	rightsCheck = "rights"
	rateLimit   = "rate_limit"
	logsCheck   = "logs"
)

// placeOf is the check that a failure belongs to.
func placeOf(err error) string {
	var held *throttledError
	var asked *source.Error
	switch {
	case errors.As(err, &held):
		return rateLimit
	case !errors.As(err, &asked) || isNetwork(err):
		return reachable
	case asked.Kind == source.Unauthorized, strings.HasPrefix(asked.Op, "token request"):
		return credentials
	case asked.Kind == source.Forbidden:
		return rightsCheck
	case asked.Kind == source.Gone:
		return logsCheck
	}
	return reachable
}

// failed tells whether something of a place failed, and how.
func (v *visit) failed(place string) (string, bool) {
	if v.failure != nil && placeOf(v.failure) == place {
		return v.told(v.failure), true
	}
	var texts []string
	for i, one := range v.seen {
		if one.err == nil || placeOf(one.err) != place {
			continue
		}
		if text := explain(one.err); len(texts) == 0 {
			texts = append(texts, v.name(i)+": "+text)
		} else {
			texts = append(texts, v.name(i))
		}
	}
	switch {
	case len(texts) == 0:
		return "", false
	case len(texts) == 1:
		return texts[0], true
	case len(texts) == 2:
		return texts[0] + " (" + texts[1] + " too)", true
	}
	return fmt.Sprintf("%s (%d other logs too)", texts[0], len(texts)-1), true
}

// told explains a failure of all logs. An authenticator extension's own requests for a token do not go through the tap, and
// what they meet looks as if the API were to blame.
func (v *visit) told(err error) string {
	if v.authenticator == nil || v.tap.requests() > 0 || !isNetwork(err) && !errors.Is(err, errLate) {
		return explain(err)
	}
	var asked *source.Error
	if errors.As(err, &asked) {
		err = asked.Err
	}
	return "the request for a token of " + v.auth.String() + ": " + explain(err)
}

// unknown says that something could not be found out.
func unknown(name string) Check { return Check{name, Unknown, "not known, because of the failure"} }

// answered tells whether the API itself gave an answer.
func (v *visit) answered() (n int, took time.Duration) {
	v.tap.lock(func() { n, took = v.tap.answers, v.tap.took })
	return n, took
}

func (v *visit) reachable() Check {
	if text, bad := v.failed(reachable); bad {
		return Check{reachable, Fail, text}
	}
	n, took := v.answered()
	switch {
	case n == 0 && v.failure != nil:
		return unknown(reachable)
	case n == 0:
		return Check{reachable, Unknown, "nothing was asked: there is no log"}
	}
	return Check{reachable, OK, fmt.Sprintf("answers in %v; %s sent", round(took/time.Duration(n)), plural(v.tap.requests(), "request"))}
}

func (v *visit) credentials() Check {
	if text, bad := v.failed(credentials); bad {
		return Check{credentials, Fail, text}
	}
	if !v.admitted() {
		return unknown(credentials)
	}
	text := v.kind() + " is accepted"
	if token := v.token(); token != nil && token.Expires != nil {
		text += "; it ends in " + brief(time.Until(*token.Expires))
	}
	return Check{credentials, OK, text}
}

// admitted tells whether the API has shown that it knows the token: by an answer, or by refusing a right. That it does not
// know a user, another host would say, too.
func (v *visit) admitted() bool {
	_, refused := v.failed(rightsCheck)
	return refused || v.readable() > 0
}

// kind is what credentials are configured.
func (v *visit) kind() string {
	switch {
	case v.auth != nil:
		return "the token of " + v.auth.String()
	case v.cfg.Auth0 != nil && v.cfg.Auth0.ClientID != nil, v.cfg.KOBIL != nil && v.cfg.KOBIL.ClientID != nil:
		return "a token for client_id"
	}
	return "the token"
}

func (v *visit) rights() Check {
	scopes, told := v.scopes()
	if text, bad := v.failed(rightsCheck); bad {
		if told {
			text += "; the token has: " + listed(scopes)
		}
		return Check{rightsCheck, Fail, text}
	}
	switch readable := v.readable(); {
	case readable == 0:
		return unknown(rightsCheck)
	case told:
		return Check{rightsCheck, OK, "the logs may be read; scopes: " + listed(scopes)}
	}
	return Check{rightsCheck, OK, "the logs may be read; what else the token may do, it does not tell"}
}

func (v *visit) rateLimit() Check {
	if text, bad := v.failed(rateLimit); bad {
		return Check{rateLimit, Fail, text}
	}
	limit := v.limit()
	n, _ := v.answered()
	switch {
	case limit == nil && (v.failure != nil || n == 0):
		return unknown(rateLimit)
	case limit == nil:
		return Check{rateLimit, OK, "the API tells none"}
	case limit.Limit == 0:
		return Check{rateLimit, OK, fmt.Sprintf("%.0f units left", limit.Remaining)}
	}
	text := fmt.Sprintf("%g of %g requests left", limit.Remaining, limit.Limit)
	if limit.Resets != nil {
		text += fmt.Sprintf(", more in %s", brief(max(time.Until(*limit.Resets), time.Second)))
	}
	return Check{rateLimit, OK, text + fmt.Sprintf("; the reserve for others is %g %%", 100*float64(v.cfg.RateLimit.Reserve))}
}

func (v *visit) logs() Check {
	if v.unlisted != nil {
		return Check{logsCheck, Fail, explain(v.unlisted)}
	}
	if text, bad := v.failed(logsCheck); bad {
		if len(v.seen) > 1 && v.readable() == 0 {
			text += "; as this is true of all that were looked at: is endpoint right?"
		}
		return Check{logsCheck, Fail, text}
	}
	switch {
	case len(v.seen) == 0 && v.failure != nil:
		return unknown(logsCheck)
	case len(v.seen) == 0:
		return Check{logsCheck, Note, "there is none to read"}
	case v.cfg.Auth0 != nil && v.cfg.Auth0.Tenant:
		return Check{logsCheck, OK, "the log of the tenant was looked at"}
	case v.total < 0:
		return Check{logsCheck, OK, plural(len(v.seen), "log") + " looked at; how many there are, the API does not tell"}
	}
	return Check{logsCheck, OK, fmt.Sprintf("%d of %s looked at", len(v.seen), plural(v.total, "log"))}
}

// readable counts the logs that showed their newest page.
func (v *visit) readable() (n int) {
	for _, one := range v.seen {
		if one.err == nil {
			n++
		}
	}
	return n
}
