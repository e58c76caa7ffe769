package canvas

import (
	"net/http"
	"strings"

	"github.com/userlog/userlog-otel/receiver/internal/jsonview"
	"github.com/userlog/userlog-otel/receiver/internal/rest"
	"github.com/userlog/userlog-otel/receiver/internal/source"
)

// refusalOf says what Canvas means by refusing the log. Both a token that is refused and a right that is missing are
// answered with 401 (canvas-lms, lib/authentication_methods.rb; in recent versions 403 for the right): the first stops all
// logs, the second this one.
func refusalOf(s source.Subject) rest.Refusal {
	kind, _ := parts(s)
	return func(status int, header http.Header, body []byte) (source.Kind, string, bool) {
		switch status {
		case http.StatusNotFound:
			return source.Gone, notFound(kind), true
		case http.StatusUnauthorized, http.StatusForbidden:
			doc, _ := jsonview.Parse(body) // one that cannot be read says nothing
			switch {
			case lacksScope(doc):
				return source.Forbidden, needsScope(kind), true
			case status == http.StatusForbidden || lacksRight(doc, header):
				return source.Forbidden, needsRight(kind), true
			}
			return source.Unauthorized, mayBeExpired, true
		}
		return 0, "", false
	}
}

// mayBeExpired is of a token that is refused. Canvas also refuses that of a user who has no login in the root account that
// the host belongs to (canvas-lms, lib/authentication_methods.rb, load_pseudonym_from_access_token).
const mayBeExpired = "is the token expired or deleted, or that of a user without a login at this host?"

// lacksRight tells a 401 about a right from one about the token. Its status is "unauthorized", in the language of the
// token's user; one about the token asks for another one in WWW-Authenticate, or says that there was none
// (canvas-lms, lib/authentication_methods.rb, render_json_unauthorized).
func lacksRight(doc jsonview.Value, header http.Header) bool {
	switch doc.Get("status").Text() {
	case "unauthorized":
		return true
	case "", "unauthenticated":
		return false
	}
	return header.Get("WWW-Authenticate") == ""
}

// needsRight says where one of the two rights is needed (canvas-lms, app/controllers/authentication_audit_api_controller.rb:
// account_visible). A login and its events belong to a root account.
func needsRight(kind string) string {
	const needs = `the token's user needs "View statistics" or "Manage login details" in `
	switch kind {
	case kindAccounts:
		return needs + "this root account, not in a sub-account"
	case kindLogins:
		return needs + "the root account of the login"
	}
	return needs + "the root account of each of the user's logins: with some of them, only their events come, " +
		"and a user without a login is shown to site admins only"
}

// lacksScope tells a token that is good for other requests only. The text is not translated (canvas-lms,
// app/controllers/application_controller.rb, AccessTokenScopeError), and there is nothing else to know it by.
func lacksScope(doc jsonview.Value) bool {
	for e := range doc.Get("errors").Elements() {
		if e.Get("message").Text() == "Insufficient scopes on access token." {
			return true
		}
	}
	return false
}

// needsScope names the scope as Canvas does: by method and route.
func needsScope(kind string) string {
	return "the token's developer key enforces scopes: add url:GET|" + logsPath + kind + "/:" + strings.TrimSuffix(kind, "s") +
		"_id to the key, and make a new token"
}

func notFound(kind string) string {
	switch kind {
	case kindAccounts:
		return "only root accounts have this log: is it a sub-account, or deleted? Use the id of its root account, or self"
	case kindLogins:
		return "does the login exist? Canvas answers so for a deleted one, also about the past. " +
			"Old installations call logins pseudonyms: try logins_path"
	}
	return "does the user exist? Canvas answers so for a deleted one, also about the past"
}
