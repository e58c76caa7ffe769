package day

import (
	"cmp"
	"encoding/json"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/userlog/userlog-otel/internal/emulator/invent"
)

// Options choose the tenant.
type Options struct {
	// Seed fixes everything that is invented.
	Seed uint64
	// Users is how many people there are. Default: [invent.DefaultPeople].
	Users int
	// Part tells several days of one tenant apart: they have the same people, but other events with other ids.
	Part uint64
	// Calm leaves out the scenes in which somebody is attacked or blocked.
	Calm bool
}

// Event is a log event with what a log needs to know about it.
type Event struct {
	// User is the user_id whose log has the event; "" if only the tenant-wide log has it.
	User string
	// Date is when it happened, the date of the entry.
	Date time.Time
	// Arrival is when it can be read, the time within its log_id: never before Date.
	Arrival time.Time
	// Entry is the JSON object.
	Entry json.RawMessage

	id string
}

// Arrives is e.Arrival.
func (e Event) Arrives() time.Time { return e.Arrival }

// Queue holds events back until they arrive.
type Queue = invent.Queue[Event]

// Day invents events. It is not safe for concurrent use.
type Day struct {
	rng     *rand.Rand
	people  []*person
	apps    []app
	machine []app
	table   []act
	weights int
	seq     uint64
}

// seedStream separates the numbers of this package from other uses of the same seed.
const seedStream = 0x75736572_6c6f67

// New invents a tenant.
func New(o Options) *Day {
	if o.Users <= 0 {
		o.Users = invent.DefaultPeople
	}
	d := &Day{rng: rand.New(rand.NewPCG(o.Seed, seedStream)), table: acts(), seq: o.Part}
	if o.Calm {
		d.table = slices.DeleteFunc(d.table, func(a act) bool { return a.hostile })
	}
	for _, a := range d.table {
		d.weights += a.weight
	}
	d.apps, d.machine = apps(d.rng), machines(d.rng)
	d.people = people(d.rng, o.Seed, o.Users)
	if o.Part != 0 {
		d.rng = rand.New(rand.NewPCG(o.Seed, seedStream^o.Part))
	}
	return d
}

// Users returns the user ids, the same for the same seed and number.
func (d *Day) Users() []string {
	ids := make([]string, len(d.people))
	for i, p := range d.people {
		ids[i] = p.id
	}
	return ids
}

// Next plays one scene that begins at t: one event or several over a few seconds, in the order of their arrival. All
// dates and arrivals are t or later.
func (d *Day) Next(t time.Time) []Event {
	s := &scene{
		day:  d,
		at:   t.UTC().Truncate(time.Millisecond),
		who:  invent.Pick(d.rng, d.people),
		app:  invent.Pick(d.rng, d.apps),
		path: session{id: invent.Alphanumeric(d.rng, 32)},
	}
	s.device = invent.Pick(d.rng, s.who.devices)
	d.choose()(s)
	return sorted(s.events)
}

// Past plays so many scenes between two times, more by day than by night, and returns the events in the order of their
// arrival. The last arrivals may be later than to.
func (d *Day) Past(from, to time.Time, scenes int) []Event {
	return invent.Past(d.rng, from, to, scenes, d.Next)
}

// choose draws a scene by its weight.
func (d *Day) choose() func(*scene) {
	n := d.rng.IntN(d.weights)
	for _, a := range d.table {
		if n -= a.weight; n < 0 {
			return a.play
		}
	}
	return (*scene).login
}

// sorted orders events as their log_ids are ordered: by arrival.
func sorted(events []Event) []Event {
	slices.SortFunc(events, func(a, b Event) int { return cmp.Compare(a.id, b.id) })
	return events
}
