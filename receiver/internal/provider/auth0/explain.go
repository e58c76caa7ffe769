package auth0

import (
	"errors"
	"fmt"

	"github.com/userlog/userlog-otel/receiver/internal/source"
)

// cures are what to do about the failures of a request.
type cures struct{ forbidden, gone string }

// curesOf finds those of a request; false for one that tells its own, such as the request for a token.
func curesOf(op string) (cures, bool) {
	switch op {
	case userLogs:
		return cures{
			forbidden: "grant the application the scopes read:logs and read:logs_users",
			gone:      "does the user exist in this tenant?",
		}, true
	case tenantLogs, tenantLog:
		return cures{
			forbidden: "grant the application the scope read:logs",
			gone:      "is the endpoint the tenant's, without a path?",
		}, true
	}
	return cures{}, false
}

// explain adds the cure where the user has one.
func explain(err error) error {
	var e *source.Error
	if !errors.As(err, &e) {
		return err
	}
	known, ok := curesOf(e.Op)
	if !ok {
		return err
	}
	explained := *e
	cure := ""
	switch e.Kind {
	case source.Unauthorized:
		cure = "is the token expired, or made for another tenant or audience?"
	case source.Forbidden:
		cure = known.forbidden
	case source.Gone:
		cure = known.gone
		if e.Op != userLogs {
			explained.Kind = source.Transient // a tenant has its log; what answers so is in between, or the wrong host
		}
	case source.Transient, source.Unreadable, source.BadCursor:
		return err
	}
	explained.Err = fmt.Errorf("%w: %s", e.Err, cure)
	return &explained
}
