package scenario

import (
	"time"

	kobilday "github.com/userlog/userlog-otel/internal/emulator/kobil/day"
)

func factors() []Scenario {
	return []Scenario{
		{"mfa-fatigue", "a user's phone is flooded with requests, and all are refused", fatigue},
		{"mfa-fatigue-succeeded", "a user's phone is flooded with requests until one is allowed", fatigueSucceeded},
		{"otp-guessing", "somebody who has the password guesses the code (Auth0, KOBIL)", otpGuessing},
		{"sms-pumping", "one address has codes sent to many phones, at the tenant's cost", smsPumping},
	}
}

func fatigue(s *stage) { s.flood(5) }

// flood asks the phone of a user again and again.
func (s *stage) flood(n int) {
	from := s.stranger()
	s.as(n)
	s.tenant.From(from, "")
	s.over(8*time.Minute, 8, func(int, time.Time) { s.tenant.Pushed() })
	s.user(n, Actor{"client.address": from})
}

func fatigueSucceeded(s *stage) {
	s.flood(6)
	s.tenant.At(s.end.Add(-settle))
	s.tenant.Factor("gd_auth_succeed", "Second factor succeeded")
	s.tenant.Login()
}

func otpGuessing(s *stage) {
	const n = 7
	from := s.stranger()
	s.as(n)
	s.tenant.From(from, "")
	s.over(4*time.Minute, 8, func(_ int, at time.Time) {
		s.tenant.Factor("gd_auth_failed", "Second factor failed: wrong code")
		s.phone(n, at, kobilday.WrongCode)
	})
	s.tenant.Wait(time.Second)
	s.tenant.Factor("gd_otp_rate_limit_exceed", "Too many failed second factors")
	s.user(n, Actor{"client.address": from})
	s.owner(n)
}

func smsPumping(s *stage) {
	from := s.stranger()
	s.over(9*time.Minute, 30, func(i int, _ time.Time) {
		s.as(i)
		s.tenant.From(from, "")
		s.tenant.Factor("gd_send_sms", "Guardian - Second factor sms sent")
	})
	s.address(from)
}
