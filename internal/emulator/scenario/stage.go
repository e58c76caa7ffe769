package scenario

import (
	"fmt"
	"hash/fnv"
	"maps"
	"math/rand/v2"
	"time"

	auth0day "github.com/userlog/userlog-otel/internal/emulator/auth0/day"
	"github.com/userlog/userlog-otel/internal/emulator/invent"
	kobilday "github.com/userlog/userlog-otel/internal/emulator/kobil/day"
)

// settle is how long before the end the last events happen: an Auth0 event can be read 5.4 s after it happened at the
// latest, and the last scene of a scenario takes some seconds.
const settle = 20 * time.Second

// stage is where a scenario is played.
type stage struct {
	end    time.Time
	rng    *rand.Rand
	users  int
	people *auth0day.Day
	tenant *auth0day.Script
	phones *kobilday.Day

	kobil  []kobilday.Event
	actors []Actor
}

// newStage makes the stage of the scenario of this name. Its part of the tenant's day follows from the name and the end,
// so that no two plays give the same log_id; the addresses follow from the name alone.
func newStage(name string, o Options) *stage {
	h := fnv.New64a()
	h.Write([]byte(name))
	addresses := h.Sum64()
	h.Write([]byte(o.End.UTC().Format(time.RFC3339Nano)))
	people := auth0day.New(auth0day.Options{Seed: o.Seed, Users: o.Users, Part: h.Sum64()})
	return &stage{
		end:    o.End,
		rng:    rand.New(rand.NewPCG(o.Seed, addresses)),
		users:  o.Users,
		people: people,
		tenant: people.Script(o.End.Add(-settle)),
		phones: kobilday.New(kobilday.Options{Seed: o.Seed, Users: o.Users}),
	}
}

// over calls f n times, with times that lie evenly over the last d before the end; the tenant's script is there already.
func (s *stage) over(d time.Duration, n int, f func(i int, at time.Time)) {
	for i := range n {
		at := s.end.Add(-d + time.Duration(i)*(d-settle)/time.Duration(n))
		s.tenant.At(at)
		f(i, at)
	}
}

// member is the number of the i-th user of Auth0 who has a password, counted from 0.
func (s *stage) member(i int) int {
	for n := 0; ; n++ {
		if !s.people.Person(n).Password {
			continue
		}
		if i == 0 {
			return n
		}
		i--
	}
}

// as lets the i-th user who has a password go on, at home.
func (s *stage) as(i int) { s.tenant.As(s.member(i)) }

// phone adds what the n-th user's device does in KOBIL.
func (s *stage) phone(n int, at time.Time, action string) {
	s.kobil = append(s.kobil, s.phones.Event(at, n, action, ""))
}

// stranger is an address where none of the people is.
func (s *stage) stranger() string {
	for {
		address, home := invent.IPv4(s.rng), false
		for n := range s.users {
			home = home || s.people.Person(n).Address == address
		}
		if !home {
			return address
		}
	}
}

// strangers are so many addresses of strangers, no two the same.
func (s *stage) strangers(n int) []string {
	seen := map[string]bool{}
	var out []string
	for len(out) < n {
		if address := s.stranger(); !seen[address] {
			seen[address] = true
			out = append(out, address)
		}
	}
	return out
}

// name is a name that nobody has.
func (s *stage) name(i int) string { return fmt.Sprintf("guest%03d@example.com", i) }

// user adds the i-th user of Auth0 who has a password to the actors, with more attributes.
func (s *stage) user(i int, more Actor) {
	p := s.people.Person(s.member(i))
	a := Actor{"service.name": "auth0", "user.id": p.ID, "user.name": p.Name}
	maps.Copy(a, more)
	s.actors = append(s.actors, a)
}

// owner adds the n-th user of KOBIL to the actors.
func (s *stage) owner(n int) {
	s.actors = append(s.actors, Actor{"service.name": "kobil", "user.id": s.phones.Users()[n%s.users]})
}

// address adds an address to the actors.
func (s *stage) address(ip string) {
	s.actors = append(s.actors, Actor{"service.name": "auth0", "client.address": ip})
}
