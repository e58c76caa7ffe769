package scenario

import (
	"time"

	kobilday "github.com/userlog/userlog-otel/internal/emulator/kobil/day"
)

// guesses is one more than the failed logins at which Auth0's brute-force protection blocks a user at an address unless
// told otherwise.
const guesses = 11

func passwords() []Scenario {
	return []Scenario{
		{"brute-force", "one account, one address, many passwords (Auth0, KOBIL)", bruteForce},
		{"distributed-brute-force", "one account, many addresses, a few passwords from each", distributedBruteForce},
		{"stuffing", "one address tries many accounts once each, with stolen passwords", stuffing},
		{"spraying", "one address tries the same three passwords on many accounts", spraying},
		{"enumeration", "one address asks which names have an account", enumeration},
		{"success-after-failures", "one account is guessed until the password is right (Auth0, KOBIL)", successAfterFailures},
		{"breached-password", "a user logs in with a password that is known from a breach", breachedPassword},
		{"blocked", "attack protection blocks an account, and an address", blocked},
	}
}

func bruteForce(s *stage) { s.guess(0) }

// guess guesses the passwords of a user of Auth0 and of one of KOBIL.
func (s *stage) guess(n int) {
	from := s.stranger()
	s.over(8*time.Minute, guesses, func(_ int, at time.Time) {
		s.as(n)
		s.tenant.From(from, "")
		s.tenant.WrongPassword()
		s.phone(n, at, kobilday.WrongPIN)
	})
	s.user(n, Actor{"client.address": from})
	s.owner(n)
}

func distributedBruteForce(s *stage) {
	from := s.strangers(6)
	s.over(8*time.Minute, 2*len(from), func(i int, _ time.Time) {
		s.as(1)
		s.tenant.From(from[i/2], "")
		s.tenant.WrongPassword()
	})
	s.user(1, nil)
}

// stuffing knows a few of the names, and most of them not.
func stuffing(s *stage) {
	from := s.stranger()
	s.over(8*time.Minute, 36, func(i int, _ time.Time) {
		s.as(i / 2)
		s.tenant.From(from, "")
		if i%2 == 0 {
			s.tenant.WrongPassword()
		} else {
			s.tenant.UnknownUser(s.name(i))
		}
	})
	s.address(from)
}

func spraying(s *stage) {
	const accounts, tries = 8, 3
	from := s.stranger()
	s.over(9*time.Minute, accounts*tries, func(i int, _ time.Time) {
		s.as(i % accounts)
		s.tenant.From(from, "")
		s.tenant.WrongPassword()
	})
	s.address(from)
}

func enumeration(s *stage) {
	from := s.stranger()
	s.over(8*time.Minute, 40, func(i int, _ time.Time) {
		s.tenant.From(from, "")
		s.tenant.UnknownUser(s.name(i))
	})
	s.address(from)
}

func successAfterFailures(s *stage) {
	s.guess(2)
	s.tenant.At(s.end.Add(-settle))
	s.tenant.Login()
	s.phone(2, s.end.Add(-settle), kobilday.Started)
}

func breachedPassword(s *stage) {
	s.as(3)
	s.tenant.LeakedPassword()
	s.user(3, nil)
}

func blocked(s *stage) {
	from := s.strangers(2)
	s.as(4)
	s.tenant.From(from[0], "")
	s.over(4*time.Minute, guesses-1, func(int, time.Time) { s.tenant.WrongPassword() })
	s.tenant.Wait(time.Second)
	s.tenant.BlockedAccount()
	s.user(4, Actor{"client.address": from[0]})

	s.tenant.From(from[1], "")
	s.over(2*time.Minute, 10, func(i int, _ time.Time) { s.tenant.UnknownUser(s.name(i)) })
	s.tenant.Wait(time.Second)
	s.tenant.BlockedAddress()
	s.address(from[1])
}
