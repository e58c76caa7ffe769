package canvas

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/userlog/userlog-otel/receiver/internal/source"
)

// The answers about rights and tokens are those of canvas-lms (lib/authentication_methods.rb,
// app/controllers/application_controller.rb).
const (
	noRight = `{"status":"unauthorized","errors":[{"message":"user not authorized to perform that action"}]}`
	noScope = `{"errors":[{"message":"Insufficient scopes on access token."}]}`
	unknown = `{"errors":[{"message":"The specified resource does not exist."}]}`
)

func TestARefusalNamesItsCure(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		log    source.Subject
		status int
		body   string
		want   string
	}{
		"a sub-account": {
			"accounts/1", 404, unknown,
			"GET /api/v1/audit/authentication/accounts/{id}: the API answered 404 Not Found: " +
				"only root accounts have this log: is it a sub-account, or deleted? Use the id of its root account, or self",
		},
		"a user who is gone": {
			"users/3", 404, unknown,
			"GET /api/v1/audit/authentication/users/{id}: the API answered 404 Not Found: " +
				"does the user exist? Canvas answers so for a deleted one, also about the past",
		},
		"a login that is gone": {
			"logins/5", 404, unknown,
			"GET /api/v1/audit/authentication/logins/{id}: the API answered 404 Not Found: " +
				"does the login exist? Canvas answers so for a deleted one, also about the past. " +
				"Old installations call logins pseudonyms: try logins_path",
		},
		"an account without the right": {
			"accounts/1", 401, noRight,
			"GET /api/v1/audit/authentication/accounts/{id}: the API answered 401 Unauthorized: the token's user needs " +
				`"View statistics" or "Manage login details" in this root account, not in a sub-account`,
		},
		"an account without the right, newer": {
			"accounts/self", 403, noRight,
			"GET /api/v1/audit/authentication/accounts/{id}: the API answered 403 Forbidden: the token's user needs " +
				`"View statistics" or "Manage login details" in this root account, not in a sub-account`,
		},
		"a user of an account without the right": {
			"users/3", 403, noRight,
			"GET /api/v1/audit/authentication/users/{id}: the API answered 403 Forbidden: the token's user needs " +
				`"View statistics" or "Manage login details" in the root account of each of the user's logins: ` +
				"with some of them, only their events come, and a user without a login is shown to site admins only",
		},
		"a login of an account without the right": {
			"logins/5", 403, noRight,
			"GET /api/v1/audit/authentication/logins/{id}: the API answered 403 Forbidden: the token's user needs " +
				`"View statistics" or "Manage login details" in the root account of the login`,
		},
		"an account beyond the token's scopes": {
			"accounts/1", 401, noScope,
			"GET /api/v1/audit/authentication/accounts/{id}: the API answered 401 Unauthorized: the token's developer key " +
				"enforces scopes: add url:GET|/api/v1/audit/authentication/accounts/:account_id to the key, and make a new token",
		},
		"a login beyond the token's scopes": {
			"logins/5", 403, noScope,
			"GET /api/v1/audit/authentication/logins/{id}: the API answered 403 Forbidden: the token's developer key " +
				"enforces scopes: add url:GET|/api/v1/audit/authentication/logins/:login_id to the key, and make a new token",
		},
		"a token that is not known": {
			"users/3", 401, `{"errors":[{"message":"Invalid access token."}]}`,
			"GET /api/v1/audit/authentication/users/{id}: the API answered 401 Unauthorized: " +
				"is the token expired or deleted, or that of a user without a login at this host?",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			assert.EqualError(t, failureOf(t, answering(c.status, nil, c.body), c.log), c.want)
		})
	}
}

// Which of the two a 401 is about decides whether the other logs go on.
func TestATokenThatIsRefusedStopsAllLogsAndAMissingRightOnlyItsOwn(t *testing.T) {
	t.Parallel()
	asks := http.Header{"Www-Authenticate": {`Bearer realm="canvas-lms"`}}
	for name, c := range map[string]struct {
		status int
		header http.Header
		body   string
		want   source.Kind
	}{
		"no right":                             {401, nil, noRight, source.Forbidden},
		"no right, newer":                      {403, nil, noRight, source.Forbidden},
		"no right, behind what asks for more":  {401, asks, noRight, source.Forbidden},
		"no right, in the user's language":     {401, nil, `{"status":"no autorizado","errors":[]}`, source.Forbidden},
		"no right, without a word":             {403, nil, ``, source.Forbidden},
		"no scope":                             {401, nil, noScope, source.Forbidden},
		"no scope, beside another error":       {401, nil, `{"errors":[{},7,{"message":"Insufficient scopes on access token."}]}`, source.Forbidden},
		"a scope in another place":             {401, nil, `{"message":"Insufficient scopes on access token."}`, source.Unauthorized},
		"no token":                             {401, asks, `{"status":"unauthenticated","errors":[]}`, source.Unauthorized},
		"no token, through a proxy":            {401, nil, `{"status":"unauthenticated","errors":[]}`, source.Unauthorized},
		"no token, in the language of the API": {401, asks, `{"status":"no autenticado","errors":[]}`, source.Unauthorized},
		"an expired token":                     {401, asks, `{"errors":[{"message":"Expired access token."}]}`, source.Unauthorized},
		"an expired token, through a proxy":    {401, nil, `{"errors":[{"message":"Expired access token."}]}`, source.Unauthorized},
		"not JSON":                             {401, nil, `<html>`, source.Unauthorized},
		"nothing":                              {401, nil, ``, source.Unauthorized},
		"a status that is no text":             {401, nil, `{"status":{"unauthorized":true}}`, source.Unauthorized},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			err := failureOf(t, answering(c.status, c.header, c.body), "accounts/1")
			require.Error(t, err)
			assert.Equal(t, c.want, source.KindOf(err), err)
			assert.NotContains(t, err.Error(), "autorizado")
		})
	}
}
