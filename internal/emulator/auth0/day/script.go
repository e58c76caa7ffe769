package day

import (
	"time"

	"github.com/userlog/userlog-otel/internal/emulator/invent"
)

// Script plays what is not left to chance, such as an attack: each method emits events, as the person at whose device
// the script is. What does not matter is invented.
type Script struct{ scene }

// Script begins at t, at home with the first user.
func (d *Day) Script(t time.Time) *Script {
	s := &Script{scene{day: d}}
	s.At(t)
	s.As(0)
	return s
}

// Person is a user of the tenant, at home.
type Person struct {
	// ID and Name are user_id and user_name in log events.
	ID, Name string
	// Address and Country are where the user is, the country as its ISO code.
	Address, Country string
	// Password means that the account is one with a password, and not another system's.
	Password bool
}

// Person is the n-th user, as in [Script.As].
func (d *Day) Person(n int) Person {
	p := d.people[n%len(d.people)]
	return Person{ID: p.id, Name: p.email, Address: p.ip, Country: p.place.CountryCode, Password: p.conn.kind == "database"}
}

// At moves the script to a time.
func (s *Script) At(t time.Time) { s.at = t.UTC().Truncate(time.Millisecond) }

// Wait lets time pass.
func (s *Script) Wait(d time.Duration) { s.at = s.at.Add(d) }

// As makes the n-th user go on, at home and with a new session. Users count from 0, and begin again after the last.
func (s *Script) As(n int) {
	who := *s.day.people[n%len(s.day.people)]
	s.who, s.device = &who, who.devices[0]
	s.app, s.path = s.day.apps[0], session{id: invent.Alphanumeric(s.day.rng, 32)}
}

// From moves the person to another address, in a country that the day knows, or in the same one if it is "".
func (s *Script) From(address, country string) {
	s.who.ip = address
	for _, p := range places() {
		if p.CountryCode == country {
			s.who.place = p
			return
		}
	}
}

// Events are all events so far, in the order of their arrival.
func (s *Script) Events() []Event { return sorted(s.events) }
