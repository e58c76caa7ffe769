package scenario

import (
	"maps"
	"slices"
	"time"

	auth0day "github.com/userlog/userlog-otel/internal/emulator/auth0/day"
	"github.com/userlog/userlog-otel/internal/emulator/invent"
	kobilday "github.com/userlog/userlog-otel/internal/emulator/kobil/day"
)

// Length is how long before its end a scenario begins, at most. Only [Ordinary] begins earlier.
const Length = 10 * time.Minute

// Scenario is something that happens.
type Scenario struct {
	// Name is what a command calls it.
	Name string
	// Title says what happens, in a line.
	Title string

	play func(*stage)
}

// Options choose where and when.
type Options struct {
	// Seed and Users are those of the days around it. Users is [invent.DefaultPeople] if it is 0; with fewer than that,
	// some of those attacked are attacked twice.
	Seed  uint64
	Users int
	// End is when all of it is over and can be read.
	End time.Time
}

// Play is what happens. The events of each cloud are in the order of their arrival, and belong to its day: publish them
// together with the day's own.
type Play struct {
	Auth0 []auth0day.Event
	KOBIL []kobilday.Event
	// Actors are whom an alert must name, the same whenever it is played; none if there is nothing to be told.
	Actors []Actor
}

// Actor is who attacks, or who is attacked: the values of the attributes of records by which an alert can name them, by
// the names of the attributes. "service.name" tells the system.
type Actor map[string]string

// String is the attributes in the order of their names, service.name first: "auth0 client.address=192.0.2.1".
func (a Actor) String() string {
	text := a["service.name"]
	for _, name := range slices.Sorted(maps.Keys(a)) {
		if name != "service.name" {
			text += " " + name + "=" + a[name]
		}
	}
	return text
}

// Play plays the scenario. The same options give the same play.
func (s Scenario) Play(o Options) Play {
	if o.Users <= 0 {
		o.Users = invent.DefaultPeople
	}
	st := newStage(s.Name, o)
	s.play(st)
	return Play{Auth0: st.tenant.Events(), KOBIL: st.kobil, Actors: st.actors}
}

// All returns all scenarios, [Ordinary] last.
func All() []Scenario {
	return slices.Concat(passwords(), factors(), accounts(), operations(), ordinary())
}

// Find returns the scenario of this name.
func Find(name string) (Scenario, bool) {
	all := All()
	i := slices.IndexFunc(all, func(s Scenario) bool { return s.Name == name })
	if i < 0 {
		return Scenario{}, false
	}
	return all[i], true
}
