package day

import (
	"time"

	"github.com/userlog/userlog-otel/internal/emulator/invent"
)

// blockedAccount: wrong passwords from a strange address until brute-force protection closes it for this user.
func (s *scene) blockedAccount() {
	home := *s.who
	defer func() { s.who.ip, s.who.place = home.ip, home.place }()
	s.who.ip, s.who.place = invent.IPv4(s.day.rng), invent.Pick(s.day.rng, places())
	for range 4 {
		s.wrongPassword()
		s.pause(300*time.Millisecond, 1500*time.Millisecond)
	}
	s.accountClosed()
}

// accountClosed: brute-force protection blocks the user at this address.
func (s *scene) accountClosed() {
	e := s.base("limit_wc", "Too many failed logins of user "+s.who.email+": blocked from this IP address.")
	e.Details = object{"error": object{"message": "Account blocked"}}
	s.emit(e)
}

// blockedAddress: many accounts tried from one address until it is closed; the entries name no user.
func (s *scene) blockedAddress() {
	ip := invent.IPv4(s.day.rng)
	for range 5 {
		e := s.base("fu", "Wrong email or password.").anonymous()
		e.IP, e.UserName = ip, "user"+invent.Digits(s.day.rng, 5)+"@example.com"
		e.Details = object{"error": object{"message": "Wrong email or password."}}
		s.emit(e)
		s.pause(100*time.Millisecond, 700*time.Millisecond)
	}
	s.addressClosed(ip)
}

// addressClosed: suspicious IP throttling blocks the address.
func (s *scene) addressClosed(ip string) {
	e := s.base("limit_mu", "Too many failed logins from "+ip+": the address is blocked.").anonymous()
	e.IP, e.Connection, e.ConnectionID = ip, nil, nil
	s.emit(e)
}

// leakedPassword: the right password, but it is known from a breach elsewhere.
func (s *scene) leakedPassword() {
	if s.who.conn.kind != "database" {
		s.login()
		return
	}
	e := s.base("pwd_leak", "The password of this user is known from a breach.")
	e.Details = object{"source": "breach list", "action": "notified"}
	s.emit(e)
}
