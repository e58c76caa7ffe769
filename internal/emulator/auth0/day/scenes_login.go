package day

import (
	"time"

	"github.com/userlog/userlog-otel/internal/emulator/invent"
)

// login: the page, the password, the code, the token.
func (s *scene) login() {
	if invent.Chance(s.day.rng, 30) {
		s.path.trace = invent.Hex(s.day.rng, 32)
	}
	s.success()
	s.pause(150*time.Millisecond, 1200*time.Millisecond)
	s.exchange("seacft", "Authorization Code for Access Token", object{"code": "*************" + invent.Alphanumeric(s.day.rng, 3)})
}

// success emits the event of a login that worked.
func (s *scene) success() {
	s.who.logins++
	spent := int64(2000 + s.day.rng.IntN(20000))
	began := milliseconds(s.at) - spent
	e := s.base("s", "Successful login")
	e.Details = object{
		"prompts": []object{
			{
				"name": "prompt-authenticate", "initiatedAt": null(), "completedAt": milliseconds(s.at) - 40,
				"connection": s.who.conn.name, "connection_id": s.who.conn.id, "strategy": s.who.conn.strategy,
				"identity": s.who.identity(), "stats": object{"loginsCount": s.who.logins}, "elapsedTime": null(),
			},
			{
				"name": "login", "flow": "universal-login", "initiatedAt": began, "completedAt": milliseconds(s.at) - 20,
				"user_id": s.who.id, "user_name": s.who.email, "timers": object{"rules": s.day.rng.IntN(300)},
				"elapsedTime": spent - 20,
			},
		},
		"initiatedAt": began, "completedAt": milliseconds(s.at), "elapsedTime": spent,
		"session_id": s.path.id, "stats": object{"loginsCount": s.who.logins},
	}
	s.emit(e)
}

// exchange emits the event of a token given out.
func (s *scene) exchange(kind, description string, details object) {
	e := s.base(kind, description)
	e.Audience, e.Scope, e.Details = s.app.audience, s.app.scope, details
	s.emit(e)
}

// silent: the application asks in the background whether the session still lives; often it fetches a token with it.
func (s *scene) silent() {
	e := s.base("ssa", "Successful silent authentication")
	e.Audience, e.Scope = s.app.audience, s.app.scope
	e.Details = object{"session_id": s.path.id, "prompt": "none", "stats": object{"loginsCount": s.who.logins}}
	e.Client = object{"name": "auth0-spa-js", "version": "2.1.3", "env": object{"browser": "web"}}
	s.emit(e)
}

// refresh: a token is renewed without a person at the keys.
func (s *scene) refresh() {
	s.exchange("sertft", "Refresh Token for Access Token", object{
		"familyId": invent.Hex(s.day.rng, 32), "rotation": "rotating", "grantInfo": object{"id": "6" + invent.Hex(s.day.rng, 23)},
	})
}

// mistyped: a wrong password once or thrice, then the right one.
func (s *scene) mistyped() {
	times := 1
	if invent.Chance(s.day.rng, 25) {
		times = 3
	}
	for range times {
		s.wrongPassword()
		s.pause(2*time.Second, 7*time.Second)
	}
	s.login()
}

func (s *scene) wrongPassword() {
	e := s.base("fp", "Wrong email or password.")
	e.Details = object{"error": object{"message": "Wrong email or password."}}
	s.emit(e)
}

// unknownUser: somebody tries an address that has no account; the entry names no user_id.
func (s *scene) unknownUser() {
	e := s.base("fu", "Wrong email or password.").anonymous()
	e.UserName = "visitor" + invent.Digits(s.day.rng, 3) + "@example.com"
	e.IP = invent.IPv4(s.day.rng)
	e.Details = object{"error": object{"message": "Wrong email or password."}}
	s.emit(e)
}

func (s *scene) logout() {
	e := s.base("slo", "User successfully logged out")
	e.Details = object{
		"allowed_logout_url": []string{"https://www.example.com/"}, "return_to": "https://www.example.com/",
		"session_id": s.path.id,
	}
	s.emit(e)
}
