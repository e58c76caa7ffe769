package day

import (
	"time"

	"github.com/userlog/userlog-otel/internal/emulator/invent"
)

// Login is a password that is right, and the token for it.
func (s *Script) Login() { s.login() }

// WrongPassword is a password that is not.
func (s *Script) WrongPassword() { s.wrongPassword() }

// UnknownUser is a login with a name that nobody has.
func (s *Script) UnknownUser(name string) {
	e := s.base("fu", "Wrong email or password.").anonymous()
	e.UserName, e.Details = name, object{"error": object{"message": "Wrong email or password."}}
	s.emit(e)
}

// NoSession is an application that asks in the background for a session that there is not, as every page of a visitor
// who is not logged in does. It names nobody.
func (s *Script) NoSession() {
	e := s.base("fsa", "Login required").anonymous()
	e.Details = object{"error": object{"message": "Login required", "oauthError": "login_required", "type": "oauth-authorization"}}
	s.emit(e)
}

// LeakedPassword is a password that is known from a breach elsewhere.
func (s *Script) LeakedPassword() { s.leakedPassword() }

// BlockedAccount is what protection says when it blocks a user at this address.
func (s *Script) BlockedAccount() { s.accountClosed() }

// BlockedAddress is what protection says when it blocks this address for everybody.
func (s *Script) BlockedAddress() { s.addressClosed(s.who.ip) }

// Factor is an event of the service for second factors, with this type and description.
func (s *Script) Factor(kind, description string) { s.guardian(kind, description) }

// ReusedToken is a refresh token that was used before and must not be used again (the description is that of Auth0's
// detection refresh_token_reuse).
func (s *Script) ReusedToken() {
	s.exchange("ferrt", "Unsuccessful Refresh Token exchange, reused refresh token detected", object{"familyId": invent.Hex(s.day.rng, 32)})
}

// SignUp is a new account of this name, and nobody's yet.
func (s *Script) SignUp(name string) { s.newAccount("ss", "", name) }

// RefusedSignUp is one that is refused.
func (s *Script) RefusedSignUp(name string) { s.newAccount("fs", "The user already exists.", name) }

func (s *Script) newAccount(kind, description, name string) {
	e := s.base(kind, description).anonymous()
	e.UserName = name
	e.Details = object{"body": object{"client_id": s.app.id, "connection": s.who.conn.name, "email": name, "password": "*****", "tenant": tenantName}}
	s.emit(e)
}

// Setting is a change that the person makes to the tenant through the Management API, which answers with body.
func (s *Script) Setting(description, path string, body any) {
	s.byHand(operation{description, "patch", path, 200, body}, invent.Hex(s.day.rng, 32))
}

// Throttled is a refused request of an application to the Management API; it returns the application's client_id.
func (s *Script) Throttled() (clientID string) {
	s.app = s.day.machine[1]
	s.emit(s.machineEvent("api_limit", "You passed the rate limit of the Management API: 429"))
	return s.app.id
}

// Pushed is a notification on the person's phone, which is refused 2 s later.
func (s *Script) Pushed() {
	s.guardian("gd_send_pn", "Guardian - Second factor notification sent")
	s.Wait(2 * time.Second)
	s.guardian("gd_auth_rejected", "Second factor rejected by the user")
}
