package day

import (
	"fmt"
	"math/rand/v2"
	"strings"
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
	id := func() string { return "con_" + alphanumeric(r, 16) }
	return connection{"Username-Password-Authentication", id(), "auth0", "database"},
		connection{"google-oauth2", id(), "google-oauth2", "social"},
		connection{"example-staff", id(), "waad", "enterprise"}
}

func givenNames() []string {
	return []string{
		"Ada", "Bela", "Chiara", "Dmitri", "Emeka", "Freya", "Goran", "Hana", "Imani", "Jonas",
		"Keiko", "Lucía", "Mette", "Nuri", "Oluwa", "Pavel", "Quynh", "Rosa", "Søren", "Tala",
	}
}

func familyNames() []string {
	return []string{
		"Adler", "Bianchi", "Castro", "Dubois", "Eriksen", "Fischer", "Garcia", "Haddad", "Ito", "Jansen",
		"Kowalska", "Lindqvist", "Moreau", "Novak", "Okafor", "Petrov", "Quist", "Rossi", "Silva", "Tanaka",
	}
}

// people invents n users: most with a password, every fifth through a social login, one in twelve through a company
// directory. The ids do not depend on n, so a tenant can grow.
func people(r *rand.Rand, n int) []*person {
	database, social, enterprise := connections(r)
	given, family := givenNames(), familyNames()
	out := make([]*person, n)
	for i := range out {
		g, f := given[i%len(given)], pick(r, family)
		p := &person{
			name:  g + " " + f,
			email: fmt.Sprintf("%s.%s%d@example.com", ascii(g), ascii(f), i+1),
			place: pick(r, places()),
			mfa:   chance(r, 40), logins: 1 + r.IntN(200),
			devices: devices(r),
		}
		switch {
		case i%12 == 7:
			p.conn = enterprise
			p.email = fmt.Sprintf("%s.%s%d@staff.example.com", ascii(g), ascii(f), i+1)
			p.id = "waad|" + enterprise.name + "|" + alphanumeric(r, 43)
		case i%5 == 3:
			p.conn = social
			p.id = "google-oauth2|1" + digits(r, 20)
		default:
			p.conn = database
			p.id = "auth0|6" + hex(r, 23)
		}
		if p.ip = ipv4(r); chance(r, 20) {
			p.ip = ipv6(r)
		}
		out[i] = p
	}
	return out
}

// ascii is the name as it stands in a mail address.
func ascii(name string) string {
	return strings.ToLower(strings.NewReplacer("í", "i", "ø", "o").Replace(name))
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
