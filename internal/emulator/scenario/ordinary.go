package scenario

import "time"

// Ordinary is the name of the scenario in which nobody is attacked.
const Ordinary = "ordinary"

func ordinary() []Scenario {
	return []Scenario{{Ordinary, "what looks like an attack and is none: an office, a traveller, a bad memory", func(s *stage) {
		s.traveller()
		s.office()
		s.forgetful()
		s.operator()
	}}}
}

// traveller is at home in the morning and in another country after a flight of 8 hours.
func (s *stage) traveller() {
	const n = 11
	s.as(n)
	s.tenant.At(s.end.Add(-8*time.Hour - 20*time.Minute))
	s.tenant.Login()
	s.tenant.At(s.end.Add(-8 * time.Minute))
	s.tenant.From(s.stranger(), s.abroad(n))
	s.tenant.Login()
}

// office is thirty people behind one address who come to work: every third mistypes twice, two of them also the code,
// all get in. Browsers ask in the background for sessions that are not there yet.
func (s *stage) office() {
	from := s.stranger()
	s.over(9*time.Minute, 30, func(i int, _ time.Time) {
		s.tenant.NoSession()
		s.as(i)
		s.tenant.From(from, "")
		s.tenant.NoSession()
		if i%3 == 0 {
			s.tenant.WrongPassword()
			s.tenant.Wait(time.Second)
			s.tenant.WrongPassword()
			s.tenant.Wait(time.Second)
		}
		if i%5 == 0 {
			s.tenant.Factor("gd_send_sms", "Guardian - Second factor sms sent")
			s.tenant.Wait(time.Second)
			s.tenant.Factor("gd_auth_failed", "Second factor failed: wrong code")
			s.tenant.Wait(time.Second)
			s.tenant.Factor("gd_auth_succeed", "Second factor succeeded")
		}
		s.tenant.Login()
	})
	s.over(9*time.Minute, 5, func(i int, _ time.Time) { s.tenant.SignUp(s.name(i)) })
}

// forgetful mistypes three times, does not hear the phone twice, and has an application that uses a token twice.
func (s *stage) forgetful() {
	s.as(12)
	s.over(5*time.Minute, 3, func(int, time.Time) { s.tenant.WrongPassword() })
	s.over(2*time.Minute, 2, func(int, time.Time) { s.tenant.Pushed() })
	s.tenant.Factor("gd_send_pn", "Guardian - Second factor notification sent")
	s.tenant.Wait(3 * time.Second)
	s.tenant.Factor("gd_auth_succeed", "Second factor succeeded")
	s.tenant.Login()
	s.tenant.ReusedToken()
}

// operator strengthens protection, with an application that is throttled now and then.
func (s *stage) operator() {
	s.as(10)
	s.over(9*time.Minute, 3, func(int, time.Time) { s.tenant.Throttled() })
	s.as(10)
	s.tenant.Setting("Update Brute-force settings", "/api/v2/attack-protection/brute-force-protection",
		object{"enabled": true, "shields": []string{"block", "user_notification"}, "mode": "count_per_identifier_and_ip", "max_attempts": 5})
	s.tenant.Wait(2 * time.Second)
	s.tenant.Setting("Update multi-factor authentication policies", "/api/v2/guardian/policies", []string{"all-applications"})
}
