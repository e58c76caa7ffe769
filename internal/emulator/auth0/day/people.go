package day

import (
	"math/rand/v2"
	"strings"

	"github.com/userlog/userlog-otel/internal/emulator/invent"
)

// person is a user of the tenant.
type person struct {
	id       string
	name     string // given and family name
	email    string
	conn     connection
	place    place
	ip       string
	devices  []device
	mfa      bool
	logins   int // so far
	signedUp bool
}

// connection is where the user's account lies; name, strategy and strategy_type as in log events.
type connection struct {
	name, id, strategy, kind string
}

func connections(r *rand.Rand) (database, social, enterprise connection) {
	id := func() string { return "con_" + invent.Alphanumeric(r, 16) }
	return connection{"Username-Password-Authentication", id(), "auth0", "database"},
		connection{"google-oauth2", id(), "google-oauth2", "social"},
		connection{"example-staff", id(), "waad", "enterprise"}
}

// people invents n users: most with a password, every fifth through a social login, one in twelve through a company
// directory. The ids do not depend on n, so a tenant can grow.
func people(r *rand.Rand, seed uint64, n int) []*person {
	database, social, enterprise := connections(r)
	out := make([]*person, n)
	for i, someone := range invent.People(seed, n) {
		p := &person{
			name:  someone.Name,
			email: someone.Nickname + "@example.com",
			place: invent.Pick(r, places()),
			mfa:   invent.Chance(r, 40), logins: 1 + r.IntN(200),
			devices: devices(r),
		}
		switch {
		case i%12 == 7:
			p.conn = enterprise
			p.email = someone.Nickname + "@staff.example.com"
			p.id = "waad|" + enterprise.name + "|" + invent.Alphanumeric(r, 43)
		case i%5 == 3:
			p.conn = social
			p.id = "google-oauth2|1" + invent.Digits(r, 20)
		default:
			p.conn = database
			p.id = "auth0|6" + invent.Hex(r, 23)
		}
		if p.ip = invent.IPv4(r); invent.Chance(r, 20) {
			p.ip = invent.IPv6(r)
		}
		out[i] = p
	}
	return out
}

// identity is the part of the user id after the provider.
func (p *person) identity() string {
	_, id, _ := strings.Cut(p.id, "|")
	return id
}

// nickname is the part of the address before the @.
func (p *person) nickname() string {
	n, _, _ := strings.Cut(p.email, "@")
	return n
}
