package scenario

import "time"

func accounts() []Scenario {
	return []Scenario{
		{"two-countries", "a user logs in at home and, minutes later, in another country", twoCountries},
		{"token-reuse", "a refresh token that was used before is used again and again", tokenReuse},
		{"signup-fraud", "one address makes many accounts", signUpFraud},
	}
}

func twoCountries(s *stage) {
	const n = 8
	s.as(n)
	s.tenant.At(s.end.Add(-9 * time.Minute))
	s.tenant.Login()
	s.tenant.At(s.end.Add(-settle))
	s.tenant.From(s.stranger(), s.abroad(n))
	s.tenant.Login()
	s.user(n, nil)
}

// abroad is a country where the i-th user who has a password does not live.
func (s *stage) abroad(i int) string {
	if s.people.Person(s.member(i)).Country == "BR" {
		return "JP"
	}
	return "BR"
}

func tokenReuse(s *stage) {
	s.as(9)
	s.over(8*time.Minute, 6, func(int, time.Time) { s.tenant.ReusedToken() })
	s.user(9, nil)
}

func signUpFraud(s *stage) {
	from := s.stranger()
	s.over(9*time.Minute, 30, func(i int, _ time.Time) {
		s.tenant.From(from, "")
		if i%4 == 3 {
			s.tenant.RefusedSignUp(s.name(i))
		} else {
			s.tenant.SignUp(s.name(i))
		}
	})
	s.address(from)
}
