package invent

import (
	"math/rand/v2"
	"strconv"
	"strings"
)

// Person has an account in every emulated cloud.
type Person struct {
	// Name is the given and the family name.
	Name string
	// Nickname is the part of the mail address before the @, and no other person's.
	Nickname string
}

// DefaultPeople is how many people there are unless told otherwise.
const DefaultPeople = 20

// peopleStream separates the numbers of this package from other uses of the same seed.
const peopleStream = 0x70656f70_6c65

// People invents n people. The same seed gives the same people, whatever n is and whichever cloud asks.
func People(seed uint64, n int) []Person {
	r := rand.New(rand.NewPCG(seed, peopleStream))
	given, family := givenNames(), familyNames()
	out := make([]Person, n)
	for i := range out {
		g, f := given[i%len(given)], Pick(r, family)
		out[i] = Person{Name: g + " " + f, Nickname: ascii(g) + "." + ascii(f) + strconv.Itoa(i+1)}
	}
	return out
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

// ascii is the name as it stands in a mail address.
func ascii(name string) string {
	return strings.ToLower(strings.NewReplacer("í", "i", "ø", "o").Replace(name))
}
