package day

import (
	"time"

	"github.com/userlog/userlog-otel/internal/emulator/invent"
)

// secondFactor: after the password a code is asked for; one in eight is mistyped once.
func (s *scene) secondFactor() {
	if !s.who.mfa {
		s.login()
		return
	}
	s.guardian("gd_start_auth", "Second factor started")
	s.pause(4*time.Second, 12*time.Second)
	if invent.Chance(s.day.rng, 12) {
		s.guardian("gd_auth_failed", "Second factor failed: wrong code")
		s.pause(3*time.Second, 8*time.Second)
	}
	s.guardian("gd_auth_succeed", "Second factor succeeded")
	s.pause(300*time.Millisecond, 900*time.Millisecond)
	s.login()
}

// factorRejected: a push notification that the owner of the phone did not ask for.
func (s *scene) factorRejected() {
	s.guardian("gd_start_auth", "Second factor started")
	s.pause(5*time.Second, 15*time.Second)
	s.guardian("gd_auth_rejected", "Second factor rejected by the user")
}

// guardian emits an event of the service for second factors, which knows nothing of connections and clients' scopes.
func (s *scene) guardian(kind, description string) {
	e := s.base(kind, description)
	e.Connection, e.ConnectionID, e.Strategy, e.StrategyType = nil, nil, nil, nil
	factor := "totp"
	if kind == "gd_auth_rejected" {
		factor = "push-notification"
	}
	e.Details = object{
		"authenticator": object{"id": factor + "|dev_" + invent.Alphanumeric(s.day.rng, 16), "type": factor},
		"request": object{
			"ip": s.who.ip, "method": "POST", "path": "/api/" + factor + "/verify", "query": object{},
			"userAgent": s.device.agent, "body": object{"code": "******"},
			"auth": object{"strategy": "jwt", "subject": null(), "scopes": []string{"verify:authenticator"}},
		},
		"response": object{"statusCode": null(), "body": object{}},
	}
	s.emit(e)
}
