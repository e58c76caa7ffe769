package day

import (
	"time"

	"github.com/userlog/userlog-otel/internal/emulator/invent"
)

// signUp: a new account and the confirmed address; each user with a password does it once.
func (s *scene) signUp() {
	if s.who.signedUp || s.who.conn.kind != "database" {
		s.login()
		return
	}
	s.who.signedUp = true
	s.who.logins = 0
	e := s.base("ss", "")
	e.Details = object{"body": object{
		"client_id": s.app.id, "connection": s.who.conn.name, "email": s.who.email, "name": s.who.name,
		"nickname": s.who.nickname(), "password": "*****", "tenant": tenantName, "user_metadata": object{},
	}}
	s.emit(e)
	s.pause(6*time.Second, 12*time.Second)
	e = s.base("sv", "The email address was verified.")
	e.Details = object{
		"email": s.who.email,
		"query": object{"email": s.who.email, "user_id": s.who.id, "includeEmailInRedirect": false},
		"title": "Email verified",
	}
	s.emit(e)
}

// passwordChange: the mail is asked for, then the new password set.
func (s *scene) passwordChange() {
	if s.who.conn.kind != "database" {
		s.login()
		return
	}
	e := s.base("scpr", "")
	e.Details = object{"body": object{"client_id": s.app.id, "connection": s.who.conn.name, "email": s.who.email, "tenant": tenantName}}
	s.emit(e)
	s.pause(8*time.Second, 14*time.Second)
	e = s.base("scp", "The password was changed.")
	e.Details = object{
		"body":  object{"newPassword": "*****", "ticket": invent.Alphanumeric(s.day.rng, 32)},
		"query": object{"connection": s.who.conn.name, "email": s.who.email, "user_id": s.who.id},
		"title": "Change password",
	}
	s.emit(e)
}
